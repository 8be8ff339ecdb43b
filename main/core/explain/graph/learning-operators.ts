import type { OnnxElement, OnnxFileNode } from '../../onnx-file'
import { Unreadable } from '../unreadable'
import { floatOf, floatsOf, intOf, intsOf, tensorOf, textOf, textsOf } from './model'
import { extract, weigh } from './shape-operators'
import { columnNumbers, inputOf, rowsOf, settle, spread, type Operator, type RowColumn, type RowTensor } from './values'

type Key = string | number

const listOf = (node: OnnxFileNode, kind: 'keys' | 'values'): readonly Key[] => {
  const found = textsOf(node, `${kind}_strings`) ?? intsOf(node, `${kind}_int64s`) ?? floatsOf(node, `${kind}_floats`)
  if (found) return found
  const tensor = tensorOf(node, `${kind}_tensor`)
  if (tensor) return tensor.texts ?? Array.from(tensor.numbers!)
  throw new Unreadable('encodes labels in a way that is not read')
}

function defaultOf(node: OnnxFileNode, element: OnnxElement): Key {
  const tensor = tensorOf(node, 'default_tensor')
  if (tensor) return tensor.texts?.[0] ?? tensor.numbers![0]!
  if (element === 'string') return textOf(node, 'default_string') ?? '_Unused'
  if (element === 'int64') return intOf(node, 'default_int64') ?? -1
  return floatOf(node, 'default_float') ?? 0
}

const valuesElement = (node: OnnxFileNode): OnnxElement => {
  if (textsOf(node, 'values_strings')) return 'string'
  if (intsOf(node, 'values_int64s')) return 'int64'
  return tensorOf(node, 'values_tensor')?.element ?? 'float'
}

/** ai.onnx.ml LabelEncoder 2 to 4: a missing number is a key like any other. */
const labelEncoder: Operator = (call) => {
  const { node } = call
  if (textsOf(node, 'classes_strings')) throw new Unreadable('encodes labels in the way of the first version')
  const tensor = rowsOf(call, 0)
  const values = listOf(node, 'values')
  const element = valuesElement(node)
  const unknown = defaultOf(node, element)
  const map = new Map<Key, Key>(listOf(node, 'keys').map((key, at) => [key, values[at]!]))
  const encode = (key: Key): Key => map.get(key) ?? unknown
  return {
    ...tensor,
    element,
    columns: tensor.columns.map(({ support, texts, numbers }): RowColumn => {
      const encoded = texts ? texts.map(encode) : Array.from(numbers, encode)
      return element === 'string'
        ? { support, texts: encoded as string[] }
        : { support, numbers: settle(Float64Array.from(encoded as number[]), element) }
    })
  }
}

const oneHot: Operator = (call) => {
  const tensor = rowsOf(call, 0)
  const keys: readonly Key[] = textsOf(call.node, 'cats_strings') ?? intsOf(call.node, 'cats_int64s') ?? []
  if (tensor.columns.length !== 1) throw new Unreadable('marks the categories of several columns at once')
  const { support, texts, numbers } = tensor.columns[0]!
  const cells: readonly Key[] = texts ?? Array.from(numbers)
  const columns = keys.map((key) => ({ support, numbers: Float64Array.from(cells, (cell) => (cell === key ? 1 : 0)) }))
  return { kind: 'rows', element: 'float', rank: 2, columns }
}

const listOfFloats = (node: OnnxFileNode, name: string): readonly number[] => floatsOf(node, name) ?? []

/** The value of a list for a column: one for all, or one each. */
const each = (values: readonly number[], at: number, usual: number): number => (values.length === 1 ? values[0]! : (values[at] ?? usual))

const imputer: Operator = (call) => {
  const tensor = rowsOf(call, 0)
  const { node } = call
  const fill = floatsOf(node, 'imputed_value_floats') ?? intsOf(node, 'imputed_value_int64s') ?? []
  const replaced = floatOf(node, 'replaced_value_float') ?? intOf(node, 'replaced_value_int64') ?? 0
  const isReplaced = (x: number): boolean => (replaced !== replaced ? x !== x : x === replaced)
  return {
    ...tensor,
    columns: tensor.columns.map((column, at) => ({
      support: column.support,
      numbers: columnNumbers(column).map((x) => (isReplaced(x) ? each(fill, at, 0) : x))
    }))
  }
}

const scaler: Operator = (call) => {
  const tensor = spread(inputOf(call, 0), call.rows)
  const offset = listOfFloats(call.node, 'offset')
  const scale = listOfFloats(call.node, 'scale')
  return {
    ...tensor,
    element: 'float',
    columns: tensor.columns.map((column, at) => ({
      support: column.support,
      numbers: settle(
        columnNumbers(column).map((x) => Math.fround(x - each(offset, at, 0)) * each(scale, at, 1)),
        'float'
      )
    }))
  }
}

const binarizer: Operator = (call) => {
  const tensor = rowsOf(call, 0)
  const threshold = floatOf(call.node, 'threshold') ?? 0
  return {
    ...tensor,
    columns: tensor.columns.map((column) => ({
      support: column.support,
      numbers: columnNumbers(column).map((x) => (x > threshold ? 1 : 0))
    }))
  }
}

const vectorizer: Operator = (call) => ({
  kind: 'rows',
  element: 'float',
  rank: 2,
  columns: call.inputs
    .flatMap((_, at) => spread(inputOf(call, at), call.rows).columns)
    .map((column) => ({ support: column.support, numbers: settle(columnNumbers(column).slice(), 'float') }))
})

/** Weights of a LinearRegressor or LinearClassifier as a matrix of one column each target, and what is added to it. */
export function linearWeights(node: OnnxFileNode, inputs: number): { values: Float64Array; width: number; plus: Float64Array } {
  const coefficients = listOfFloats(node, 'coefficients')
  const width = inputs > 0 ? coefficients.length / inputs : 0
  if (!Number.isInteger(width) || width < 1) throw new Unreadable('has weights that do not fit its table')
  const plus = listOfFloats(node, 'intercepts')
  return {
    width,
    values: Float64Array.from(coefficients, (_, at) => coefficients[(at % width) * inputs + Math.floor(at / width)]!),
    plus: Float64Array.from({ length: width }, (_, at) => plus[at] ?? 0)
  }
}

const linear: Operator = (call): RowTensor => {
  const tensor = rowsOf(call, 0)
  return weigh(tensor, { ...linearWeights(call.node, tensor.columns.length), element: 'float' })
}

/** Operators of learned models but trees, which are read as trees (ONNX operator set, ai.onnx.ml). */
export const learningOperators: Record<string, Operator> = {
  LabelEncoder: labelEncoder,
  OneHotEncoder: oneHot,
  Imputer: imputer,
  Scaler: scaler,
  Binarizer: binarizer,
  FeatureVectorizer: vectorizer,
  ArrayFeatureExtractor: extract,
  LinearRegressor: linear
}
