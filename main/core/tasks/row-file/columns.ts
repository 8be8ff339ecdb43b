import { columnOf, deriveGroups, type Frame } from '../../frames'
import type { ArrowField } from '../../../storage/arrow/arrow-types'

/** What every file of judged rows says besides the outcomes and the scores, which are its task's own. */
export interface RowColumns {
  /** Numbers of the rows, rising. A row is named by its number in the judged table, whose digest the evaluation says. */
  rows: Uint32Array
  /** Number of the row's group where groups were compared, in the order in which the groups come up. */
  groups?: Uint32Array
  /** What each row counts; none where all count the same. */
  weights?: Float64Array | null
  /** Number of the row's cluster where rows of one do not stand for themselves. */
  clusters?: Uint32Array | null
}

/** A column that has a value in every row. */
export const plainField = (name: string, type: ArrowField['type']): ArrowField => ({ name, nullable: false, type, children: [] })
export const real = { kind: 'float', bits: 64 } as const
export const whole = (bits: 8 | 16 | 32) => ({ kind: 'int', bits, signed: false }) as const

export const rowField = plainField('row', whole(32))
/** Behind the others where they are known, in this order; earlier evaluations do not have them. */
export const optionalFields = {
  groups: plainField('group', whole(32)),
  weights: plainField('weight', real),
  clusters: plainField('cluster', whole(32))
}
export const optionalKeys = Object.keys(optionalFields) as (keyof typeof optionalFields)[]

/** The groups of a column, numbered in the order in which they come up: the same groups of the same rows have the same numbers. */
export function rowGroups(frame: Frame, column: string): Uint32Array {
  const { codes } = deriveGroups(columnOf(frame, column))
  const numbers = new Map<number, number>()
  return Uint32Array.from(codes, (code) => {
    const known = numbers.get(code) ?? numbers.size
    numbers.set(code, known)
    return known
  })
}

type Judged = Pick<RowColumns, 'rows' | 'weights'> & { labels: ArrayLike<number> }

/** Whether two runs were judged on the same rows with the same outcomes and weights, row by row. */
export const areSameJudged = (a: Judged, b: Judged): boolean =>
  areAlike(a.rows, b.rows) && areAlike(a.labels, b.labels) && areAlike(a.weights, b.weights)

function areAlike(a: ArrayLike<number> | null | undefined, b: ArrayLike<number> | null | undefined): boolean {
  if (!a || !b) return !a && !b
  if (a.length !== b.length) return false
  for (let row = 0; row < a.length; row++) if (a[row] !== b[row]) return false
  return true
}
