import { crossValidatedKey, crossValidationSchema, headlineKeys } from '../model/cross-validation'
import { evaluationSchema } from '../model/evaluation'
import { independenceOf, judgedRowsNotes } from '../model/evidence'
import { describeGate, describeStage, gateWord } from '../model/gate-standing'
import type { PipelineRun } from '../model/pipeline-run'
import { gateReport } from '../model/policy'
import { describeVariant, registration } from '../model/registry'
import { numberInWords } from '../model/reported-number'
import { metricDefinition, taskOf } from '../model/tasks'
import type { WorkspaceClient } from './workspace-client'

/** What a pipeline run came to, by step, whether it was found now or taken from the cache. */
export interface RunResults {
  figures: { step: string; metrics: Record<string, { value: number; low: number | null; high: number | null }> }[]
  /** What is said of these figures. */
  doubts: { step: string; doubt: string }[]
  gates: { step: string; policy: string; outcome: string; reason: string }[]
  registered: { step: string; model: string; stage: string; gate: string }[]
  /** Register steps of a variant, which kept no version. */
  variants: { step: string; model: string; values: Record<string, string | number | boolean> }[]
}

const toldTypes: ReadonlySet<string> = new Set(['Evaluation', 'CrossValidation', 'GateResult'])

/** Reads the documents that evaluations, folds, gates and registrations of a run left. */
export async function resultsOf({ id, steps }: PipelineRun, { pipelines, models }: WorkspaceClient): Promise<RunResults> {
  const found: RunResults = { figures: [], doubts: [], gates: [], registered: [], variants: [] }
  for (const { stepId: step, type, outputs } of steps)
    for (const output of outputs) {
      const isRegistration = type === 'register' && output.type === 'Report'
      if (!toldTypes.has(output.type) && !isRegistration) continue
      const content = await pipelines.preview({ runId: id, stepId: step, port: output.port, whole: true })
      if (content.kind !== 'json') continue
      if (output.type === 'Evaluation') addEvaluation(found, step, content.value)
      else if (output.type === 'CrossValidation') addFolds(found, step, content.value)
      else if (output.type === 'GateResult') addGate(found, step, content.value)
      else {
        const made = registration.safeParse(content.value).data
        if (made?.variant) {
          found.variants.push({ step, model: made.name, values: made.variant })
          continue
        }
        const versions = made ? await models.versions({ name: made.name }) : []
        const version = versions.filter(({ modelSha256 }) => modelSha256 === made?.model).sort((a, b) => b.version - a.version)[0]
        if (version)
          found.registered.push({
            step,
            model: `${version.name}@${version.version}`,
            stage: describeStage(version),
            gate: describeGate(version.gate)
          })
      }
    }
  return found
}

function addEvaluation(found: RunResults, step: string, document: unknown): void {
  const evaluation = evaluationSchema.safeParse(document).data
  if (!evaluation) return
  const task = taskOf(evaluation)
  const metrics = task.headline.line.flatMap((key) => {
    const estimate = task.estimateOf(evaluation, key)
    return estimate ? [[key, { value: estimate.value, low: estimate.interval?.lower ?? null, high: estimate.interval?.upper ?? null }]] : []
  })
  found.figures.push({ step, metrics: Object.fromEntries(metrics) as RunResults['figures'][number]['metrics'] })
  const notes = judgedRowsNotes(independenceOf(evaluation), evaluation.splitCheck)
  if (notes.length > 0) found.doubts.push({ step, doubt: notes.map(({ text }) => text).join(' ') })
}

function addFolds(found: RunResults, step: string, value: unknown): void {
  const document = crossValidationSchema.safeParse(value).data
  if (!document) return
  const metrics = headlineKeys(document).map((key) => {
    const { mean, lower, upper } = document.summary[key]!
    return [crossValidatedKey(key), { value: mean, low: lower, high: upper }] as const
  })
  found.figures.push({ step, metrics: Object.fromEntries(metrics) })
}

function addGate(found: RunResults, step: string, document: unknown): void {
  const report = gateReport.safeParse(document).data
  if (report) found.gates.push({ step, policy: report.policy, outcome: gateWord(report), reason: report.reason })
}

const inWords = (value: number): string => numberInWords(value) ?? String(Number(value.toPrecision(3)))

/** One line for each result, below the table of the steps. */
export function describeResults({ figures, doubts, gates, registered, variants }: RunResults): string[] {
  return [
    ...figures.map(
      ({ step, metrics }) =>
        `${step}: ${Object.entries(metrics)
          .map(([key, { value, low, high }]) => {
            const interval = low === null || high === null ? '' : ` (95%: ${inWords(low)} to ${inWords(high)})`
            return `${metricDefinition(key)?.label ?? key} ${inWords(value)}${interval}`
          })
          .join('; ')}`
    ),
    ...doubts.map(({ step, doubt }) => `${step}: ${doubt}`),
    ...gates.map(({ step, policy, outcome, reason }) => `${step}: ${outcome} by the policy "${policy}". ${reason}`),
    ...registered.map(({ step, model, stage, gate }) => `${step}: ${model}, ${stage}; gate ${gate}.`),
    ...variants.map(({ step, model, values }) => `${step}: ${model} was ${describeVariant(values)} (--register)`)
  ]
}
