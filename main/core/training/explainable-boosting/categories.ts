import type { ExplainableBoostingParameters } from '../../../model/training-parameters/explainable-boosting'

/** Texts that stay apart at most: with the rare ones and the missing ones they fill one byte. */
export const mostTexts = 254

/** How many of the most frequent texts of a column have a score of their own. */
export const keepCategories =
  ({ minRowsPerCategory }: Pick<ExplainableBoostingParameters, 'minRowsPerCategory'>) =>
  (counts: readonly number[]): number =>
    Math.min(mostTexts, counts.filter((count) => count >= minRowsPerCategory).length)
