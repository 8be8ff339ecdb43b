import { basename } from 'node:path'
import { WorkbenchError } from '../../model/errors'
import type { ModelOutline } from '../../model/model-import'
import { sha256 } from '../../storage/objects/durable-files'
import { fedInputs, readOnnx, readOnnxBytes, type OnnxType } from '../onnx-file'
import { columnsInFile } from './assign-columns'
import { operatorsOf } from './draft-signature'
import { findScores } from './find-scores'
import { assertOperators } from './known-operators'
import { assertSafeFormat } from './unsafe-formats'

/**
 * Reads what a model file says of itself, without running it. Refused is what can never be taken in, whatever rows come with it.
 * @throws WorkbenchError INVALID_INPUT naming the tensor or the format with the way to convert, NOT_FOUND
 */
export async function outlineModel(path: string): Promise<ModelOutline> {
  const name = basename(path)
  const bytes = await readOnnxBytes(path)
  assertSafeFormat(bytes, name)
  const file = readOnnx(bytes, name)
  assertOperators(file, name)
  const { widths, named } = columnsInFile(file)
  return {
    name,
    sha256: sha256(bytes),
    bytes: bytes.byteLength,
    producer: `${file.producer} ${file.producerVersion}`.trim(),
    operators: operatorsOf(file),
    inputs: fedInputs(file.graph).map((input, at) => ({ name: input.name, tensor: tensorWord(input.type), width: widths[at]! })),
    outputs: file.graph.outputs.map((output) => ({ name: output.name, tensor: tensorWord(output.type) })),
    columns: named,
    classes: namedClasses(file)
  }
}

/** The classes that the file names; null where it names none, or it is not plain which outputs are the scores: then a person says which. */
function namedClasses(file: Parameters<typeof findScores>[0]): ModelOutline['classes'] {
  try {
    return findScores(file).classes
  } catch (error) {
    if (error instanceof WorkbenchError) return null
    throw error
  }
}

const tensorWord = (type: OnnxType): string =>
  type.kind === 'tensor' ? `${type.element} [${(type.dimensions ?? ['?']).map((each) => each ?? '?').join(', ')}]` : type.kind
