import type { OnnxElement, OnnxFileNode } from '../../onnx-file'
import { Unreadable } from '../unreadable'
import type { Constant } from './model'
import { intOf } from './model'

/** One column of a tensor with a row for each row of the table, and the columns of the table (by place) that it follows from. */
export type RowColumn = { support: readonly number[] } & (
  { numbers: Float64Array; texts?: undefined } | { texts: readonly string[]; numbers?: undefined }
)

/** A tensor of shape [N, columns], or [N] (rank 1, one column). Numbers are doubles that hold what the element type can hold. */
export interface RowTensor {
  kind: 'rows'
  element: OnnxElement
  rank: 1 | 2
  columns: readonly RowColumn[]
}
export interface ConstantTensor extends Constant {
  kind: 'constant'
}
export type Value = RowTensor | ConstantTensor

/** What an operator is given: an input that the node leaves out is null. */
export interface Call {
  node: OnnxFileNode
  inputs: readonly (Value | null)[]
  rows: number
}
export type Operator = (call: Call) => Value

export const noSupport: readonly number[] = []

/** The union of supports, ascending. */
export function joinSupports(supports: Iterable<readonly number[]>): readonly number[] {
  let joined: readonly number[] = noSupport
  for (const support of supports)
    if (joined.length === 0) joined = support
    else if (support !== joined && support.some((each) => !joined.includes(each)))
      joined = [...new Set([...joined, ...support])].sort((a, b) => a - b)
  return joined
}

export function inputOf({ node, inputs }: Call, at: number): Value {
  const value = inputs[at]
  if (!value) throw new Unreadable(`has a node ${node.operator} without its input ${at}`)
  return value
}

export function rowsOf(call: Call, at: number): RowTensor {
  const value = inputOf(call, at)
  if (value.kind !== 'rows') throw new Unreadable(`has a node ${call.node.operator} over constants alone`)
  return value
}

/** A constant input of numbers. */
export function numbersOf(call: Call, at: number): { values: Float64Array; dimensions: readonly number[] } {
  const value = inputOf(call, at)
  if (value.kind !== 'constant' || !value.numbers) throw new Unreadable(`has a node ${call.node.operator} whose input ${at} is no constant`)
  return { values: value.numbers, dimensions: value.dimensions }
}

export function columnNumbers(column: RowColumn): Float64Array {
  if (!column.numbers) throw new Unreadable('computes with texts')
  return column.numbers
}

/** Rounds in place to what the element type holds. */
export function settle(values: Float64Array, element: OnnxElement): Float64Array {
  if (element === 'float') for (let row = 0; row < values.length; row++) values[row] = Math.fround(values[row]!)
  return values
}

/** A constant as a tensor of rows, of shape [], [1], [C], [1, C]. */
export function spread(value: Value, rows: number): RowTensor {
  if (value.kind === 'rows') return value
  const { dimensions, numbers, texts, element } = value
  if (dimensions.slice(0, -1).some((length) => length !== 1)) throw new Unreadable('computes with a constant that has rows of its own')
  const columns: RowColumn[] = numbers
    ? Array.from(numbers, (number) => ({ support: noSupport, numbers: new Float64Array(rows).fill(number) }))
    : texts!.map((text) => ({ support: noSupport, texts: new Array<string>(rows).fill(text) }))
  return { kind: 'rows', element, rank: columns.length === 1 && dimensions.length < 2 ? 1 : 2, columns }
}

export const attributeInt = (node: OnnxFileNode, name: string, usual: number): number => intOf(node, name) ?? usual
