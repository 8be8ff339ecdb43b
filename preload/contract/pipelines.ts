import { z } from 'zod'
import {
  pipelineShapes,
  pipelineText as Yaml,
  RunForecast,
  runInput,
  StartedPrograms,
  stepIdInput as StepId
} from '../../main/model/commands/pipelines'
import { baselineRequestSchema, baselineSchema, baselineTargetsSchema } from '../../main/model/baseline'
import { LogPage } from '../../main/model/job'
import { PipelineCheck, PipelineDetail, PipelineEdit, PipelineSummary, Sha256, StepTypeInfo } from '../../main/model/pipeline'
import {
  LineageNode,
  MetricPoint,
  OutputPreview,
  PipelineRun,
  PipelineRunEvent,
  PipelineRunSummary,
  RunState
} from '../../main/model/pipeline-run'
import { runReportSchema } from '../../main/model/run-report'
import { command, query, stream } from '../wire/definitions'
import { PipelineRunId } from '../../main/model/reference'

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
  /** The documents of a first model of a column. Nothing is stored. */
  baseline: query({ input: baselineRequestSchema, output: baselineSchema }),
  /** The columns that a first model could predict, and the one that looks most like an outcome. */
  baselineTargets: query({ input: z.object({ dataset: z.string().min(1).max(300) }), output: baselineTargetsSchema }),
  saveDraft: command(pipelineShapes.saveDraft),
  save: command(pipelineShapes.save),
  discardDraft: command(pipelineShapes.discardDraft),
  remove: command(pipelineShapes.remove),
  restore: command(pipelineShapes.restore),
  run: command(pipelineShapes.run),
  /** What a run of it would start besides the steps of the workbench. Nothing is run and nothing is kept. */
  programs: query({ input: runInput, output: StartedPrograms }),
  /** What a run of it would do with each step. Nothing is run and nothing is kept. */
  foresee: query({ input: runInput, output: RunForecast }),
  runs: query({
    input: z.object({
      pipeline: z.string().optional(),
      states: z.array(RunState).optional(),
      offset: z.int().min(0).default(0),
      limit: z.int().min(1).max(500).default(100)
    }),
    output: z.object({ runs: z.array(PipelineRunSummary), total: z.number() })
  }),
  getRun: query({ input: z.object({ runId: PipelineRunId }), output: PipelineRun }),
  /** Snapshot first, then each change, until the run is finished. */
  watchRun: stream({ input: z.object({ runId: PipelineRunId }), item: PipelineRunEvent, output: PipelineRun }),
  cancel: command(pipelineShapes.cancel),
  /** A page of a table or the content of a report; at most 100 rows. */
  preview: query({
    input: z.object({
      runId: PipelineRunId,
      stepId: StepId,
      port: z.string(),
      offset: z.int().min(0).default(0),
      limit: z.int().min(1).max(100).default(100),
      /** Also a report that is longer than what a page shows of it. */
      whole: z.boolean().default(false)
    }),
    output: OutputPreview
  }),
  /** The quality reports that runs made of tables from a dataset, newest first. */
  runReports: query({ input: z.object({ dataset: z.string().min(1).max(300) }), output: z.array(runReportSchema) }),
  metrics: query({ input: z.object({ runId: PipelineRunId, stepId: StepId }), output: z.array(MetricPoint) }),
  /** The log of an attempt (the newest by default). Without `from`, the last 64 KiB. */
  log: query({
    input: z.object({ runId: PipelineRunId, stepId: StepId, attempt: z.int().positive().optional(), from: z.int().min(0).optional() }),
    output: LogPage
  }),
  /** Tails the log until the attempt is finished. */
  followLog: stream({
    input: z.object({ runId: PipelineRunId, stepId: StepId, attempt: z.int().positive().optional() }),
    item: LogPage,
    output: z.object({ size: z.number() })
  }),
  /** Everything that led to a thing, nearest first. */
  lineage: query({ input: z.object({ reference: z.string().min(1).max(500) }), output: z.array(LineageNode) })
}
