import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { WorkbenchError, fromSystemError } from '../../model/errors'
import { fit, inOneSentence } from '../../model/schema-words'
import { boostedTreesSchema, predictTrees } from './boosting/tree'
import { featureEncodingSchema, type EncodedTable } from './features'
import { linearModelSchema, predictLinear } from './logistic/linear-model'

const shared = {
  schema: z.literal('drydock.native-model'),
  version: z.literal(1),
  features: z.array(featureEncodingSchema).min(1)
}

/** The fitted model in a form that explanations can walk; lies beside model.onnx as model.json. */
export const nativeModelSchema = z.discriminatedUnion('algorithm', [
  z.object({ ...shared, algorithm: z.literal('gradient-boosting'), model: boostedTreesSchema }),
  z.object({ ...shared, algorithm: z.literal('logistic-regression'), model: linearModelSchema })
])
export type NativeModel = z.infer<typeof nativeModelSchema>

/** Probability of the positive class for encoded rows, rounded to float32 as the ONNX graph does. */
export function predictNative(native: NativeModel, table: EncodedTable): Float64Array {
  const missingCodes = native.features.map((feature) => feature.kept.length + 1)
  const scores =
    native.algorithm === 'gradient-boosting'
      ? predictTrees(native.model, table.columns, missingCodes, table.rows)
      : predictLinear(native.model, table)
  return scores.map((score) => Math.fround(1 / (1 + Math.exp(-score))))
}

/**
 * Reads model.json and checks that its trees and weights fit its features.
 * @throws WorkbenchError NOT_FOUND, INVALID_INPUT
 */
export async function readNativeModel(path: string): Promise<NativeModel> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw fromSystemError(error, `reading the model ${path}`)
  })
  try {
    const native = fit(nativeModelSchema, JSON.parse(text))
    if (!native.success) throw new Error(inOneSentence(native.problems))
    assertConsistent(native.data)
    return native.data
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? 'it is not JSON' : cause instanceof Error ? cause.message : String(cause)
    throw new WorkbenchError('INVALID_INPUT', `The file ${path} is not a model of this workbench: ${reason}. Train the model again.`, {
      cause
    })
  }
}

/** Children must follow their parent, so that walking a tree always ends; indexes must exist. */
function assertConsistent(native: NativeModel): void {
  const features = native.features.length
  if (native.algorithm === 'logistic-regression') {
    if (native.model.terms.length !== features) throw new Error('it has not one term per feature')
    native.model.terms.forEach((term, index) => {
      const feature = native.features[index]!
      const expected = feature.kind === 'category' ? feature.kept.length + 2 : 0
      if ((term.type === 'category' ? term.weights.length : 0) !== expected)
        throw new Error(`the weights of "${feature.name}" do not fit it`)
    })
    return
  }
  for (const tree of native.model.trees) {
    const nodes = tree.feature.length
    if (nodes === 0 || Object.values(tree).some((values) => values.length !== nodes))
      throw new Error('a tree has arrays of different length')
    for (let node = 0; node < nodes; node++) {
      if (tree.feature[node]! < 0) continue
      const isCategory = native.features[tree.feature[node]!]?.kind === 'category'
      if (tree.feature[node]! >= features || tree.set[node]! >= native.model.sets.length || isCategory !== tree.set[node]! >= 0)
        throw new Error('a tree names a feature or set that does not exist')
      for (const child of [tree.left[node]!, tree.right[node]!])
        if (child <= node || child >= nodes) throw new Error('a tree has a broken branch')
    }
  }
}
