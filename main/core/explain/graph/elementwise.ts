import type { OnnxElement } from '../../onnx-file'
import { Unreadable } from '../unreadable'
import { floatOf, intOf } from './model'
import { columnNumbers, inputOf, joinSupports, settle, spread, type Call, type Operator, type RowColumn, type RowTensor } from './values'

const truth = (value: boolean): number => (value ? 1 : 0)

const unary: Record<string, (x: number) => number> = {
  Neg: (x) => -x,
  Abs: Math.abs,
  Exp: Math.exp,
  Log: Math.log,
  Sqrt: Math.sqrt,
  Floor: Math.floor,
  Ceil: Math.ceil,
  Sign: Math.sign,
  Tanh: Math.tanh,
  Reciprocal: (x) => 1 / x,
  Relu: (x) => (x < 0 ? 0 : x),
  Sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  Softplus: (x) => Math.log1p(Math.exp(x))
}
const binary: Record<string, (a: number, b: number) => number> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Pow: (a, b) => a ** b,
  Min: (a, b) => Math.min(a, b),
  Max: (a, b) => Math.max(a, b)
}
const comparison: Record<string, (a: number, b: number) => number> = {
  Less: (a, b) => truth(a < b),
  LessOrEqual: (a, b) => truth(a <= b),
  Greater: (a, b) => truth(a > b),
  GreaterOrEqual: (a, b) => truth(a >= b),
  Equal: (a, b) => truth(a === b),
  And: (a, b) => truth(a !== 0 && b !== 0),
  Or: (a, b) => truth(a !== 0 || b !== 0),
  Xor: (a, b) => truth((a !== 0) !== (b !== 0))
}

const map = (tensor: RowTensor, element: OnnxElement, apply: (x: number) => number): RowTensor => ({
  ...tensor,
  element,
  columns: tensor.columns.map((column) => ({ support: column.support, numbers: settle(columnNumbers(column).map(apply), element) }))
})

/** Tensors of one width: a single column stands for all, as the format says (multidirectional broadcasting). */
function aligned(tensors: readonly RowTensor[]): { rank: 1 | 2; columns: RowColumn[][] } {
  const ofRows = tensors.filter(({ columns }) => columns.some(({ support }) => support.length > 0))
  const ranks = new Set(ofRows.map(({ rank }) => rank))
  const width = Math.max(...tensors.map(({ columns }) => columns.length))
  if (ranks.size > 1) throw new Unreadable('mixes a column with a list, which makes a table of every row with every other')
  if (ranks.has(1) && width > 1) throw new Unreadable('mixes a list of rows with a list of columns')
  for (const { columns } of tensors)
    if (columns.length !== 1 && columns.length !== width) throw new Unreadable('computes with tables of different width')
  const columns = Array.from({ length: width }, (_, at) => tensors.map((tensor) => tensor.columns[tensor.columns.length === 1 ? 0 : at]!))
  return { rank: ranks.has(1) ? 1 : 2, columns }
}

function combine(call: Call, element: OnnxElement, apply: (a: number, b: number) => number): RowTensor {
  const tensors = call.inputs.map((_, at) => spread(inputOf(call, at), call.rows))
  const { rank, columns } = aligned(tensors)
  return {
    kind: 'rows',
    element,
    rank,
    columns: columns.map((parts) => {
      let sum = columnNumbers(parts[0]!)
      for (const part of parts.slice(1)) {
        const other = columnNumbers(part)
        sum = settle(
          sum.map((value, row) => apply(value, other[row]!)),
          element
        )
      }
      return { support: joinSupports(parts.map(({ support }) => support)), numbers: sum }
    })
  }
}

const typeOf = (call: Call): OnnxElement => inputOf(call, 0).element

const where: Operator = (call) => {
  const [condition, left, right] = [0, 1, 2].map((at) => spread(inputOf(call, at), call.rows))
  const { rank, columns } = aligned([condition!, left!, right!])
  return {
    kind: 'rows',
    element: left!.element,
    rank,
    columns: columns.map((parts) => {
      const [chosen, yes, no] = parts.map(columnNumbers)
      return {
        support: joinSupports(parts.map(({ support }) => support)),
        numbers: chosen!.map((value, row) => (value !== 0 ? yes! : no!)[row]!)
      }
    })
  }
}

const equalTexts = (call: Call): RowTensor | null => {
  const tensors = [0, 1].map((at) => spread(inputOf(call, at), call.rows))
  if (!tensors.every(({ element }) => element === 'string')) return null
  const { rank, columns } = aligned(tensors)
  return {
    kind: 'rows',
    element: 'bool',
    rank,
    columns: columns.map(([a, b]) => ({
      support: joinSupports([a!.support, b!.support]),
      numbers: Float64Array.from(a!.texts!, (text, row) => truth(text === b!.texts![row]))
    }))
  }
}

/** By their numbers in onnx.proto. */
const elementTypes: Record<number, OnnxElement> = { 1: 'float', 6: 'int32', 7: 'int64', 8: 'string', 9: 'bool', 11: 'double' }

const toText = (value: number, element: OnnxElement): string => (element === 'bool' ? (value ? 'True' : 'False') : String(value))

const cast: Operator = (call) => {
  const tensor = spread(inputOf(call, 0), call.rows)
  const to = elementTypes[intOf(call.node, 'to') ?? 0]
  if (to === 'string')
    return {
      ...tensor,
      element: to,
      columns: tensor.columns.map((column) =>
        column.texts ? column : { support: column.support, texts: Array.from(column.numbers!, (value) => toText(value, tensor.element)) }
      )
    }
  if (to === undefined) throw new Unreadable('casts to an element type that is not read')
  if (tensor.element === 'string')
    return {
      ...tensor,
      element: to,
      columns: tensor.columns.map(({ support, texts }) => ({ support, numbers: settle(Float64Array.from(texts!, Number), to) }))
    }
  if (to === 'bool') return map(tensor, to, (x) => truth(x !== 0))
  return map(tensor, to, to === 'float' || to === 'double' ? (x) => x : Math.trunc)
}

const clip: Operator = (call) => {
  const limit = (at: number, name: string, usual: number): number => {
    const value = call.inputs[at]
    return (value?.kind === 'constant' ? value.numbers?.[0] : undefined) ?? floatOf(call.node, name) ?? usual
  }
  const low = limit(1, 'min', -Infinity)
  const high = limit(2, 'max', Infinity)
  return map(spread(inputOf(call, 0), call.rows), typeOf(call), (x) => (x < low ? low : x > high ? high : x))
}

/** Operators that take each cell for itself (ONNX operator set, ai.onnx). */
export const elementwise: Record<string, Operator> = {
  ...Object.fromEntries(
    Object.entries(unary).map(([name, apply]): [string, Operator] => [
      name,
      (call) => map(spread(inputOf(call, 0), call.rows), typeOf(call), apply)
    ])
  ),
  ...Object.fromEntries(
    Object.entries(binary).map(([name, apply]): [string, Operator] => [name, (call) => combine(call, typeOf(call), apply)])
  ),
  ...Object.fromEntries(
    Object.entries(comparison).map(([name, apply]): [string, Operator] => [
      name,
      (call) => (name === 'Equal' ? equalTexts(call) : null) ?? combine(call, 'bool', apply)
    ])
  ),
  Sum: (call) => combine(call, typeOf(call), (a, b) => a + b),
  Not: (call) => map(spread(inputOf(call, 0), call.rows), 'bool', (x) => truth(x === 0)),
  IsNaN: (call) => map(spread(inputOf(call, 0), call.rows), 'bool', (x) => truth(x !== x)),
  Identity: (call) => inputOf(call, 0),
  Where: where,
  Cast: cast,
  Clip: clip
}
