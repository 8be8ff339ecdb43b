import { Unreadable } from '../unreadable'
import type { OnnxElement } from '../../onnx-file'
import { floatOf, intsOf } from './model'
import {
  attributeInt,
  columnNumbers,
  inputOf,
  joinSupports,
  numbersOf,
  rowsOf,
  settle,
  spread,
  type Call,
  type Operator,
  type RowColumn,
  type RowTensor
} from './values'

/** Whether an axis is the one of the columns. */
const isColumns = (axis: number): boolean => axis === 1 || axis === -1

const concat: Operator = (call) => {
  if (!isColumns(attributeInt(call.node, 'axis', 1))) throw new Unreadable('puts tables below each other')
  const parts = call.inputs.map((_, at) => spread(inputOf(call, at), call.rows))
  if (parts.some(({ rank, columns }) => rank === 1 && columns.some(({ support }) => support.length > 0)))
    throw new Unreadable('puts a list beside a table')
  return { kind: 'rows', element: parts[0]!.element, rank: 2, columns: parts.flatMap(({ columns }) => columns) }
}

const pick = (tensor: RowTensor, places: ArrayLike<number>, rank: 1 | 2 = 2): RowTensor => ({
  ...tensor,
  rank,
  columns: Array.from(places, (place) => {
    const column = tensor.columns[place < 0 ? place + tensor.columns.length : place]
    if (!column) throw new Unreadable('picks a column that is not there')
    return column
  })
})

/** Rows of a constant table by codes, or columns of a table by constant places. */
const gather: Operator = (call) => {
  const data = inputOf(call, 0)
  const axis = attributeInt(call.node, 'axis', 0)
  if (data.kind === 'rows') {
    const { values, dimensions } = numbersOf(call, 1)
    if (!isColumns(axis)) throw new Unreadable('picks rows of the table')
    return pick(data, values, dimensions.length === 0 ? 1 : 2)
  }
  const codes = rowsOf(call, 1)
  if (axis !== 0 || !data.numbers || codes.columns.length !== 1 || data.dimensions.length > 2)
    throw new Unreadable('looks a code up in a way that is not read')
  const [length = 1, width = 1] = data.dimensions
  if (data.dimensions.length === 2 && codes.rank === 2) throw new Unreadable('looks a table of codes up')
  const { support } = codes.columns[0]!
  const places = columnNumbers(codes.columns[0]!).map((code) => (code < 0 ? code + length : code))
  if (places.some((place) => !(place >= 0 && place < length))) throw new Unreadable('looks a code up that its table does not have')
  return {
    kind: 'rows',
    element: data.element,
    rank: data.dimensions.length === 2 ? 2 : codes.rank,
    columns: Array.from({ length: width }, (_, at) => ({ support, numbers: places.map((place) => data.numbers![place * width + at]!) }))
  }
}

/** Only reshapes that keep one row for each row: [-1], [-1, C], [N, C]. */
const reshape: Operator = (call) => {
  const value = inputOf(call, 0)
  const { values } = numbersOf(call, 1)
  if (value.kind === 'constant') return { ...value, dimensions: resolved(values, value.numbers?.length ?? value.texts!.length) }
  const width = value.columns.length
  if (values.length === 1 && values[0] === -1 && width === 1) return { ...value, rank: 1 }
  if (values.length === 2 && (values[1] === width || (values[1] === -1 && values[0] === 0))) return { ...value, rank: 2 }
  throw new Unreadable('reshapes a table in a way that mixes its rows')
}

function resolved(lengths: ArrayLike<number>, size: number): number[] {
  const known = Array.from(lengths).reduce((product, length) => (length > 0 ? product * length : product), 1)
  return Array.from(lengths, (length) => (length === -1 ? size / known : length))
}

const ofRank =
  (rank: 1 | 2): Operator =>
  (call) => {
    const value = inputOf(call, 0)
    if (value.kind === 'rows' && (rank === 2 || value.columns.length === 1)) return { ...value, rank }
    throw new Unreadable(`has a node ${call.node.operator} that is not read`)
  }

const slice: Operator = (call) => {
  const tensor = rowsOf(call, 0)
  const width = tensor.columns.length
  const only = (at: number, usual: number): number => {
    if (!call.inputs[at]) return usual
    const { values } = numbersOf(call, at)
    if (values.length !== 1) throw new Unreadable('cuts more than columns out of a table')
    return values[0]!
  }
  if (!isColumns(only(3, 0)) || only(4, 1) !== 1) throw new Unreadable('cuts rows out of a table')
  const place = (at: number): number => Math.max(0, Math.min(width, at < 0 ? at + width : at))
  return { ...tensor, columns: tensor.columns.slice(place(only(1, 0)), place(only(2, width))) }
}

const reduce =
  (finish: (columns: readonly Float64Array[], row: number) => number): Operator =>
  (call) => {
    const tensor = rowsOf(call, 0)
    const axes = call.inputs[1] ? numbersOf(call, 1).values : (intsOf(call.node, 'axes') ?? [])
    if (axes.length !== 1 || !isColumns(axes[0]!)) throw new Unreadable('adds rows up')
    const columns = tensor.columns.map(columnNumbers)
    const numbers = settle(
      Float64Array.from({ length: call.rows }, (_, row) => finish(columns, row)),
      tensor.element
    )
    const one: RowColumn = { support: joinSupports(tensor.columns.map(({ support }) => support)), numbers }
    return { ...tensor, rank: attributeInt(call.node, 'keepdims', 1) === 1 ? 2 : 1, columns: [one] }
  }

const sumOf = (columns: readonly Float64Array[], row: number): number => columns.reduce((sum, column) => sum + column[row]!, 0)

/** A table times a constant matrix: each column is a weighted sum. `plus` is added to it. */
export function weigh(
  tensor: RowTensor,
  { values, width, plus, element }: { values: ArrayLike<number>; width: number; plus?: ArrayLike<number>; element: OnnxElement }
): RowTensor {
  const size = tensor.columns.length
  if (values.length !== size * width) throw new Unreadable('multiplies a table with a matrix of another height')
  const inputs = tensor.columns.map(columnNumbers)
  const columns = Array.from({ length: width }, (_, at): RowColumn => {
    const numbers = new Float64Array(inputs[0]?.length ?? 0).fill(plus?.[at] ?? 0)
    const supports: (readonly number[])[] = []
    inputs.forEach((input, place) => {
      const weight = values[place * width + at]!
      if (weight === 0) return
      supports.push(tensor.columns[place]!.support)
      for (let row = 0; row < numbers.length; row++) numbers[row]! += weight * input[row]!
    })
    return { support: joinSupports(supports), numbers: settle(numbers, element) }
  })
  return { kind: 'rows', element, rank: 2, columns }
}

/** The matrix of a MatMul or Gemm, turned and scaled as its attributes say, and what Gemm adds. */
export function matrixOf(call: Call): { values: Float64Array; width: number; plus?: Float64Array } {
  const { node } = call
  const { values, dimensions } = numbersOf(call, 1)
  const [height = 1, width = 1] = dimensions
  if (node.operator === 'MatMul') return { values, width: dimensions.length < 2 ? 1 : width }
  if (attributeInt(node, 'transA', 0) !== 0) throw new Unreadable('turns the table round')
  const alpha = floatOf(node, 'alpha') ?? 1
  const beta = floatOf(node, 'beta') ?? 1
  const isTurned = attributeInt(node, 'transB', 0) === 1
  const [inner, outer] = isTurned ? [width, height] : [height, width]
  const matrix = Float64Array.from({ length: values.length }, (_, at) => {
    const [row, column] = [Math.floor(at / outer), at % outer]
    return alpha * values[isTurned ? column * inner + row : at]!
  })
  if (!call.inputs[2]) return { values: matrix, width: outer }
  const added = numbersOf(call, 2).values
  return { values: matrix, width: outer, plus: Float64Array.from({ length: outer }, (_, at) => beta * added[added.length === 1 ? 0 : at]!) }
}

const multiply: Operator = (call) => {
  const tensor = rowsOf(call, 0)
  return weigh(tensor, { ...matrixOf(call), element: tensor.element })
}

/** Operators that move, pick and add columns (ONNX operator set, ai.onnx). */
export const shapeOperators: Record<string, Operator> = {
  Concat: concat,
  Gather: gather,
  Reshape: reshape,
  Flatten: ofRank(2),
  Unsqueeze: ofRank(2),
  Squeeze: ofRank(1),
  Slice: slice,
  ReduceSum: reduce(sumOf),
  ReduceMean: reduce((columns, row) => sumOf(columns, row) / columns.length),
  MatMul: multiply,
  Gemm: multiply
}

/** Columns of a table by constant places (ai.onnx.ml ArrayFeatureExtractor). */
export const extract: Operator = (call) => pick(rowsOf(call, 0), numbersOf(call, 1).values)
