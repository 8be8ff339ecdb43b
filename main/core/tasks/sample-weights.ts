import { WorkbenchError } from '../../model/errors'
import { columnOf, type Frame } from '../frames'

/**
 * What each of the chosen rows counts, from a column of numbers that are zero or more; not all of them zero.
 * @throws WorkbenchError INVALID_INPUT naming the column and the first row that cannot be a weight
 */
export function readSampleWeights(frame: Frame, name: string, rows: Uint32Array): Float64Array {
  const column = columnOf(frame, name)
  const fail = (why: string, details: Record<string, unknown> = {}): never => {
    throw new WorkbenchError('INVALID_INPUT', `The weight "${name}" ${why}`, { details: { column: name, ...details } })
  }
  if (column.kind !== 'number') return fail(`is no column of numbers, so it cannot say what a row counts. Take the role off it in Data.`)
  const { values } = column
  const wrong = rows.find((row) => !(values[row]! >= 0))
  if (wrong !== undefined)
    return fail(
      `${Number.isNaN(values[wrong]!) ? 'has no value' : `is ${values[wrong]}`} in row ${wrong + 1}; a weight is zero or more. Correct the column, or leave such rows out in a step before.`,
      { row: wrong + 1 }
    )
  const found = Float64Array.from(rows, (row) => values[row]!)
  if (!found.some((weight) => weight > 0))
    return fail('is zero in every row, so no row counts. Correct the column, or take the role off it in Data.')
  return found
}
