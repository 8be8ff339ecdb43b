import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { WorkbenchError, fromSystemError } from '../../model/errors'
import { fit, inOneSentence } from '../../model/schema-words'
import { algorithmSchema } from '../../model/training'
import { featureEncodingSchema, type EncodedTable } from './features'
import { applyLink, objectiveSchema } from './objective'
import { trainers } from './trainers'

/** The fitted model in a form that can be read; lies beside model.onnx as model.json. What `model` holds is the trainer's own. */
const nativeModelSchema = z.object({
  schema: z.literal('drydock.native-model'),
  version: z.literal(1),
  algorithm: algorithmSchema,
  /** Left out for a logistic one. */
  objective: objectiveSchema.optional(),
  features: z.array(featureEncodingSchema).min(1),
  model: z.unknown()
})
export type NativeModel<M = unknown> = Omit<z.infer<typeof nativeModelSchema>, 'model'> & { model: M }

export const objectiveOf = ({ objective }: Pick<NativeModel, 'objective'>) => objective ?? ({ name: 'logistic' } as const)

/** What the model states for encoded rows, row-major with the width of its objective, rounded to float32 as the ONNX graph does. */
export function predictNative(native: NativeModel, table: EncodedTable): Float64Array {
  const objective = objectiveOf(native)
  return applyLink(objective, trainers[native.algorithm].predict(native.model, native.features, table, objective))
}

/**
 * Reads model.json and checks that its parts fit each other.
 * @throws WorkbenchError NOT_FOUND, INVALID_INPUT
 */
export async function readNativeModel(path: string): Promise<NativeModel> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw fromSystemError(error, `reading the model ${path}`)
  })
  return parseNativeModel(text, `The file ${path}`)
}

/**
 * The same from the text of model.json; `what` names it in a message.
 * @throws WorkbenchError INVALID_INPUT
 */
export function parseNativeModel(text: string, what: string): NativeModel {
  try {
    const native = parsed(nativeModelSchema, JSON.parse(text))
    const trainer = trainers[native.algorithm]
    const model = parsed(trainer.model, native.model)
    trainer.check(model, native.features, objectiveOf(native))
    return { ...native, model }
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? 'it is not JSON' : cause instanceof Error ? cause.message : String(cause)
    throw new WorkbenchError('INVALID_INPUT', `${what} is not a model of this workbench: ${reason}. Train the model again.`, {
      cause
    })
  }
}

function parsed<T extends z.ZodType>(schema: T, json: unknown): z.output<T> {
  const found = fit(schema, json)
  if (!found.success) throw new Error(inOneSentence(found.problems))
  return found.data
}
