import { z } from 'zod'
import { askedNearestSchema, columnRuleSchema, wantedAnswerSchema } from '../counterfactual'
import { importChoicesSchema } from '../dataset'
import { explainedFileSchema, explanationSchema } from '../explanation'
import { placeInput } from '../place'
import { RunId } from '../reference'
import { rowValuesSchema } from '../what-if'
import { documentPlaces, SavedDocument } from './documents'
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
      /** The nearest rows with another answer than the told one. */
      counterfactuals: z
        .object({
          count: z.int().min(1).max(10).default(3),
          wanted: wantedAnswerSchema.optional(),
          rules: z.record(z.string(), columnRuleSchema).default({})
        })
        .optional(),
      /** FILE.json for the curves of dependence, and the columns that they are of. */
      dependence: placeInput('write').optional(),
      features: z.array(z.string().min(1)).min(1).max(50).optional(),
      seed: z.int().min(0).default(42),
      ...documentPlaces
    }),
    explainedFileSchema,
    ['models']
  ),
  /** Explains rows that the run was judged on; the explanation is kept with the run. */
  run: shape(
    z.object({
      run: RunId,
      method: z.enum(['auto', 'interventional', 'path-dependent', 'kernel']).default('auto'),
      /** Most rows, an even sample; as many as are quick for the model where it is not said. */
      rows: z.int().min(1).max(100_000).optional(),
      seed: z.int().min(0).default(42)
    }),
    explanationSchema,
    ['experiments', 'explain']
  ),
  /** The decision sheet of a row that an open panel is asked about. */
  saveSheet: shape(
    z.object({
      panel: z.uuid(),
      values: rowValuesSchema,
      /** The outcome that is explained; the one that is decided for where it is not said. */
      output: z.string().optional(),
      /** The row of the test data that the values began as. */
      row: z.int().min(1).optional(),
      /** Puts the nearest rows with another answer on the sheet: which answer, and what may become of columns. */
      nearest: askedNearestSchema.optional(),
      ...documentPlaces
    }),
    SavedDocument,
    ['explain']
  )
}
