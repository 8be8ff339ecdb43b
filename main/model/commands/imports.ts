import { z } from 'zod'
import { placeInput } from '../place'
import { shape } from './shape'

/** What a file of a model is called in the folder "code" of the workspace, from which steps take files. */
const placedFile = z.string().min(1).max(1000)

export const importsShapes = {
  /** Copies a model that was made elsewhere, and what the original predicted, to where steps take files from. Nothing is registered. */
  place: shape(
    z.object({ file: placeInput('read'), predictions: placeInput('read').optional() }),
    z.object({ file: placedFile, predictions: placedFile.nullable() }),
    ['imports']
  )
}
