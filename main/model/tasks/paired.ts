import { z } from 'zod'

/** How the uncertainty of a difference was found. */
export const pairMethods = {
  delong: 'DeLong, same rows',
  mcnemar: 'exact McNemar test and paired bootstrap, same rows',
  'paired-bootstrap': 'paired bootstrap, same rows',
  'paired-intervals': 'both intervals and how they move together, same rows',
  independent: 'as if judged on different rows',
  none: 'no interval'
} as const
export const pairMethodSchema = z.enum(Object.keys(pairMethods) as [PairMethod, ...PairMethod[]])
export type PairMethod = keyof typeof pairMethods

/** All of it in a few sentences, for whoever asks why one run is called better. */
export const howPairsAreJudged =
  'Runs that were judged on the same rows are compared row by row: the AUC by DeLong, right decisions by the exact test of McNemar, the calibration error and gaps between groups by the intervals of both runs and how they move together, other figures by drawing the rows of all runs together again and again. All pairs of a metric are held together (Holm, 5%), and words, colours and this sentence follow from the one verdict of each pair. It covers which rows were judged, not the luck of a seed. Method, rows and p of a cell are in its tooltip.'
