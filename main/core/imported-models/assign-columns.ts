import { columnOf, type Frame } from '../frames'
import { fedInputs, type OnnxElement, type OnnxFile, type OnnxFileValue } from '../onnx-file'
import { listNames, refuse } from './refuse'

/** One column of one input. */
export interface Slot {
  input: string
  element: OnnxElement
  /** 1 for [N], 2 for [N, F]. */
  rank: number
  column: string
}
export interface AssignedColumns {
  slots: Slot[]
  /** How the order is known, in words. */
  from: string
}

/** Types that a cell of a table can be made into. */
const taken: readonly OnnxElement[] = [
  'float',
  'double',
  'float16',
  'int64',
  'int32',
  'int16',
  'int8',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'bool',
  'string'
]

/**
 * Says which column of a table goes where in a graph: as the caller lists them, as the file names them, or by the names of inputs of one column each.
 * @throws WorkbenchError INVALID_INPUT, naming the tensor or column
 */
export function assignColumns(file: OnnxFile, frame: Frame, target: string, asked?: readonly string[]): AssignedColumns {
  const inputs = fedInputs(file.graph)
  if (inputs.length === 0) refuse('The model has no input, so it says the same of every row. Export the model again.')
  const widths = inputs.map((input) => widthOf(input, inputs.length === 1 ? asked?.length : undefined))
  const named = asked ?? namesInFile(file, widths)
  const names = [...frame.columns.keys()]
  if (named) {
    const slots = widths.reduce((sum, width) => sum + width, 0)
    if (named.length !== slots)
      refuse(
        `The model takes ${slots} columns (${inputs.map(({ name }, index) => `"${name}": ${widths[index]}`).join(', ')}), and ${named.length} are named: ${listNames(named)}. Name each in the order of the inputs.`,
        { columns: named.slice(0, 100) }
      )
    if (named.includes(target))
      refuse(`The target "${target}" is among the input columns. A model that reads it only copies it.`, { column: target })
    const given = [...named]
    return {
      slots: inputs.flatMap((input, index) => given.splice(0, widths[index]).map((column) => slotOf(input, column, frame, names))),
      from: asked ? 'as they were listed' : 'from the metadata of the file'
    }
  }
  const wide = inputs.findIndex((_, index) => widths[index]! > 1)
  if (wide >= 0) {
    const others = names.filter((name) => name !== target)
    refuse(
      `The input "${inputs[wide]!.name}" takes ${widths[wide]} columns in one tensor, and the file does not say which. List them with "columns" in the order in which the model was trained. The table has: ${others.slice(0, 60).join(', ')}.`,
      { tensor: inputs[wide]!.name }
    )
  }
  const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '_')
  const slots = inputs.map((input) => {
    const alike = names.filter((name) => plain(name) === plain(input.name))
    const column = names.includes(input.name) ? input.name : alike.length === 1 ? alike[0]! : undefined
    if (column === undefined)
      refuse(
        `The table has no column for the input "${input.name}". It has: ${listNames(names)}. Rename the column, or list the columns with "columns" in the order of the inputs: ${inputs.map(({ name }) => name).join(', ')}.`,
        { tensor: input.name }
      )
    if (column === target)
      refuse(`The input "${input.name}" is the target of the model. A model that reads it only copies it.`, { column: target })
    return slotOf(input, column!, frame, names)
  })
  return { slots, from: 'by the names of the inputs' }
}

/** What of the columns the file itself says: how many go into each input (null: left open), and their names in order. */
export function columnsInFile(file: OnnxFile): { widths: (number | null)[]; named: string[] | null } {
  const inputs = fedInputs(file.graph)
  const widths = inputs.map((input) => widthOf(input, undefined))
  return { widths: inputs.map(({ type }, at) => (isOpen(type) ? null : widths[at]!)), named: namesInFile(file, widths) ?? null }
}

/** A tensor of rows by any number of columns. */
const isOpen = (type: OnnxFileValue['type']): boolean =>
  type.kind === 'tensor' &&
  (type.dimensions === null || (type.dimensions.length === 2 && !(typeof type.dimensions[1] === 'number' && type.dimensions[1] > 0)))

/** Columns that an input takes; `listed` where only the caller can say. */
function widthOf({ name, type }: OnnxFileValue, listed: number | undefined): number {
  if (type.kind !== 'tensor')
    return refuse(`The input "${name}" is no tensor. Export the model with tensors of the shape [N, columns] as inputs.`, { tensor: name })
  const { dimensions } = type
  if (dimensions === null) return listed ?? 1
  const shape = `[${dimensions.map((each) => each ?? '?').join(', ')}]`
  if (dimensions.length === 0 || dimensions.length > 2)
    return refuse(
      `The input "${name}" has the shape ${shape}; columns of a table go into [N], [N, 1] or [N, columns]. This is no model for tables, or it was exported with another example input.`,
      { tensor: name }
    )
  if (typeof dimensions[0] === 'number' && dimensions[0] > 0)
    return refuse(
      `The input "${name}" has the shape ${shape}: it takes exactly ${dimensions[0]} ${dimensions[0] === 1 ? 'row' : 'rows'} at a time. Export the model with a free first dimension (in torch.onnx.export: dynamic_axes={"${name}": {0: "N"}}).`,
      { tensor: name }
    )
  if (dimensions.length === 1) return 1
  const width = dimensions[1]
  return typeof width === 'number' && width > 0 ? width : (listed ?? 1)
}

/** Names of columns that exporters leave in the metadata; undefined where there are none or they do not fit. */
function namesInFile({ metadata }: OnnxFile, widths: readonly number[]): string[] | undefined {
  const slots = widths.reduce((sum, width) => sum + width, 0)
  for (const key of ['feature_names', 'feature_names_in', 'features', 'columns', 'input_columns']) {
    const text = Object.hasOwn(metadata, key) ? metadata[key]! : ''
    const names = parseNames(text)
    if (names.length === slots) return names
  }
  return undefined
}

function parseNames(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) && value.every((each) => typeof each === 'string' && each !== '') ? (value as string[]) : []
  } catch {
    return text.split(',').flatMap((name) => name.trim() || [])
  }
}

function slotOf(input: OnnxFileValue, column: string, frame: Frame, names: readonly string[]): Slot {
  if (!names.includes(column))
    refuse(`The table has no column "${column}" for the input "${input.name}". It has: ${listNames(names)}.`, { column })
  const element = input.type.kind === 'tensor' ? input.type.element : 'other'
  if (!taken.includes(element))
    refuse(
      `The input "${input.name}" takes values of the type ${element}, which no column of a table holds. Export the model with float inputs.`,
      {
        tensor: input.name
      }
    )
  const { kind } = columnOf(frame, column)
  const isText = kind === 'category'
  if (isText !== (element === 'string') && !isEmpty(frame, column))
    refuse(
      isText
        ? `The column "${column}" holds texts, and the input "${input.name}" takes ${element}. Name the column that the model was trained on, or make it a number in an SQL step.`
        : `The column "${column}" holds ${kind === 'timestamp' ? 'points in time' : 'numbers'}, and the input "${input.name}" takes texts. Make it text in an SQL step (CAST(... AS VARCHAR)), or name another column.`,
      { tensor: input.name, column }
    )
  const rank = input.type.kind === 'tensor' && input.type.dimensions?.length === 1 ? 1 : 2
  return { input: input.name, element, rank, column }
}

export function isEmpty(frame: Frame, name: string): boolean {
  const column = columnOf(frame, name)
  return column.kind === 'category' ? column.codes.every((code) => code < 0) : column.values.every(Number.isNaN)
}
