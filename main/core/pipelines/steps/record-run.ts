import type { AttemptEnvironment } from '../../../model/pipeline-run'
import { digestOf, parseReference } from '../../../model/reference'
import type { RunArtifact, RunEnvironment, RunInput } from '../../../model/run'
import type { TrainingRecord } from '../../experiments'
import type { AttemptFacts, CommitInput } from '../define-step'

/** What every run of a step says of where it comes from. */
export const originOf = (
  facts: AttemptFacts<unknown>
): Pick<TrainingRecord, 'pipeline' | 'pipelineRun' | 'step' | 'codeSha256' | 'environment' | 'startedAt' | 'endedAt'> => ({
  pipeline: facts.pipeline,
  pipelineRun: facts.pipelineRun,
  step: facts.stepId,
  codeSha256: facts.pipelineSha256,
  environment: flatten(facts.environment),
  startedAt: facts.startedAt,
  endedAt: facts.finishedAt
})

function flatten(environment: AttemptEnvironment | null): RunEnvironment {
  const flat: RunEnvironment = {}
  const walk = (prefix: string, value: unknown): void => {
    if (value === null || value === undefined) return
    if (typeof value === 'object') for (const [key, inner] of Object.entries(value)) walk(prefix ? `${prefix}.${key}` : key, inner)
    else flat[prefix] = String(value)
  }
  walk('', environment)
  return flat
}

const datasetName = (reference: string): string => {
  const parsed = parseReference(reference)
  return (parsed && 'name' in parsed && parsed.name) || reference
}

/** A table that a run read, and every dataset version behind it. */
export const runInputs = (role: string, input: CommitInput | undefined): RunInput[] =>
  input === undefined
    ? []
    : [
        { role, reference: input.reference, name: `${input.producedBy.stepId}.${role}`, sha256: input.sha256 },
        ...input.datasets.map((reference) => ({
          role: 'dataset',
          reference,
          name: datasetName(reference),
          sha256: digestOf(reference) ?? ''
        }))
      ]

const kinds: Record<string, string> = {
  'model.onnx': 'model',
  'model.json': 'native',
  'signature.json': 'signature',
  'training.json': 'training'
}

/** The files of a model as a run keeps them. */
export const modelArtifacts = (parts: CommitInput['parts']): RunArtifact[] =>
  Object.entries(parts).map(([name, { sha256, size }]) => ({ name, kind: kinds[name] ?? 'file', sha256, size }))

/** An attempt that made a model or reported a figure, and whose step keeps no record of its own. */
export interface PlainAttempt {
  facts: AttemptFacts<unknown>
  stepType: string
  inputs: Record<string, CommitInput | undefined>
  /** Files of the first Model output; empty when there is none. */
  modelParts: CommitInput['parts']
  /** Last value of each figure. */
  metrics: Record<string, number>
  failure?: { status: 'failed' | 'cancelled'; message: string }
}

/** The one rule: a step that outputs a model, or reports a metric, is a run. Returns its id. */
export function recordPlainRun({ facts, stepType, inputs, modelParts, metrics, failure }: PlainAttempt): string {
  const parameters = facts.parameters as Record<string, unknown>
  const { seed } = parameters
  return facts.runs.training({
    ...originOf(facts),
    experiment: facts.pipeline,
    name: facts.stepTitle,
    status: failure?.status ?? 'finished',
    algorithm: stepType,
    parameters,
    seed: typeof seed === 'number' ? seed : null,
    inputs: Object.entries(inputs).flatMap(([port, input]) =>
      input && (input.type === 'Table' || input.type === 'FeatureSet') ? runInputs(port, input) : []
    ),
    artifacts: modelArtifacts(modelParts),
    metrics: { ...metrics, ...(facts.peakMemory === null ? {} : { train_memory: facts.peakMemory }) },
    error: failure?.message ?? null
  })
}
