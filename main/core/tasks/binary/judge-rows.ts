import { WorkbenchError } from '../../../model/errors'
import type { ClassCosts } from '../../../model/class-decision'
import type { BinaryEvaluation } from '../../../model/evaluation'
import { metricDefinition } from '../../../model/tasks'
import type { BinaryTarget } from '../../../model/tasks/binary'
import { clusterWarning } from '../clusters'
import { unitsOf } from '../resampling'
import type { JudgingOptions } from '../task'
import { columnOf, deriveGroups, selectRows, type Frame } from '../../frames'
import { deriveFairness, type FairnessRules } from './fairness'
import { resampledFigures } from './intervals'
import { judgeScores, type Judgement } from './judge'
import { assertKnownOutcomes, deriveTarget, missingWarning, plainCounts, type Target } from './target'

/** What whoever asks for an evaluation may choose of this task. */
export interface JudgingChoices {
  /** Probability at and above which a row counts as positive; 0.5 by default. */
  threshold?: number
  /** Of several classes: what each decision costs; the likeliest class is decided for where they are left out. */
  costs?: ClassCosts | null
  /** Fewest rows of a compared group, 30 by default; fewest positives or negatives for the error gaps, 10 by default. */
  minimumGroupSize?: number
  minimumClassSize?: number
  /** 2,000 by default; 0 leaves out the intervals that are drawn by resampling. */
  bootstrapSamples?: number
  seed: number
}

/** How rows are judged, every choice made. */
export interface JudgingRules extends FairnessRules {
  bootstrapSamples: number
  seed: number
}

const fewestRows = 100
const mostTied = 0.05

/** @throws WorkbenchError INVALID_INPUT for a choice that cannot be meant */
export function settleChoices(choices: JudgingChoices): JudgingRules {
  const { threshold = 0.5, bootstrapSamples = 2000, minimumGroupSize = 30, minimumClassSize = 10, seed } = choices
  const fail = (message: string): never => {
    throw new WorkbenchError('INVALID_INPUT', message)
  }
  if (!(threshold >= 0 && threshold <= 1)) fail(`The threshold ${threshold} is not a probability. Give a number from 0 to 1.`)
  if (!Number.isInteger(bootstrapSamples) || bootstrapSamples < 0 || bootstrapSamples > 100_000)
    fail(`The number of bootstrap samples ${bootstrapSamples} is not a whole number from 0 to 100,000. Correct it.`)
  if (!Number.isSafeInteger(seed)) fail(`The seed ${seed} is not a whole number. Give a whole number.`)
  return { threshold, bootstrapSamples, minimumGroupSize, minimumClassSize, seed }
}

/** Rows with a known outcome, ready to be scored and judged; `warnings` say what was left out or never seen in training. */
export interface RowsToJudge {
  frame: Frame
  target: Target
  document: BinaryEvaluation['target']
  counts: { positives: number; negatives: number }
  warnings: string[]
}

/**
 * The rows of a table that have an outcome, read as the model learned it.
 * @throws WorkbenchError INVALID_INPUT when the column is no outcome of this model
 */
export function rowsToJudge(whole: Frame, name: string, trained: BinaryTarget, { weight }: { weight?: string } = {}): RowsToJudge {
  const target = deriveTarget(whole, name, { positive: trained.positive, weight })
  const unseen = assertKnownOutcomes(name, target, trained)
  return {
    frame: selectRows(whole, target.rows),
    target,
    document: { name, positive: trained.positive },
    counts: plainCounts(target),
    warnings: rowWarnings(name, target, unseen)
  }
}

/** The part of an evaluation that this task decides: figures of the scores, groups of a column where one is named, methods in words. */
export async function judgeRows(
  { frame, target, warnings }: RowsToJudge,
  probabilities: Float64Array,
  groupColumn: string | undefined,
  rules: JudgingRules,
  { signal, onProgress, clusters = null }: JudgingOptions
) {
  const { labels, weights } = target
  const figures = await judgeScores(labels, probabilities, { ...rules, weights, clusters, signal, onProgress })
  const counted = weights || clusters ? { weights, units: unitsOf(labels.length, clusters?.codes ?? null, Infinity) } : null
  const fairness =
    groupColumn === undefined
      ? null
      : deriveFairness(groupColumn, deriveGroups(columnOf(frame, groupColumn)), labels, probabilities, rules, counted)
  return {
    figures: { threshold: rules.threshold, ...figures },
    fairness,
    warnings: [...warnings, ...clusterWarning(clusters, rules.bootstrapSamples), ...tieWarning(figures), ...intervalWarnings(figures)]
  }
}

function rowWarnings(name: string, target: Target, unseen: string): string[] {
  const warnings = missingWarning(name, target)
  const rows = target.labels.length
  if (unseen) warnings.push(`The target "${name}" has values that training did not see: ${unseen}. They count as not positive.`)
  if (target.positives === 0 || target.positives === rows)
    warnings.push(`Every judged row is ${target.positives === 0 ? 'negative' : 'positive'}, so the AUC and the curves have no value.`)
  if (rows < fewestRows) warnings.push(`Only ${rows} ${rows === 1 ? 'row was' : 'rows were'} judged; the figures are uncertain.`)
  return warnings
}

/** A ranking with many ties says less than its AUC seems to: the order inside of a tie is open. */
function tieWarning({ tiedPairs }: Judgement): string[] {
  if (tiedPairs === null || tiedPairs === undefined || tiedPairs < mostTied) return []
  return [
    `${(tiedPairs * 100).toFixed(0)}% of the pairs of a positive and a negative row have the same score. They count a half in the AUC, and their order is open.`
  ]
}

/** Intervals that say less than they seem to: without width, from fewer resamples than asked for, or none at all. */
function intervalWarnings({ metrics, bootstrap }: Judgement): string[] {
  if (bootstrap.samples === 0) return []
  const flat: string[] = []
  const fewer: string[] = []
  const none: string[] = []
  for (const key of [...resampledFigures, 'brier_skill'] as const) {
    const { value, interval } = metrics[key] ?? { value: null, interval: null }
    const label = metricDefinition(key)?.label ?? key
    if (value !== null && interval === null) none.push(label)
    if (interval && interval.lower === interval.upper) flat.push(label)
    if (interval?.method === undefined && interval && interval.samples < bootstrap.samples)
      fewer.push(`${label} (${bootstrap.samples - interval.samples})`)
  }
  const warnings: string[] = []
  if (flat.length > 0)
    warnings.push(`Every resample gave the same value of: ${flat.join(', ')}. An interval without width does not mean certainty.`)
  if (fewer.length > 0)
    warnings.push(`Of ${bootstrap.samples} resamples some gave no value and were left out of the interval of: ${fewer.join(', ')}.`)
  if (none.length > 0) warnings.push(`Too few rows or resamples for an interval of: ${none.join(', ')}.`)
  return warnings
}
