import { Shapes } from 'lucide-react'
import { readAs } from '../../../main/model/training'
import type { RunId } from '../../../main/model/reference'
import { useHostQuery } from '../../host'
import { EmptyState, ErrorState, Skeleton } from '../../ui'
import { GlassBoxView } from './glass-box-view'

/** What the tab of a model that is read whole is called; null for a model of another kind, which has no such tab. */
export const glassBoxTitle = (algorithm: string): string | null => {
  const form = readAs(algorithm)
  return form && { shapes: 'Shapes', points: 'Points' }[form]
}

/** The whole model of a run, as its shapes or its table of points. */
export function GlassBoxTab({ run }: { run: RunId }) {
  const box = useHostQuery('experiments.glassBox', { id: run })
  if (box.error) return <ErrorState title="The model cannot be drawn" error={box.error} onRetry={() => void box.refetch()} />
  if (box.data === undefined) return <Skeleton lines={8} />
  return box.data ? (
    <div className="p-4">
      <GlassBoxView box={box.data} />
    </div>
  ) : (
    <EmptyState
      icon={Shapes}
      title="Nothing to draw"
      text="This run left no model whose drawing is the model: it failed, or its files are gone. Train an explainable boosting model or a scorecard."
    />
  )
}
