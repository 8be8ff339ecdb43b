import { z } from 'zod'
import { importsShapes } from '../../main/model/commands/imports'
import { workProgressSchema } from '../../main/model/dataset'
import { draftRequestSchema, importDraftSchema, modelOutlineSchema } from '../../main/model/model-import'
import { placeInput } from '../../main/model/place'
import { command, query, stream } from '../wire/definitions'

/** Models that were made elsewhere, before they are taken in. */
export const imports = {
  /** What a file says of itself. Nothing of it is run. */
  outline: query({ input: z.object({ file: placeInput('read') }), output: modelOutlineSchema }),
  /** What taking it in would make of it, on rows of a dataset. Nothing is kept. */
  draft: stream({ input: draftRequestSchema, item: workProgressSchema, output: importDraftSchema }),
  place: command(importsShapes.place)
}
