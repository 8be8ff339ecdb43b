import { z } from 'zod'

/** What a model of amounts is fitted to: which error it makes small, and so which middle of the outcomes it states. */
export const regressionObjectives = ['squared', 'absolute', 'quantile', 'poisson', 'gamma'] as const
export const regressionObjectiveSchema = z.enum(regressionObjectives)
export type RegressionObjective = z.infer<typeof regressionObjectiveSchema>

/** The quantile of a model, as a parameter or a document names it. */
export const quantileSchema = z.number().gt(0).lt(1)

/** An objective with the quantile that it aims at, where it is one of a quantile. */
export interface Aim {
  objective: RegressionObjective
  quantile?: number
}

/** The quantile that is meant: the one said, or the median. */
export const quantileOf = ({ objective, quantile }: Aim): number => (objective === 'quantile' ? (quantile ?? 0.5) : 0.5)

/** What a model of an objective states for a row, and so the constant to hold it against. */
export const statisticOf = (objective: RegressionObjective): 'mean' | 'median' | 'quantile' =>
  objective === 'absolute' ? 'median' : objective === 'quantile' ? 'quantile' : 'mean'

/** The metric that is the loss of an objective: what is saved against the constant, and what slices and groups are compared by. */
export const lossMetricOf = (objective: RegressionObjective): 'mae' | 'pinball' | 'deviance' =>
  objective === 'absolute' ? 'mae' : objective === 'quantile' ? 'pinball' : 'deviance'

/** The power of the Tweedie family whose unit deviance is the loss; undefined where the loss is none. */
export const tweediePower: Readonly<Partial<Record<RegressionObjective, 0 | 1 | 2>>> = { squared: 0, poisson: 1, gamma: 2 }

const percent = (quantile: number): string => `${Number((quantile * 100).toPrecision(6))}%`

/** The statistic of an aim in words, to follow "the": `mean`, `90% quantile`. */
export const statisticWords = (aim: Aim): string =>
  statisticOf(aim.objective) === 'quantile' ? `${percent(quantileOf(aim))} quantile` : statisticOf(aim.objective)

/** The loss of an aim in words, to follow "the". */
export function lossWords(aim: Aim): string {
  if (aim.objective === 'absolute') return 'mean absolute error'
  if (aim.objective === 'quantile') return `mean pinball loss at ${percent(quantileOf(aim))}`
  return { squared: 'mean squared error', poisson: 'mean Poisson deviance', gamma: 'mean gamma deviance' }[aim.objective]
}

/** Each objective with what it is for, as forms and the guide list them. */
export const objectiveWords: Readonly<Record<RegressionObjective, string>> = {
  squared: 'squared error: the mean, for amounts whose large errors count most',
  absolute: 'absolute error: the median, for amounts with a few extreme ones',
  quantile: 'pinball loss: a quantile, such as what 90% of the outcomes stay below',
  poisson: 'Poisson deviance: the mean of counts, zero and above',
  gamma: 'gamma deviance: the mean of amounts above zero whose spread grows with them'
}
