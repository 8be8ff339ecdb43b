import { z } from 'zod'
import { GateWord } from './gate-standing'
import { JobFailure, Progress } from './job'
import { ParameterValue, PipelineDocument, PortType, Sha256 } from './pipeline'
import { tableColumn } from './dataset'
import { ProgramEnvironment, ProgramSummary } from './program-environment'
import { PipelineRunId, RunId } from './reference'
import { ReportedNumber } from './reported-number-schema'

export const runStates = ['queued', 'running', 'succeeded', 'failed', 'cancelled', 'interrupted'] as const
export const RunState = z.enum(runStates)
export type RunState = z.infer<typeof RunState>

/** `waiting`: for its inputs; `queued`: for a slot; `skipped`: something it needs did not succeed. */
export const stepStates = ['waiting', 'queued', 'running', 'succeeded', 'failed', 'skipped', 'cancelled', 'interrupted'] as const
export const StepState = z.enum(stepStates)
export type StepState = z.infer<typeof StepState>
export const isSettled = (state: StepState): boolean => !['waiting', 'queued', 'running'].includes(state)

export const attemptOutcomes = ['started', 'succeeded', 'failed', 'cancelled', 'interrupted', 'timed-out', 'out-of-memory'] as const
export const AttemptOutcome = z.enum(attemptOutcomes)
export type AttemptOutcome = z.infer<typeof AttemptOutcome>

/** One immutable thing that a step made, named by its bytes. Tables lie in data/, everything else in objects/. */
export const OutputReference = z.object({
  port: z.string(),
  type: PortType,
  sha256: Sha256,
  /** Bytes. */
  size: z.number(),
  /** Rows of a table, else null. */
  rows: z.number().nullable(),
  mediaType: z.string(),
  /** The run of an experiment that it belongs to: a model's, an evaluation's, a gate result's; else null. */
  run: RunId.nullable()
})
export type OutputReference = z.infer<typeof OutputReference>

/** One report of a figure; its value may be NaN or infinite. */
export const MetricPoint = z.object({ name: z.string(), value: ReportedNumber, step: z.number(), at: z.string() })
export type MetricPoint = z.infer<typeof MetricPoint>

export const Attempt = z.object({
  number: z.number(),
  outcome: AttemptOutcome,
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  /** Seconds of wall clock. */
  duration: z.number().nullable(),
  /** Highest resident memory of the whole process tree, bytes. */
  peakMemory: z.number().nullable(),
  exitCode: z.number().nullable(),
  failure: JobFailure.nullable(),
  /** How the program that it started was held: what was kept from it, or `none` and why. Absent where it started none. */
  confinement: z.string().optional()
})
export type Attempt = z.infer<typeof Attempt>

/** One input of the content key that differs from the last time this step succeeded. */
export const KeyChange = z.object({
  part: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  /** What in it is another, in words, such as the packages of an environment; absent where that is not known. */
  detail: z.string().optional()
})
export type KeyChange = z.infer<typeof KeyChange>

export const StepRun = z.object({
  stepId: z.string(),
  type: z.string(),
  title: z.string(),
  state: StepState,
  /** True when the outputs of an earlier attempt with the same content key were taken. */
  cached: z.boolean(),
  /** Why it was run again or taken from the cache, in words. */
  reason: z.string(),
  changes: z.array(KeyChange),
  cacheKey: z.string().nullable(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  duration: z.number().nullable(),
  progress: Progress,
  waitingFor: z.string().nullable(),
  attempts: z.array(Attempt),
  inputs: z.array(
    z.object({
      port: z.string(),
      /** `step.output` of this run, or the reference of what was handed over without a connection. */
      from: z.string(),
      sha256: Sha256.nullable(),
      /** The step of another pipeline run that made what no connection brought. */
      madeBy: z.object({ pipeline: z.string(), runId: z.string(), stepId: z.string() }).nullable()
    })
  ),
  outputs: z.array(OutputReference),
  /** What a gate step decided, which is another thing than whether it ran. */
  gate: GateWord.optional(),
  /** What the program of a script finds to work with, in short. */
  environment: ProgramSummary.optional(),
  failure: JobFailure.nullable()
})
export type StepRun = z.infer<typeof StepRun>

export const PipelineRunSummary = z.object({
  id: PipelineRunId,
  pipeline: z.string(),
  /** Version of the document that was frozen at the start. */
  version: Sha256,
  title: z.string(),
  state: RunState,
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  targetStep: z.string().nullable(),
  /** Steps by state. */
  counts: z.record(z.string(), z.number()),
  cachedSteps: z.number(),
  /** The worst of what its gates decided. */
  gate: GateWord.optional(),
  failure: JobFailure.nullable()
})
export type PipelineRunSummary = z.infer<typeof PipelineRunSummary>

export const PipelineRun = PipelineRunSummary.extend({
  parameters: z.record(z.string(), ParameterValue),
  document: PipelineDocument,
  steps: z.array(StepRun),
  /** The environments of its steps whole, by digest. */
  environments: z.record(z.string(), ProgramEnvironment).optional()
})
export type PipelineRun = z.infer<typeof PipelineRun>

export const PipelineRunEvent = z.discriminatedUnion('kind', [
  /** First item, and again whenever events were missed. */
  z.object({ kind: z.literal('snapshot'), run: PipelineRun }),
  z.object({ kind: z.literal('run'), run: PipelineRunSummary }),
  z.object({ kind: z.literal('step'), step: StepRun }),
  z.object({ kind: z.literal('progress'), stepId: z.string(), progress: Progress }),
  z.object({ kind: z.literal('metric'), stepId: z.string(), point: MetricPoint })
])
export type PipelineRunEvent = z.infer<typeof PipelineRunEvent>

/** How a step run was, for reproduction: taken in the worker. */
export const AttemptEnvironment = z.object({
  runtime: z.object({ node: z.string(), electron: z.string().nullable(), v8: z.string() }),
  os: z.object({ platform: z.string(), release: z.string(), version: z.string(), architecture: z.string() }),
  hardware: z.object({ cpu: z.string(), cores: z.number(), memory: z.number() }),
  /** DuckDB, ONNX Runtime and the trainer; earlier attempts do not say. */
  engines: z.record(z.string(), z.string()).optional(),
  packages: z.record(z.string(), z.string()),
  locale: z.string(),
  timeZone: z.string(),
  /** How its program was held, in words. */
  confinement: z.string().optional(),
  /** What the program of a script found to work with. */
  program: ProgramEnvironment.optional()
})
export type AttemptEnvironment = z.infer<typeof AttemptEnvironment>

const Cell = z.union([z.string(), z.number(), z.boolean(), z.null()])
/** What an output looks like, in a size that fits a window. */
export const OutputPreview = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('table'),
    columns: z.array(tableColumn),
    rows: z.array(z.array(Cell)),
    offset: z.number(),
    total: z.number()
  }),
  z.object({ kind: z.literal('json'), value: z.json() }),
  z.object({ kind: z.literal('text'), text: z.string(), truncated: z.boolean() }),
  z.object({ kind: z.literal('binary'), size: z.number(), mediaType: z.string() })
])
export type OutputPreview = z.infer<typeof OutputPreview>

const LineagePort = z.object({ port: z.string(), reference: z.string() })
/** One production in the lineage of something: what made it, from what. */
export const LineageNode = z.object({
  reference: z.string(),
  runId: PipelineRunId,
  stepId: z.string(),
  type: z.string(),
  /** Version of the step type. */
  typeVersion: z.number(),
  attempt: z.number(),
  pipeline: z.string(),
  version: Sha256,
  parameters: z.record(z.string(), z.json()),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  environment: AttemptEnvironment.nullable(),
  inputs: z.array(LineagePort),
  outputs: z.array(LineagePort)
})
export type LineageNode = z.infer<typeof LineageNode>
