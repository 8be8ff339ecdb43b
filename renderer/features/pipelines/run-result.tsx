import { useState } from 'react'
import { evaluationSchema, type Evaluation } from '../../../main/model/evaluation'
import { judgedSplit } from '../../../main/model/evidence'
import { describeStage } from '../../../main/model/gate-standing'
import type { PortType } from '../../../main/model/pipeline'
import { gateReport, type CountedFinding, type GateReport } from '../../../main/model/policy'
import { describeVariant, registration, type ModelVersion, type Registration } from '../../../main/model/registry'
import { CountedFindings, GateBadge, GateReportDialog, IndependenceNote } from '../../evidence'
import { useHostQuery } from '../../host'
import { panelsOf } from '../../tasks'
import { Button, formatCount, navigate, StatusIcon } from '../../ui'
import { useRun } from './run-store'

/** What a run that ended came to: figures beside those of a model that knows nothing, the gate, and where to go from here. */
export function RunResult({ runId }: { runId: string }) {
  const evaluation = evaluationSchema.safeParse(useFirstDocument(runId, 'Evaluation')).data
  const gate = gateReport.safeParse(useFirstDocument(runId, 'GateResult')).data
  const { version, variant } = useRegistered(runId)
  const [isReading, setIsReading] = useState(false)
  if (!evaluation && !gate) return null
  return (
    <section aria-label="Result" className="flex max-h-[40%] shrink-0 flex-wrap gap-x-8 gap-y-2 overflow-y-auto border-b px-4 py-3">
      {evaluation && <Figures evaluation={evaluation} />}
      {gate && (
        <div className="flex min-w-72 flex-1 flex-col gap-1">
          <span className="self-start">
            <GateBadge gate={gate} plain />
          </span>
          <p data-selectable>{gate.reason}</p>
          <CountedFindings findings={blockingFindings(gate)} />
          <p className="text-muted">{meaning(gate, version, variant)}</p>
          <div className="mt-1 flex gap-2">
            {version && (
              <Button size="sm" onClick={() => navigate('models', [version.name, String(version.version)])}>
                {gate.outcome === 'pass' ? 'Write its purpose' : 'Open the model'}
              </Button>
            )}
            <Button size="sm" onClick={() => setIsReading(true)}>
              {gate.outcome === 'pass' ? 'Read the rules' : 'Read what does not hold'}
            </Button>
          </div>
        </div>
      )}
      {isReading && <GateReportDialog report={gate} onlyOpen onClose={() => setIsReading(false)} />}
    </section>
  )
}

function Figures({ evaluation }: { evaluation: Evaluation }) {
  const own = panelsOf(evaluation)
  return (
    <div className="flex min-w-72 flex-1 flex-col gap-1" data-selectable>
      <IndependenceNote evaluation={evaluation} />
      {own.besideNaive(evaluation).map(({ status, text }) => (
        <p key={text} className="flex items-start gap-2">
          <StatusIcon status={status} className="mt-1" /> {text}
        </p>
      ))}
      <p className="text-caption text-muted">
        {formatCount(evaluation.rows.judged, 'row')} of the {judgedSplit(evaluation)} judged, {own.outcomes(evaluation)}.
        {evaluation.warnings.length > 0 && ` ${formatCount(evaluation.warnings.length, 'warning')} in the step that evaluated.`}
      </p>
    </div>
  )
}

/** What has to be mended before the gate can pass, each finding once. */
const blockingFindings = ({ results }: GateReport): CountedFinding[] => [
  ...new Map(
    results
      .filter(({ severity, outcome }) => severity === 'block' && outcome === 'fail')
      .flatMap(({ findings = [] }) => findings.map((finding) => [finding.title, finding] as const))
  ).values()
]

/** What a gate result means for what can be done now. */
function meaning({ outcome }: GateReport, version: ModelVersion | undefined, variant: Registration['variant']): string {
  if (variant) return `The model was ${describeVariant(variant)}`
  if (!version)
    return outcome === 'pass' ? 'The model may be registered.' : 'No version was registered. Mend what does not hold, and run again.'
  const kept = `The model is kept as ${version.name}@${version.version}, ${describeStage(version)}.`
  return outcome === 'pass'
    ? `${kept} Next, say what it is for and ask for a review.`
    : `${kept} It can be looked at and compared, not approved. Mend the data or the model, and train again.`
}

/** The document of the first step that made one of this type; undefined while there is none. */
function useFirstDocument(runId: string, type: PortType, ofStep?: string): unknown {
  const found = useRun((state) => {
    const step = state.order.find(
      (id) => (!ofStep || state.steps[id]?.type === ofStep) && state.steps[id]?.outputs.some((output) => output.type === type)
    )
    const port = step && state.steps[step]?.outputs.find((output) => output.type === type)?.port
    return step && port ? `${step}.${port}` : null
  })
  const [stepId = '', port = ''] = found?.split('.') ?? []
  const { data } = useHostQuery('pipelines.preview', { runId, stepId, port, whole: true }, { enabled: found !== null })
  return data?.kind === 'json' ? data.value : undefined
}

/** The version that a step of the run registered, the newest of the same model; of a variant that kept none, what it was given instead. */
function useRegistered(runId: string): { version?: ModelVersion; variant?: Registration['variant'] } {
  const made = registration.safeParse(useFirstDocument(runId, 'Report', 'register')).data
  const versions = useHostQuery('models.versions', { name: made?.name ?? 'x' }, { enabled: made !== undefined && !made.variant })
  if (made?.variant) return { variant: made.variant }
  return { version: versions.data?.filter(({ modelSha256 }) => modelSha256 === made?.model).sort((a, b) => b.version - a.version)[0] }
}
