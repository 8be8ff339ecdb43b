import { SlidersHorizontal } from 'lucide-react'
import type { RunId } from '../../../main/model/reference'
import { isSettled, settledParts } from '../../../main/model/settled'
import type { RunArtifact } from '../../../main/model/run'
import { useHostQuery } from '../../host'
import { EmptyState, ErrorState, Skeleton } from '../../ui'
import { SettledView } from './settled-view'

/** What the tab with calibration, decision and intervals is called. */
export const settledTitle = 'After training'

/** Whether a run with these files has something to show there. */
export const hasSettled = (artifacts: readonly Pick<RunArtifact, 'kind'>[]): boolean =>
  artifacts.some(({ kind }) => (settledParts as readonly string[]).includes(kind))

/** Calibration, decision and intervals of the model of a run. */
export function SettledTab({ run }: { run: RunId }) {
  const query = useHostQuery('experiments.settled', { id: run })
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  if (query.data === undefined) return <Skeleton lines={8} />
  return isSettled(query.data) ? (
    <SettledView settled={query.data} />
  ) : (
    <EmptyState
      icon={SlidersHorizontal}
      title="Nothing was settled after the training"
      text="The steps calibrate, decide and conform correct the probabilities of a model, choose its threshold and promise intervals."
    />
  )
}
