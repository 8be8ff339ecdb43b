import { Lightbulb, RotateCcw, SquareTerminal } from 'lucide-react'
import { useRef } from 'react'
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
import { SCORER_FILE } from '../../../main/model/external-scorer'
import type { RunId } from '../../../main/model/reference'
import type { ExplainedModel } from '../../../main/model/what-if'
import { useHostQuery, useHostStream } from '../../host'
import { ExplanationView } from './explanation-view'
import { RowPanel } from './row-panel'
import type { KeptRow } from './use-panel'

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
  const kept: KeptRow = useRef(null)
  const found = useHostQuery('experiments.run', { id: run }, { enabled: hasModel })
  const isProgram = found.data?.artifacts.some(({ kind, name }) => kind === 'model' && name === SCORER_FILE) ?? false
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
    { value: 'model', label: 'The model', content: <OverRows run={run} isProgram={isProgram} /> },
    { value: 'row', label: 'One row, and what if', content: isProgram ? <NoProgramHere /> : <RowPanel model={model} kept={kept} /> }
  ]
  return <Tabs aria-label="Parts of the explanation" className="h-full" items={items} value={part} onChange={show} />
}

/** Its rows cannot be asked about here, and what can be done in place of it. */
function NoProgramHere() {
  return (
    <EmptyState
      icon={SquareTerminal}
      title="A program is not asked row by row"
      text="This model is an external scorer, a program and no ONNX file. The window starts none outside of a pipeline, so there is no what-if and no decision sheet of it. The step Explain, in a pipeline, says what moves its answers."
    />
  )
}

function OverRows({ run, isProgram }: { run: RunId; isProgram: boolean }) {
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
  if (explanation.data === null && isProgram)
    return (
      <EmptyState
        icon={SquareTerminal}
        title="This program has no explanation yet"
        text="This model is an external scorer, a program and no ONNX file, and the window starts none outside of a pipeline. Put the step Explain behind it in its pipeline: it finds what moves the answers by asking for many rows, so explain few. What it finds is shown here."
      />
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
      <div className="px-4 pb-4 empty:hidden">
        {!isProgram && (
          <Button size="sm" icon={RotateCcw} disabled={explaining.running} onClick={start}>
            Explain again
          </Button>
        )}
      </div>
    </>
  )
}
