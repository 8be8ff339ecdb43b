import { z } from 'zod'
import { placeInput } from '../place'
import { Sha256 } from '../reference'
import { shape } from './shape'

/** What a file of a model is called in the folder "code" of the workspace, from which steps take files. */
const placedFile = z.string().min(1).max(1000)

/** Digests of the files as somebody looked at them: other bytes are refused. */
const approvedFiles = z.object({ model: Sha256, predictions: Sha256.nullable() })
export type ApprovedFiles = z.infer<typeof approvedFiles>

export const importsShapes = {
  /** Copies a model that was made elsewhere, and what the original predicted, to where steps take files from. Nothing is registered. */
  place: shape(
    z.object({ file: placeInput('read'), predictions: placeInput('read').optional(), approved: approvedFiles.optional() }),
    z.object({ file: placedFile, predictions: placedFile.nullable() }),
    ['imports']
  )
}
