import { Lightbulb, RotateCcw } from 'lucide-react'
import {
  hrefTo,
  Button,
  EmptyState,
  ErrorState,
  navigateTo,
  Progress,
  Skeleton,
  Tabs,
  useLocation,
  type Area,
  type TabItem
} from '../../ui'
import type { RunId } from '../../../main/model/reference'
import type { ExplainedModel } from '../../../main/model/what-if'
import { useHostQuery, useHostStream } from '../../host'
import { ExplanationView } from './explanation-view'
import { RowPanel } from './row-panel'

const parts = ['model', 'row'] as const
type Part = (typeof parts)[number]

export interface WhyTabProps {
  run: RunId
  /** Whose name stands on a sheet: the run itself, or a registered version of it. */
  model: ExplainedModel
  /** False where the run left no model.onnx. */
  hasModel: boolean
}

/** Why the model answers as it does: over many rows, and for one that may be changed. */
export function WhyTab({ run, model, hasModel }: WhyTabProps) {
  const { area, path, query } = useLocation()
  if (!hasModel)
    return (
      <EmptyState
        icon={Lightbulb}
        title="There is no model to explain"
        text="Explanations ask the exported model.onnx. A run that trains or imports a model has one."
      />
    )
  const part = parts.find((each) => each === query['part']) ?? 'model'
  const show = (next: Part) => navigateTo(hrefTo(area as Area, path, { ...query, part: next }), { replace: true })
  const items: TabItem<Part>[] = [
    { value: 'model', label: 'The model', content: <OverRows run={run} /> },
    { value: 'row', label: 'One row, and what if', content: <RowPanel model={model} /> }
  ]
  return <Tabs aria-label="Parts of the explanation" className="h-full" items={items} value={part} onChange={show} />
}

function OverRows({ run }: { run: RunId }) {
  const explanation = useHostQuery('explain.ofRun', { run })
  const dependence = useHostQuery('explain.dependenceOfRun', { run })
  const explaining = useHostStream('explain.run', { inline: true })
  const start = () => void explaining.start({ run })
  if (explanation.error) return <ErrorState error={explanation.error} onRetry={() => void explanation.refetch()} />
  if (explanation.isPending) return <Skeleton lines={8} />
  const work = explaining.running ? (
    <Progress value={explaining.latest?.fraction ?? null} label={explaining.latest?.message ?? 'Starting'} onCancel={explaining.cancel} />
  ) : (
    explaining.error !== null && <ErrorState compact error={explaining.error} title="The run was not explained" />
  )
  if (explanation.data === null)
    return (
      <div className="flex h-full flex-col">
        {work && <div className="shrink-0 px-4 pt-3">{work}</div>}
        <EmptyState
          icon={Lightbulb}
          title="This run has no explanation yet"
          text="An explanation says which columns moved the answers, and which of their values raised or lowered them. It asks the exported model about rows it was judged on, or where these are not known about rows it learned from, takes seconds to minutes, and is kept with the run: the bundle carries it and reviewers see it."
          action={
            <Button variant="primary" icon={Lightbulb} disabled={explaining.running} onClick={start}>
              Explain this run
            </Button>
          }
        />
      </div>
    )
  return (
    <>
      <div className="flex flex-wrap items-center gap-3 px-4 pt-3 empty:hidden">{work}</div>
      {dependence.error && (
        <div className="px-4 pt-3">
          <ErrorState
            compact
            error={dependence.error}
            title="The curves of the columns could not be read"
            onRetry={() => void dependence.refetch()}
          />
        </div>
      )}
      <ExplanationView explanation={explanation.data} dependence={dependence.data ?? null} />
      <div className="px-4 pb-4">
        <Button size="sm" icon={RotateCcw} disabled={explaining.running} onClick={start}>
          Explain again
        </Button>
      </div>
    </>
  )
}
