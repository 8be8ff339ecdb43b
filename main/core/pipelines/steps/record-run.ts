import type { AttemptEnvironment } from '../../../model/pipeline-run'
import type { ProgramEnvironment } from '../../../model/program-environment'
import { digestOf, parseReference, type RunId } from '../../../model/reference'
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
  const { program, ...machine } = environment ?? {}
  walk('', machine)
  return program ? { ...flat, ...flattenProgram(program) } : flat
}

/** Packages by name, so that two runs can be compared package by package. */
function flattenProgram({ interpreter, virtual, packages, unchecked }: ProgramEnvironment): RunEnvironment {
  const flat: RunEnvironment = { 'program.kind': interpreter.kind }
  for (const key of ['path', 'version', 'sha256'] as const) if (interpreter[key] !== null) flat[`program.${key}`] = interpreter[key]
  if (virtual) flat['program.pyvenv.cfg'] = `${virtual.path} (sha256 ${virtual.sha256})`
  for (const { name, version, record } of [...packages].reverse())
    flat[`program.package.${name}`] =
      `${version ?? 'of no known version'}${record === null ? '' : ` (record sha256 ${record.slice(0, 16)})`}`
  if (unchecked.length) flat['program.packages not checked'] = unchecked.join('; ')
  return flat
}

const datasetName = (reference: string): string => {
  const parsed = parseReference(reference)
  return (parsed && 'name' in parsed && parsed.name) || reference
}

/** Something that a run read, and every dataset version behind it. */
export const runInputs = (role: string, input: CommitInput | undefined): RunInput[] =>
  input === undefined
    ? []
    : [
        {
          role,
          reference: input.reference,
          name: input.producedBy ? `${input.producedBy.stepId}.${input.port}` : input.port,
          sha256: input.sha256
        },
        ...input.datasets.flatMap((reference) => {
          const sha256 = digestOf(reference)
          return sha256 === undefined ? [] : [{ role: 'dataset', reference, name: datasetName(reference), sha256 }]
        })
      ]

const kinds: Record<string, string> = {
  'model.onnx': 'model',
  'scorer.json': 'model',
  'model.json': 'native',
  'signature.json': 'signature',
  'training.json': 'training',
  'import.json': 'import',
  'parity.json': 'parity',
  'original.onnx': 'original',
  'calibration.json': 'calibration',
  'decision.json': 'decision',
  'intervals.json': 'intervals',
  'cross-validation.json': 'cross-validation'
}

/** The files of a model as a run keeps them. */
export const modelArtifacts = (parts: CommitInput['parts']): RunArtifact[] =>
  Object.entries(parts).map(([name, { sha256, size }]) => ({ name, kind: kinds[name] ?? 'file', sha256, size }))

/** The same of a model that none of our trainers made: its training.json and model.json are files of their own form. */
export const plainArtifacts = (parts: CommitInput['parts']): RunArtifact[] =>
  modelArtifacts(parts).map((file) => (file.kind === 'training' || file.kind === 'native' ? { ...file, kind: 'file' } : file))

/** An attempt that made a model or reported a figure, and whose step keeps no record of its own. */
export interface PlainAttempt {
  facts: AttemptFacts<unknown>
  stepType: string
  /** As a run lists them. */
  parameters: Record<string, unknown>
  inputs: Record<string, CommitInput | undefined>
  /** Files of each Model output, by port. */
  models: Record<string, CommitInput['parts']>
  /** Last value of each figure. */
  metrics: Record<string, number>
  failure?: { status: 'failed' | 'cancelled'; message: string }
}

/** Roles that say more than the name of a port: the rows of an evaluation, and the datasets behind everything. */
const roleOf = (port: string): string => (port === 'test' || port === 'dataset' ? `input ${port}` : port)

/**
 * The one rule: a step that outputs a model, or reports a metric, is a run. Gives the run that each output belongs to. Of several models
 * each is a run of its own, and figures, which could be of any of them, stand in a run of the step.
 */
export function recordPlainRuns(attempt: PlainAttempt): (port: string) => RunId | null {
  const { facts, models, metrics, failure } = attempt
  const entries = Object.entries(models)
  if (entries.length === 1) {
    const run = recordPlainRun(attempt, facts.runTitle, entries[0][1], metrics)
    return () => run
  }
  const own = failure || Object.keys(metrics).length ? recordPlainRun(attempt, facts.runTitle, {}, metrics) : null
  const runs = new Map(entries.map(([port, parts]) => [port, recordPlainRun(attempt, `${facts.runTitle}: ${port}`, parts, {})]))
  return (port) => runs.get(port) ?? own
}

function recordPlainRun(
  { facts, stepType, parameters, inputs, failure }: PlainAttempt,
  name: string,
  files: CommitInput['parts'],
  metrics: Record<string, number>
): RunId {
  const { seed } = facts.parameters as Record<string, unknown>
  return facts.runs.training({
    ...originOf(facts),
    experiment: facts.pipeline,
    name,
    status: failure?.status ?? 'finished',
    algorithm: stepType,
    parameters,
    seed: typeof seed === 'number' ? seed : null,
    inputs: Object.entries(inputs).flatMap(([port, input]) => runInputs(roleOf(port), input)),
    artifacts: plainArtifacts(files),
    metrics: { ...metrics, ...(facts.peakMemory === null ? {} : { train_memory: facts.peakMemory }) },
    error: failure?.message ?? null
  })
}
