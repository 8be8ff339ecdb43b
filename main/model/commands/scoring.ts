import { z } from 'zod'
import { importChoicesSchema } from '../dataset'
import { placeInput } from '../place'
import { MOST_REASONS, scoredFileSchema } from '../scoring'
import { modelVersionKey } from './models'
import { shape } from './shape'

export const scoringShapes = {
  /** Scores each row of a file with a registered model and writes the scores to another. */
  file: shape(
    modelVersionKey.extend({
      path: placeInput('read'),
      out: placeInput('write'),
      /** A .json or .csv file with what was found in the columns and rows. */
      report: placeInput('write').optional(),
      choices: importChoicesSchema.default({}),
      /** Columns of the file that go with the scores. */
      keep: z.array(z.string().min(1)).max(1000).default([]),
      /** A value that training did not know is an error. */
      strict: z.boolean().default(false),
      /** Columns with so many of the largest contributions to each answer. */
      explain: z.int().min(1).max(MOST_REASONS).optional(),
      /** A model that is a program may be started; a page cannot say so. */
      runProgram: z.boolean().default(false)
    }),
    scoredFileSchema,
    ['models']
  )
}
