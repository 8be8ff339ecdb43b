import { z } from 'zod'
import { placeInput } from '../place'
import { RunId } from '../reference'
import { reproductionSchema } from '../reproduction'
import { shape } from './shape'

export const reproduceShapes = {
  /** Does a run again from its record and compares; with files, these are held against the datasets that it read first. */
  run: shape(z.object({ run: RunId, data: z.array(placeInput('read')).max(100).default([]) }), reproductionSchema, ['experiments'])
}
