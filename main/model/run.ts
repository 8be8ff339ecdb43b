import { z } from 'zod'
import { describeIndependence, independenceOf, type Independence } from './evidence'
import { RunId, Sha256, PipelineRunId, ExperimentId } from './reference'
import { ReportedNumber } from './reported-number-schema'
import { METRICS, pairMethodSchema, trainingMetrics } from './tasks'
import { gateShortfall } from './gate-standing'
import { gateOutcome } from './policy'
import { describeSplit, splitCheckSchema } from './split-check'

export const RunStatus = z.enum(['running', 'finished', 'failed', 'cancelled'])
export type RunStatus = z.infer<typeof RunStatus>

/** A last value, which may be NaN or infinite; the interval is the 95% confidence interval where the evaluation computed one. */
export const RunMetric = z.object({ value: ReportedNumber, low: z.number().nullable(), high: z.number().nullable() })
export type RunMetric = z.infer<typeof RunMetric>

/** Something a run read, by content: the training table, the test table, the dataset version behind them. */
export const RunInput = z.object({ role: z.string(), reference: z.string(), name: z.string(), sha256: Sha256 })
export type RunInput = z.infer<typeof RunInput>

/** A file that a run produced, by content. */
export const RunArtifact = z.object({ name: z.string(), kind: z.string(), sha256: Sha256, size: z.number() })
export type RunArtifact = z.infer<typeof RunArtifact>

/** Enough about the machine and its software to say why two runs differ. Flat, so that two can be compared key by key. */
export const RunEnvironment = z.record(z.string(), z.string())
export type RunEnvironment = z.infer<typeof RunEnvironment>

/** A row of the runs table. */
export const RunSummary = z.object({
  id: RunId,
  experiment: z.string(),
  name: z.string(),
  status: RunStatus,
  algorithm: z.string(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  /** Seconds from start to end. */
  duration: z.number().nullable(),
  pipeline: z.string().nullable(),
  pipelineRun: PipelineRunId.nullable(),
  parameters: z.record(z.string(), z.string()),
  metrics: z.record(z.string(), RunMetric),
  tags: z.record(z.string(), z.string()),
  /** `model@version` when this run was registered. */
  registered: z.array(z.string()),
  /** Outcome of the gates over this run: of each policy the newest counts, and one failure is a failure. */
  gate: gateOutcome.nullable(),
  /** Why a failure among them is none that is known: what decides was left undecided, or is no gate. */
  gateShortfall: gateShortfall.optional(),
  /** SHA-256 of the rows that the run was judged on; null when it was not judged. Figures of other rows are not comparable. */
  testData: z.string().nullable(),
  /** SHA-256 of the rows that its model learned from; null where that is not recorded, as for a script. */
  trainingData: z.string().nullable(),
  /** Rows that its figures were found on; null when it was not judged or nobody counted. */
  rowsJudged: z.number().nullable(),
  /** Of these, rows that the training table holds too; null when that is not known. */
  rowsShared: z.number().nullable(),
  /** What ties these rows to those of its training by the roles of columns; absent or null where nobody looked. */
  splitCheck: splitCheckSchema.nullable().optional()
})
export type RunSummary = z.infer<typeof RunSummary>

/** Its figures were found on the rows that its model learned from. */
export const isJudgedOnTrainingRows = ({ testData, trainingData }: Pick<RunSummary, 'testData' | 'trainingData'>): boolean =>
  testData !== null && testData === trainingData

/** What tells whether figures are about new rows. */
export type JudgedRun = Pick<RunSummary, 'testData' | 'trainingData' | 'rowsJudged' | 'rowsShared' | 'splitCheck'>

const independenceOfRun = ({ testData, trainingData, rowsJudged, rowsShared }: JudgedRun): Independence =>
  independenceOf({
    subject: testData === null ? null : { rows: testData, trainingRows: trainingData },
    rowsShared,
    rows: { judged: rowsJudged ?? 0 }
  })

const tiesOf = ({ splitCheck }: JudgedRun): string[] =>
  splitCheck ? describeSplit(splitCheck).flatMap(({ tone, text }) => (tone === 'error' ? [text] : [])) : []

/**
 * Too many of its judged rows are rows that its model learned from, or groups or times tie the two: its figures are never the best and
 * stand on no front.
 */
export const isDoubtful = (run: JudgedRun): boolean => independenceOfRun(run).verdict === 'not-independent' || tiesOf(run).length > 0

/** What is said of a run's figures wherever they stand; null when there is nothing to say, or nothing is known. */
export function describeDoubt(run: JudgedRun): string | null {
  const found = independenceOfRun(run)
  const shared = found.verdict === 'not-known' ? null : (describeIndependence(found)?.text ?? null)
  return [...(shared === null ? [] : [shared]), ...tiesOf(run)].join(' ') || null
}

/** The same of several runs, each with its name; these are graver than anything else that keeps runs from being compared. */
export const doubtsOf = (runs: readonly (JudgedRun & { name: string })[]): string[] =>
  runs.flatMap((run) => {
    const doubt = describeDoubt(run)
    return doubt === null ? [] : [`${run.name}: ${doubt}`]
  })

/** The gravest of it in a few words, for where figures stand in a list. */
export function doubtWords(run: JudgedRun): string | null {
  if (describeDoubt(run) === null) return null
  if (isJudgedOnTrainingRows(run)) return 'on training rows'
  if (independenceOfRun(run).verdict === 'not-independent' || tiesOf(run).length === 0) return 'shares training rows'
  return run.splitCheck?.groups.some(({ shared }) => shared > 0) ? 'groups on both sides' : 'trained on later rows'
}

const measuredNames = new Set(METRICS.map(({ key }) => key).filter((key) => !trainingMetrics.includes(key)))

/** Of a run that was not judged: figures that a program logged under the names of measured ones are its own word, and left out here. */
export const measuredMetrics = ({ testData, metrics }: Pick<RunSummary, 'testData' | 'metrics'>): RunSummary['metrics'] =>
  testData !== null ? metrics : Object.fromEntries(Object.entries(metrics).filter(([key]) => !measuredNames.has(key)))

export const RunDetail = RunSummary.extend({
  note: z.string(),
  seed: z.number().nullable(),
  /** SHA-256 of the frozen pipeline document and code snapshot. */
  codeSha256: Sha256.nullable(),
  environment: RunEnvironment,
  inputs: z.array(RunInput),
  artifacts: z.array(RunArtifact),
  error: z.string().nullable(),
  createdBy: z.string(),
  /** Since when the run is in the trash. */
  trashedAt: z.string().nullable()
})
export type RunDetail = z.infer<typeof RunDetail>

export const Experiment = z.object({
  id: ExperimentId,
  name: z.string(),
  question: z.string(),
  primaryMetric: z.string(),
  createdAt: z.string(),
  /** Runs outside the trash. */
  runs: z.number(),
  /** Every trial ever recorded, the failed and the discarded ones too. */
  trials: z.number()
})
export type Experiment = z.infer<typeof Experiment>

/** Runs that are compared pair by pair at once, at most. */
export const MOST_COMPARED = 50

/**
 * Where a run stands between two metrics: it leads when no run has better values; it is behind only by the verdict, when another run is better
 * in one metric beyond chance and in the other at least not worse; what is between is open. Left out are figures that say little about new
 * rows or were found on others.
 */
export const standing = z.enum(['leads', 'open', 'behind', 'left-out'])
export type Standing = z.infer<typeof standing>

/** One run between two metrics. */
export const TradeOffPoint = z.object({ run: RunId, name: z.string(), x: RunMetric, y: RunMetric, standing })
export type TradeOffPoint = z.infer<typeof TradeOffPoint>

export const TradeOff = z.object({
  /** Runs that lack one of the metrics. */
  without: z.number(),
  /** What the standing rests on: verdicts; only values, while rows were not looked at or since there are too many runs to compare each with each. */
  basis: z.enum(['verdicts', 'not-judged-yet', 'too-many']),
  points: z.array(TradeOffPoint)
})
export type TradeOff = z.infer<typeof TradeOff>

/** One line of a comparison; `values[i]` belongs to `runs[i]`, null where the run has none. */
export const ComparedValue = z.object({
  key: z.string(),
  values: z.array(z.string().nullable()),
  differs: z.boolean()
})
export type ComparedValue = z.infer<typeof ComparedValue>

/** What can be said of one run beside another: the one word behind every colour and sentence of a comparison. */
export const pairVerdict = z.enum(['better', 'worse', 'same', 'cannot-be-told', 'not-comparable'])
export type PairVerdict = z.infer<typeof pairVerdict>

/** The word that stands for each wherever people read it. */
export const verdictWords: Readonly<Record<PairVerdict, string>> = {
  better: 'better',
  worse: 'worse',
  same: 'same',
  'cannot-be-told': 'cannot be told',
  'not-comparable': 'not comparable'
}

/** A metric of one run minus that of another, in its own unit. */
export const ComparedPair = z.object({
  /** Null where the two were judged on different rows. */
  difference: z.number().nullable(),
  /** Interval of the level at which the pair was tested among all pairs of the metric. It leaves out zero exactly where `p` is below 0.05. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** Confidence of the interval: 0.95 for two runs, more for several. */
  level: z.number().nullable(),
  /** Two-sided, over all pairs of the metric together (Holm). */
  p: z.number().nullable(),
  method: pairMethodSchema,
  /** Rows that both were judged on and that were compared one by one; null for another method. */
  rows: z.number().nullable(),
  verdict: pairVerdict,
  /** Why it cannot be told or compared, where that is not chance. */
  why: z.string().nullable()
})
export type ComparedPair = z.infer<typeof ComparedPair>

export const ComparedMetric = z.object({
  key: z.string(),
  label: z.string(),
  unit: z.string(),
  /** Which end is better; null for a script's own metric, of which nobody said. */
  direction: z.enum(['higher', 'lower']).nullable(),
  values: z.array(RunMetric.nullable()),
  /** By run: false when the value was found on other test data than that of the baseline, so that the two cannot be compared. */
  comparable: z.array(z.boolean()),
  /** By run: it beside the baseline; null for the baseline, where one of the two has no value, and while rows were not looked at. */
  pairs: z.array(ComparedPair.nullable()),
  /** Index of the best of the comparable runs whose figures say something about new rows; null on a tie, without a direction, or when fewer than two have a value. */
  best: z.number().nullable(),
  /** True when the best run is better than every other comparable one. */
  separated: z.boolean(),
  /** The run that the best one is held against, the baseline where it can be; the pair is the best run beside it. */
  rival: z.object({ run: z.number(), pair: ComparedPair.nullable() }).nullable(),
  differs: z.boolean()
})
export type ComparedMetric = z.infer<typeof ComparedMetric>

/** The run that others are held against, and why this one. */
export const Baseline = z.object({ run: RunId, reason: z.enum(['chosen', 'registered', 'first']) })
export type Baseline = z.infer<typeof Baseline>

/** The reason in words, to stand behind its name. */
export const baselineReasons: Readonly<Record<Baseline['reason'], string>> = {
  chosen: 'chosen as baseline',
  registered: 'baseline because it is registered as a model',
  first: 'baseline because it was started first'
}

/** Several runs side by side. The first run is the baseline. */
export const RunComparison = z.object({
  baseline: Baseline,
  /** False while the single rows were not looked at: then there are no verdicts yet. */
  isJudged: z.boolean(),
  runs: z.array(RunSummary),
  parameters: z.array(ComparedValue),
  metrics: z.array(ComparedMetric),
  data: z.array(ComparedValue),
  environment: z.array(ComparedValue),
  code: z.array(ComparedValue),
  /** What keeps the runs from being compared fairly, such as different test data. */
  warnings: z.array(z.string())
})
export type RunComparison = z.infer<typeof RunComparison>
