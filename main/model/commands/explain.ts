import { z } from 'zod'
import { importChoicesSchema } from '../dataset'
import { explainedFileSchema } from '../explanation'
import { placeInput } from '../place'
import { documentPlaces } from './documents'
import { modelVersionKey } from './models'
import { shape } from './shape'

export const explainShapes = {
  /** Explains rows of a file by a registered model: contributions as a table, and one row as a sheet. */
  file: shape(
    modelVersionKey.extend({
      path: placeInput('read'),
      /** FILE.csv or FILE.arrow for the contributions. */
      out: placeInput('write').optional(),
      background: placeInput('read').optional(),
      choices: importChoicesSchema.default({}),
      method: z.enum(['auto', 'interventional', 'path-dependent', 'kernel']).default('auto'),
      /** How many rows, from the first. */
      rows: z.int().min(1).max(1_000_000).optional(),
      /** The row, from 1, of the sheet. */
      row: z.int().min(1).max(1_000_000).optional(),
      reasons: placeInput('read').optional(),
      seed: z.int().min(0).default(42),
      ...documentPlaces
    }),
    explainedFileSchema,
    ['models']
  )
}
