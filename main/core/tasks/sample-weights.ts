import { WorkbenchError } from '../../model/errors'
import { columnOf, type Frame } from '../frames'

/** Columns that say what a row counts: a weight may be zero, an exposure is what outcomes are divided by. */
const kinds = {
  weight: { least: 'zero or more', holds: (value: number) => value >= 0 },
  exposure: { least: 'above zero', holds: (value: number) => value > 0 }
}

/**
 * What each of the chosen rows counts, from a column of numbers, or of yes and no as 1 and 0: zero or more and not all of them zero, of an
 * exposure above zero. Rows are named by their place in the table, from 1.
 * @throws WorkbenchError INVALID_INPUT naming the column and the first row that cannot be one
 */
export function readSampleWeights(frame: Frame, name: string, rows: Uint32Array, what: keyof typeof kinds = 'weight'): Float64Array {
  const column = columnOf(frame, name)
  const { least, holds } = kinds[what]
  const fail = (why: string, details: Record<string, unknown> = {}): never => {
    throw new WorkbenchError('INVALID_INPUT', `The ${what} "${name}" ${why}`, { details: { column: name, ...details } })
  }
  if (column.kind === 'category' || column.kind === 'timestamp')
    return fail(`is no column of numbers, so it cannot say what a row counts. Take the role off it in Data.`)
  const { values } = column
  const wrong = rows.find((row) => !holds(values[row]!))
  if (wrong !== undefined)
    return fail(
      `${Number.isNaN(values[wrong]!) ? 'has no value' : `is ${values[wrong]}`} in row ${wrong + 1}; ${what === 'weight' ? 'a weight' : 'an exposure'} is ${least}. Correct the column, or leave such rows out in a step before.`,
      { row: wrong + 1 }
    )
  const found = Float64Array.from(rows, (row) => values[row]!)
  if (!found.some((weight) => weight > 0))
    return fail('is zero in every row, so no row counts. Correct the column, or take the role off it in Data.')
  return found
}
