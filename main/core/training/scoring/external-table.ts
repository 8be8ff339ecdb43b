import { WorkbenchError } from '../../../model/errors'
import type { ModelSignature } from '../../../model/training'
import type { ScoreInput } from './protocol'

/** The rows as the command of an external scorer reads them: CSV by RFC 4180, columns by their names, an empty field for a missing value. */
export function writeRows(inputs: readonly ScoreInput[], { inputs: described }: ModelSignature, rows: number): string {
  const columns = inputs.map((input) => {
    const kind = described.find((each) => each.input === input.name)?.kind
    return (row: number): string => {
      if (input.tensor === 'string') return input.codes[row]! < 0 ? '' : quoted(input.texts[input.codes[row]!]!)
      const value = input.values[row]!
      if (Number.isNaN(value)) return ''
      if (kind === 'boolean') return value === 1 ? 'true' : 'false'
      return kind === 'timestamp' ? momentOf(value, described.find((each) => each.input === input.name)!.name, row) : String(value)
    }
  })
  const names = inputs.map((input) => quoted(described.find((each) => each.input === input.name)?.name ?? input.name))
  const lines = [names.join(',')]
  for (let row = 0; row < rows; row++) lines.push(columns.map((cell) => cell(row)).join(','))
  return `${lines.join('\n')}\n`
}

/** Milliseconds from 1970 that a date of ECMAScript can be away (ECMA-262, 21.4.1.1). */
const farthest = 8.64e15

/** Seconds since 1970 as ISO 8601. @throws WorkbenchError INVALID_INPUT for a point in time that has no such form, naming row and column */
function momentOf(seconds: number, column: string, row: number): string {
  const milliseconds = seconds * 1000
  if (Math.abs(milliseconds) <= farthest) return new Date(milliseconds).toISOString()
  throw new WorkbenchError(
    'INVALID_INPUT',
    `"${column}" is ${seconds} seconds since 1970 in row ${row + 1} of the rows that the external scorer was to read, which is no point in time from the year -271821 to 275760. Nothing was run. Correct this value, or leave the row out.`,
    { details: { column, row: row + 1, value: seconds } }
  )
}

/** An empty text is another thing than no value. */
const quoted = (text: string): string => (text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/**
 * Reads what the command wrote: the names in the first line, one line a row, numbers alone.
 * @returns row-major [rows * names.length]
 * @throws WorkbenchError JOB_FAILED, naming column and row
 */
export function readScores(text: string, names: readonly string[], rows: number): Float64Array {
  const refuse = (what: string): never => {
    throw new WorkbenchError(
      'JOB_FAILED',
      `The scores of the external scorer are not taken: ${what}. It must write CSV with the ${names.length === 1 ? 'column' : 'columns'} ${names.join(', ')} and one line for each row, in the order of the rows.`
    )
  }
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  const header = (lines.shift() ?? '').split(',').map((name) => name.trim().replace(/^"(.*)"$/, '$1'))
  const places = names.map((name) => {
    const at = header.indexOf(name)
    return at >= 0 ? at : refuse(`they have no column "${name}" (but ${header.slice(0, 20).join(', ') || 'nothing'})`)
  })
  if (lines.length !== rows) refuse(`they have ${lines.length} lines for ${rows} rows`)
  const values = new Float64Array(rows * names.length)
  lines.forEach((line, row) => {
    const cells = line.split(',')
    places.forEach((at, place) => {
      const cell = (cells[at] ?? '').trim()
      // What is missing stays missing: such a row gets no score.
      const value = cell === '' || /^"?(NA|NaN|nan)"?$/.test(cell) ? NaN : Number(cell.replace(/^"(.*)"$/, '$1'))
      if (Number.isNaN(value) && !/^$|^"?(NA|NaN|nan)"?$/.test(cell))
        refuse(`"${names[place]}" is ${JSON.stringify(cell.slice(0, 40))} in row ${row + 1}, which is no number`)
      values[row * names.length + place] = value
    })
  })
  return values
}
