import { z } from 'zod'

/**
 * Hyper-parameters of a points scorecard. What a pipeline does not say it gets as it is here, whenever it was written; its run records all of them.
 * Until version 3 of the step `train` there were no `minRows` and `smoothing`: 1 and 0 say the same, and `minEvents` was 5.
 */
export const scorecardParametersSchema = z.strictObject({
  maxBins: z
    .int()
    .min(2)
    .max(20)
    .default(6)
    .meta({ title: 'Bins', description: 'Most bins of a column besides the one for missing values.' }),
  minShare: z.number().min(0).max(0.5).default(0.05).meta({ title: 'Share per bin', description: 'Least share of the rows in a bin.' }),
  minRows: z.int().min(1).max(1_000_000).default(20).meta({
    title: 'Rows per bin',
    description: 'Fewest rows in a bin, however many its share would be, and fewest missing values that have points of their own.'
  }),
  minEvents: z.int().min(0).max(1_000_000).default(0).meta({
    title: 'Events per bin',
    description: 'Fewest events, and fewest rows without the event, in a bin.'
  }),
  smoothing: z.number().min(0).max(1_000_000).default(1).meta({
    title: 'Smoothing',
    description:
      'Events, and rows without the event, that each bin counts more for its weight of evidence, so that bins of few rows are not taken at their word; 0 for the plain weight of evidence.'
  }),
  minRowsPerCategory: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(20)
    .meta({ title: 'Rows per category', description: 'Rarer categories are one with unknown ones.' }),
  minInformationValue: z.number().min(0).max(10).default(0.02).meta({
    title: 'Least information value',
    description: 'A column with less is left out, and so is one whose bins chance alone would make.'
  }),
  l2: z.number().min(0).max(1e6).default(1).meta({ title: 'L2', description: 'Penalty on the weights of the columns.' }),
  oneSign: z.boolean().default(true).meta({
    title: 'One direction',
    description: 'No column may weigh against its own evidence: points rise wherever the share of events falls.'
  }),
  baseScore: z
    .number()
    .min(-100_000)
    .max(100_000)
    .default(600)
    .meta({ title: 'Base score', description: 'Points of a row with the base odds.' }),
  baseOdds: z
    .number()
    .gt(0)
    .max(1e6)
    .default(50)
    .meta({ title: 'Base odds', description: 'Rows without the event for one with it, at the base score.' }),
  pointsToDoubleOdds: z.number().min(1).max(10_000).default(20).meta({
    title: 'Points to double the odds',
    description: 'So many points more mean twice as many rows without the event for one with it.'
  })
})
export type ScorecardParameters = z.infer<typeof scorecardParametersSchema>
