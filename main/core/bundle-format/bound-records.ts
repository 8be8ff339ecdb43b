import { z } from 'zod'
import { measuredIntervalsSchema } from '../../model/conformal'
import { importedModelSchema } from '../../model/imported-model'
import { paritySchema } from '../../model/parity'
import type { Sha256 } from '../../model/reference'
import { modelSignatureSchema } from '../../model/training'
import { findUnboundParity } from './bound-parity'
import { findUnboundMeasured, findUnboundSettled, readSettled } from './bound-settled'
import type { ReadVerified } from './read-verified'

const evaluationFile = 'evidence/evaluation.json'
const parityFile = 'evidence/parity.json'
const measuredOnly = z.object({ intervals: measuredIntervalsSchema.optional() })

/**
 * Says where what was recorded of a model besides its training (calibration, decision, intervals, parity of an import) is not what its signature
 * says, one sentence each; none where it is. Whoever signed it, the files are held against each other. A record that cannot be read says nothing
 * that could hold, so it is named too.
 * @param model SHA-256 of the enclosed model; undefined where there is none
 */
export async function findUnboundRecords(model: Sha256 | undefined, read: ReadVerified): Promise<string[]> {
  const unread: string[] = []
  const document = async <T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> => {
    const bytes = await read(file)
    if (!bytes) return undefined
    const parsed = schema.safeParse(parse(bytes))
    if (!parsed.success)
      unread.push(`${file} cannot be read by this Drydock, so nothing says that it is about the enclosed model; a later one may read it.`)
    return parsed.data
  }
  const settled = await readSettled(document)
  const parity = await document(parityFile, paritySchema)
  const { intervals } = (await document(evaluationFile, measuredOnly)) ?? {}
  if (!model) return ['The bundle encloses no model that its records could be about.']
  const signature = modelSignatureSchema.safeParse(parse(await read('model/signature.json'))).data
  const imported = parity && (await document('evidence/import.json', importedModelSchema))
  return [
    ...unread,
    ...findUnboundSettled(settled, signature, model),
    ...findUnboundMeasured(intervals, signature),
    ...(parity ? findUnboundParity(parity, { model, signature, imported }) : [])
  ]
}

function parse(bytes: Buffer | undefined): unknown {
  try {
    return bytes && JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
