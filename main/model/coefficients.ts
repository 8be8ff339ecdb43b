import { z } from 'zod'

/**
 * What the interval of a coefficient stands on, or why it has none:
 * - `likelihood`: the fit has no penalty; standard errors are those of the Fisher information (Wald).
 * - `ridge`: they come from the information plus the penalty (Wood 2006, section 4.8): where the coefficient lies if, before the rows were
 *   seen, it was as likely to be around zero as the penalty says.
 * - `lasso`: coefficients that a penalty may set to zero have no standard error that holds.
 * - `collinear`: the rows do not tell the term from the others, or it has a single value.
 * - `separated`: the outcome follows from the term, so that without a penalty no weight is the best one.
 * - `saturated`: there are not more rows than weights.
 * - `large`: the information of so many weights is not computed.
 */
export const coefficientBasisSchema = z.enum(['likelihood', 'ridge', 'lasso', 'collinear', 'separated', 'saturated', 'large'])
export type CoefficientBasis = z.infer<typeof coefficientBasisSchema>

/**
 * One term of a linear model on the scale of the data. The margin of a row (log-odds, log of the mean, or the mean itself) is the intercept
 * plus `estimate` times the value for a number, plus `estimate` where the text is `level` or the value is missing.
 */
export const coefficientSchema = z.object({
  /** The column; null for the intercept. */
  feature: z.string().nullable(),
  term: z.enum(['intercept', 'number', 'missing', 'level', 'rare']).describe('`missing`: beside the value that stands in for it.'),
  level: z.string().optional().describe('The text, of a level.'),
  reference: z
    .string()
    .optional()
    .describe('The text that a level, the rare ones and a missing text are compared with: the most frequent one.'),
  class: z.int().min(0).optional().describe('Index of the class, of a model of several; it is compared with `against`.'),
  against: z.int().min(0).optional(),
  estimate: z.number(),
  error: z.number().nullable().describe('Standard error.'),
  low: z.number().nullable().describe('95% interval.'),
  high: z.number().nullable(),
  basis: coefficientBasisSchema,
  /** The estimate as a factor: of the odds (`odds`), of the odds against the class compared with (`relative-odds`), of the mean (`rate`). */
  ratio: z
    .object({ of: z.enum(['odds', 'relative-odds', 'rate']), value: z.number(), low: z.number().nullable(), high: z.number().nullable() })
    .optional()
})
export type Coefficient = z.infer<typeof coefficientSchema>

/** What a basis means, as a sentence under a table. */
export const coefficientBasisWords: Record<CoefficientBasis, string> = {
  likelihood: 'Intervals are 95% Wald intervals from the Fisher information of the training rows.',
  ridge:
    'Intervals take the L2 penalty into account: a coefficient lies in it with 95% if it was likely to be near zero beforehand, as the penalty assumes. The penalty pulls estimates to zero.',
  lasso: 'No interval: an L1 penalty sets coefficients to zero, and no standard error holds for one that it chose.',
  collinear: 'No interval: the rows do not tell this term from the others, or it has a single value.',
  separated: 'No interval: the outcome follows from the columns, so that only a penalty makes the estimate finite.',
  saturated: 'No interval: there are not more rows than weights.',
  large: 'No interval: the model has too many weights to compute it.'
}

/** The term in words: a column, a text of it, what is missing of it. */
export function termText({ feature, term, level }: Coefficient): string {
  if (feature === null) return 'Intercept'
  if (term === 'level') return `${feature} = ${level!}`
  return term === 'rare' ? `${feature}: rare texts` : term === 'missing' ? `${feature} missing` : feature
}

/** What a ratio is of. */
export const ratioWords: Record<NonNullable<Coefficient['ratio']>['of'], string> = {
  odds: 'Odds ratio',
  'relative-odds': 'Odds ratio between classes',
  rate: 'Rate ratio'
}

/** What estimate and ratio say, as a sentence: per unit of a number, for a text against its reference. */
export const ratioMeaning: Record<NonNullable<Coefficient['ratio']>['of'], string> = {
  odds: 'One unit more multiplies the odds of the event by the ratio, all other columns equal.',
  'relative-odds':
    'One unit more multiplies the odds of the class, against the class compared with, by the ratio, all other columns equal.',
  rate: 'One unit more multiplies the predicted amount by the ratio, all other columns equal.'
}
