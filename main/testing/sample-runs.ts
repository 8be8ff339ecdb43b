import type { RunDetail, RunMetric, RunSummary } from '../model/run'
import { PipelineRunId, RunId } from '../model/reference'
import type { TrainingRecord } from '../core/experiments'

/** The id of a run that a test calls by this name, of up to sixteen letters. */
export const runIdOf = (name: string): RunId => RunId.parse(Buffer.from(name).toString('hex').padStart(32, '0'))

/** The uuid of what a test calls by this name, of up to six letters. */
export const uuidOf = (name: string): string => `00000000-0000-4000-8000-${Buffer.from(name).toString('hex').padStart(12, '0')}`
export const executionIdOf = (name: string): PipelineRunId => PipelineRunId.parse(uuidOf(name))

/** Metrics without an interval. */
export const plainMetrics = (values: Record<string, number>): Record<string, RunMetric> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value, low: null, high: null }]))

/** A finished run as lists have it, and what is different about it. */
export const runSummary = (name: string, change: Partial<RunSummary> = {}): RunSummary => ({
  id: runIdOf(name),
  experiment: 'e',
  name,
  status: 'finished',
  algorithm: 'gradient-boosting',
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: null,
  duration: null,
  pipeline: null,
  pipelineRun: null,
  parameters: {},
  metrics: {},
  tags: {},
  registered: [],
  gate: null,
  testData: null,
  trainingData: null,
  rowsJudged: null,
  rowsShared: null,
  ...change
})

/** The same with all that its page shows. */
export const runDetail = (name: string, change: Partial<RunDetail> = {}): RunDetail => ({
  ...runSummary(name),
  note: '',
  seed: 1,
  codeSha256: null,
  environment: {},
  inputs: [],
  artifacts: [],
  error: null,
  createdBy: 'Ada',
  trashedAt: null,
  ...change
})

/** What a training step hands over: a run of a second that ended well and left nothing. */
export const trainingRecord = (name: string, change: Partial<TrainingRecord> = {}): TrainingRecord => ({
  experiment: 'tides',
  name,
  status: 'finished',
  algorithm: 'script',
  parameters: {},
  seed: 1,
  pipeline: null,
  pipelineRun: null,
  step: null,
  codeSha256: null,
  environment: {},
  inputs: [],
  artifacts: [],
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:00:01.000Z',
  error: null,
  ...change
})
