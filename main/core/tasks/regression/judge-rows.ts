import { WorkbenchError } from '../../../model/errors'
import { lossWords, type RegressionTarget } from '../../../model/tasks/regression'
import { columnOf, deriveGroups, selectRows, type Frame } from '../../frames'
import type { Outcomes } from '../outcomes'
import { unitsOf } from '../resampling'
import { deriveFairness } from './fairness'
import { clusterWarning, type Clusters } from '../clusters'
import { judgeAmounts } from './judge'
import { lossesOf } from './losses'
import { residualBins } from './residuals'
import { aimOf, countJudged, deriveTarget, missingWarning, type Target } from './target'
import { amountsOf } from './weighted'

/** What whoever asks for an evaluation may choose of this task. */
export interface JudgingChoices {
  /** Fewest rows of a compared group, 30 by default. */
  minimumGroupSize?: number
  /** 2,000 by default; 0 leaves out the intervals that are drawn by resampling. */
  bootstrapSamples?: number
  seed: number
}

export type JudgingRules = Required<JudgingChoices>

const fewestRows = 100

/** @throws WorkbenchError INVALID_INPUT for a choice that cannot be meant */
export function settleChoices({ bootstrapSamples = 2000, minimumGroupSize = 30, seed }: JudgingChoices): JudgingRules {
  if (!Number.isInteger(bootstrapSamples) || bootstrapSamples < 0 || bootstrapSamples > 100_000)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The number of bootstrap samples ${bootstrapSamples} is not a whole number from 0 to 100,000. Correct it.`
    )
  if (!Number.isSafeInteger(seed)) throw new WorkbenchError('INVALID_INPUT', `The seed ${seed} is not a whole number. Give a whole number.`)
  return { bootstrapSamples, minimumGroupSize, seed }
}

/** Rows with a known amount, ready to be scored and judged; `warnings` say what was left out. */
export interface RowsToJudge {
  frame: Frame
  target: Target
  document: RegressionTarget
  counts: ReturnType<typeof countJudged>
  warnings: string[]
  /** Columns that say what a row counts: nothing is learned from them. */
  apart: readonly string[]
}

/**
 * The rows of a table that have an amount, read as the model learned it.
 * @throws WorkbenchError INVALID_INPUT when the column holds no such amounts
 */
export function rowsToJudge(whole: Frame, name: string, trained: RegressionTarget, { weight }: { weight?: string } = {}): RowsToJudge {
  const target = deriveTarget(whole, name, { ...trained, weight })
  const { labels } = target
  const warnings = missingWarning(name, target)
  if (labels.length < fewestRows)
    warnings.push(`Only ${labels.length} ${labels.length === 1 ? 'row was' : 'rows were'} judged; the figures are uncertain.`)
  if (labels.every((label) => label === labels[0]))
    warnings.push(`Every judged row has ${labels[0]} in the target "${name}", so R\u00b2 and the explained loss have no value.`)
  return {
    frame: selectRows(whole, target.rows),
    target,
    document: { name, ...aimOf(target) },
    counts: countJudged(target),
    warnings,
    apart: [name, weight, target.exposure].filter((column) => column !== undefined)
  }
}

export interface JudgeRowsOptions {
  clusters?: Clusters | null
  signal?: AbortSignal
  onProgress?: (share: number) => void
}

/** The part of an evaluation that this task decides: figures of the predictions, residuals by feature, groups of a column where one is named. */
export async function judgeRows(
  { frame, target, warnings, apart }: RowsToJudge,
  scores: Float64Array,
  groupColumn: string | undefined,
  rules: JudgingRules,
  options: JudgeRowsOptions
) {
  const { labels, weights } = target
  const { errors, amounts, predictions, ...figures } = await judgeAmounts(target, target, scores, { ...rules, ...options })
  const units = unitsOf(labels.length, options.clusters?.codes ?? null)
  const features = [...frame.columns.keys()].filter((name) => !apart.includes(name))
  const residuals = labels.map((label, row) => label - scores[row]!)
  const fairness =
    groupColumn === undefined
      ? null
      : deriveFairness(
          groupColumn,
          deriveGroups(columnOf(frame, groupColumn)),
          { aim: target, labels, scores, weights, units },
          rules.minimumGroupSize
        )
  return {
    figures: { ...figures, residuals: residualBins(scores, frame, features, { residuals, weights, units }), errors, amounts, predictions },
    fairness,
    warnings: [...warnings, ...predictionWarnings(target, scores), ...clusterWarning(options.clusters, rules.bootstrapSamples)]
  }
}

/** Predictions that the objective cannot have, and predictions that are all the same. */
function predictionWarnings({ objective }: Target, scores: Float64Array): string[] {
  const warnings: string[] = []
  const below = scores.reduce((sum, score) => sum + (score > 0 ? 0 : 1), 0)
  if ((objective === 'poisson' || objective === 'gamma') && below > 0)
    warnings.push(
      `${below} of ${scores.length} predictions are not above zero, so the ${objective === 'poisson' ? 'Poisson' : 'gamma'} deviance has no value. Train with a log link, or judge the model as one of squared errors.`
    )
  if (scores.length > 1 && scores.every((score) => score === scores[0]))
    warnings.push(`Every prediction is ${scores[0]}: the model tells no row from another.`)
  return warnings
}

/** The loss of each row by the objective, and its name: what slices are compared by. */
export const rowLosses = (outcomes: Outcomes, scores: Float64Array, target: RegressionTarget) => ({
  losses: lossesOf(target, amountsOf(outcomes), scores),
  name: lossWords(target)
})
