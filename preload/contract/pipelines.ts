import { z } from 'zod'
import { LogPage } from '../../main/model/job'
import {
  ParameterValue,
  PipelineCheck,
  PipelineDetail,
  PipelineEdit,
  PipelineSummary,
  Sha256,
  StepTypeInfo
} from '../../main/model/pipeline'
import {
  LineageNode,
  MetricPoint,
  OutputPreview,
  PipelineRun,
  PipelineRunEvent,
  PipelineRunSummary,
  RunState
} from '../../main/model/pipeline-run'
import { command, query, stream } from '../wire/definitions'

const Yaml = z.string().max(2_000_000)
const RunId = z.string().min(1).max(64)
const StepId = z.string().min(1).max(63)
const RunOptions = {
  parameters: z.record(z.string(), ParameterValue).optional(),
  /** Run only what this step needs, and the step. */
  targetStep: StepId.optional(),
  /** Ignore the cache. */
  force: z.boolean().optional()
}

/** Pipelines: documents, the step palette, runs and what they made. */
export const pipelines = {
  list: query({ input: z.object({ removed: z.boolean().optional() }), output: z.array(PipelineSummary) }),
  /** Without a version: the draft when there is one, else the newest version. */
  get: query({ input: z.object({ name: z.string(), version: Sha256.optional() }), output: PipelineDetail }),
  /** The step palette with forms (JSON Schema) and ports. */
  stepTypes: query({ input: z.object({}), output: z.array(StepTypeInfo) }),
  /** Every problem of a text, and the ports its steps have. Nothing is stored. */
  validate: query({ input: z.object({ yaml: Yaml }), output: PipelineCheck }),
  /** Applies canvas edits to a text; comments stay. Nothing is stored. */
  edit: query({
    input: z.object({ yaml: Yaml, edits: z.array(PipelineEdit).min(1).max(1000) }),
    output: z.object({ yaml: z.string(), check: PipelineCheck })
  }),
  /** Autosave: takes any text, also a broken one. */
  saveDraft: command({
    input: z.object({ name: z.string().min(1).max(63), yaml: Yaml }),
    output: z.object({ savedAt: z.string() }),
    topics: ['pipelines']
  }),
  /** Makes a version (named by its bytes) of a text that parses, and drops the draft. */
  save: command({ input: z.object({ yaml: Yaml }), output: PipelineDetail, topics: ['pipelines'] }),
  discardDraft: command({ input: z.object({ name: z.string() }), output: z.object({}), topics: ['pipelines'] }),
  remove: command({ input: z.object({ name: z.string() }), output: z.object({}), topics: ['pipelines'] }),
  restore: command({ input: z.object({ name: z.string() }), output: z.object({}), topics: ['pipelines'] }),
  /** Starts a run of the saved (or given) text and returns at once. */
  run: command({
    input: z.union([z.object({ name: z.string(), ...RunOptions }), z.object({ yaml: Yaml, ...RunOptions })]),
    output: z.object({ runId: z.string() }),
    topics: ['pipelines', 'jobs']
  }),
  runs: query({
    input: z.object({
      pipeline: z.string().optional(),
      states: z.array(RunState).optional(),
      offset: z.int().min(0).default(0),
      limit: z.int().min(1).max(500).default(100)
    }),
    output: z.object({ runs: z.array(PipelineRunSummary), total: z.number() })
  }),
  getRun: query({ input: z.object({ runId: RunId }), output: PipelineRun }),
  /** Snapshot first, then each change, until the run is finished. */
  watchRun: stream({ input: z.object({ runId: RunId }), item: PipelineRunEvent, output: PipelineRun }),
  cancel: command({ input: z.object({ runId: RunId }), output: z.object({}), topics: ['pipelines', 'jobs'] }),
  /** A page of a table or the content of a report; at most 100 rows. */
  preview: query({
    input: z.object({
      runId: RunId,
      stepId: StepId,
      port: z.string(),
      offset: z.int().min(0).default(0),
      limit: z.int().min(1).max(100).default(100)
    }),
    output: OutputPreview
  }),
  metrics: query({ input: z.object({ runId: RunId, stepId: StepId }), output: z.array(MetricPoint) }),
  /** The log of an attempt (the newest by default). Without `from`, the last 64 KiB. */
  log: query({
    input: z.object({ runId: RunId, stepId: StepId, attempt: z.int().positive().optional(), from: z.int().min(0).optional() }),
    output: LogPage
  }),
  /** Tails the log until the attempt is finished. */
  followLog: stream({
    input: z.object({ runId: RunId, stepId: StepId, attempt: z.int().positive().optional() }),
    item: LogPage,
    output: z.object({ size: z.number() })
  }),
  /** Everything that led to a thing, nearest first. */
  lineage: query({ input: z.object({ reference: z.string().min(1).max(500) }), output: z.array(LineageNode) })
}
