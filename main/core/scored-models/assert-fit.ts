import type { ColumnChoice } from '../../model/dataset'
import { WorkbenchError } from '../../model/errors'
import { didYouMean } from '../../model/near-names'
import type { FeatureKind, ModelSignature, SignatureInput } from '../../model/training'
import type { MisfitCells, SeenColumn } from '../datasets'
import { columnOf, listed, type Column, type Frame } from '../frames'

/** Rows that an error names. */
const namedRows = 3

const trainedAs: Record<FeatureKind, string> = {
  number: 'numbers',
  boolean: 'numbers (true and false)',
  timestamp: 'points in time',
  category: 'text'
}

/** Every column that the model reads is there. @throws WorkbenchError INVALID_INPUT with all that are missing and what was perhaps meant */
export function assertColumns(signature: ModelSignature, keep: readonly string[], columns: readonly SeenColumn[], fileName: string): void {
  const names = columns.map(({ name }) => name)
  const missing = [...signature.inputs.map(({ name }) => name), ...keep].filter((name) => !names.includes(name))
  if (missing.length === 0) return
  const unused = names.filter((name) => !signature.inputs.some((input) => input.name === name))
  const named = missing.slice(0, 10).map((name) => ({ name: `"${name}"`, meant: didYouMean(name, unused) }))
  const unlike = named.flatMap(({ name, meant }) => (meant === '' ? [name] : []))
  const said = [
    ...(unlike.length > 0 ? [`${unlike.join(', ')}.`] : []),
    ...named.flatMap(({ name, meant }) => (meant === '' ? [] : [`${name}.${meant}`]))
  ]
  throw new WorkbenchError(
    'INVALID_INPUT',
    `"${fileName}" lacks ${missing.length === 1 ? 'a column' : `${missing.length} columns`} that the model reads or that you want to keep: ${said.join(' ')}${missing.length > 10 ? ` And ${missing.length - 10} more.` : ''} It has: ${listed(names)}. Nothing was scored. Rename the columns in the file or with --rename, or use the file the model was made for.`,
    { details: { missing, columns: names.slice(0, 100) } }
  )
}

const numeric = new Set(['integer', 'number', 'boolean', 'time'])
const temporal = new Set(['date', 'timestamp'])

/** How each column of a file is read: those that nobody asks for are left out, and a text is a text where the model was given texts. */
export function chooseColumns(
  signature: ModelSignature,
  keep: readonly string[],
  columns: readonly SeenColumn[],
  given: readonly ColumnChoice[],
  isText: boolean
): ColumnChoice[] {
  const inputs = new Map(signature.inputs.map((input) => [input.name, input]))
  return columns.map(({ name, source, kind }): ColumnChoice => {
    const own = given.find((choice) => choice.source === source) ?? { source }
    const input = inputs.get(name)
    if (!input) return keep.includes(name) ? own : { source, drop: true }
    if (own.type || !isText) return own
    return { ...own, ...typeFor(input, kind) }
  })
}

/** The type to read a column of a text file as, where what was found in it is another than the model was given. */
function typeFor({ kind }: SignatureInput, found: SeenColumn['kind']): Pick<ColumnChoice, 'type'> {
  if (kind === 'category') return found === 'text' ? {} : { type: 'text' }
  if (kind === 'timestamp') return temporal.has(found) ? {} : { type: 'timestamp' }
  return numeric.has(found) ? {} : { type: 'number' }
}

/** @throws WorkbenchError INVALID_INPUT naming the column, the first rows and their texts, where cells are not of the type that was trained */
export function assertNoMisfits(signature: ModelSignature, misfits: MisfitCells): void {
  const of = new Map(signature.inputs.map(({ name, kind }) => [name, kind]))
  const wrong = misfits.counts.columns.find(({ column }) => of.has(column))
  if (!wrong) return
  const index = misfits.columns.indexOf(wrong.column)
  const cells = misfits.column.flatMap((column, at) =>
    column === index ? [{ row: misfits.row[at]!, line: misfits.line[at]!, value: misfits.text[at]! }] : []
  )
  throw wrongType(wrong.column, of.get(wrong.column)!, wrong.cells, cells.slice(0, namedRows))
}

/** The same for a file that has types of its own. @param before rows before this batch */
export function assertKinds(signature: ModelSignature, frame: Frame, before: number): void {
  for (const { name, kind } of signature.inputs) {
    const column = columnOf(frame, name)
    if (groupOf(column.kind) === groupOf(kind)) continue
    const cells = filledCells(column, frame.rows)
    if (cells.length === 0) continue
    throw wrongType(
      name,
      kind,
      null,
      cells.slice(0, namedRows).map(({ row, value }) => ({ row: before + row + 1, line: null, value }))
    )
  }
}

const groupOf = (kind: FeatureKind): FeatureKind => (kind === 'boolean' ? 'number' : kind)

function filledCells(column: Column, rows: number): { row: number; value: string }[] {
  const found: { row: number; value: string }[] = []
  for (let row = 0; row < rows && found.length < namedRows; row++) {
    if (column.kind === 'category') {
      if (column.codes[row]! >= 0) found.push({ row, value: column.categories[column.codes[row]!]! })
    } else if (!Number.isNaN(column.values[row]!)) found.push({ row, value: String(column.values[row]) })
  }
  return found
}

function wrongType(
  column: string,
  kind: FeatureKind,
  count: number | null,
  cells: readonly { row: number; line: number | null; value: string }[]
): WorkbenchError {
  const where = cells.map(
    ({ row, line, value }) => `row ${row}${line === null ? '' : ` (line ${line})`}: ${JSON.stringify(value.slice(0, 60))}`
  )
  const many = count === null || count <= cells.length ? '' : ` and ${count - cells.length} more cells`
  return new WorkbenchError(
    'INVALID_INPUT',
    `The model learned "${column}" as ${trainedAs[kind]}, but the file has other values there: ${where.join(', ')}${many}. Nothing was scored. Correct the cells; if such a text means "no value", say so with --null-in ${column}=TEXT; if the column is another one, rename it.`,
    { details: { column, trainedAs: kind, cells } }
  )
}
