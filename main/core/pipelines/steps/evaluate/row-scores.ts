/** The part of its output that holds the score of each judged row. */
export const ROW_SCORES = 'row-scores.arrow'
