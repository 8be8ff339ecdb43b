import { WorkbenchError } from '../../../model/errors'
import type { FoldDesign, Window } from '../../../model/cross-validation'
import type { Column } from '../../frames'

/** One division of the rows: numbers of those to learn from and of those to judge, both rising. */
export interface Fold {
  /** Both from 0. */
  repeat: number
  fold: number
  training: Uint32Array
  test: Uint32Array
  groups?: { training: number; test: number }
  window?: Window
}

/** What rows are divided by. */
export interface Divided {
  rows: number
  /** Name of the target, for what is said of its values. */
  target: string
  /** Kind of each row (a class, or a tenth of the amounts) and what each kind is called; null for amounts, whose kinds have no names. */
  kinds: { codes: ArrayLike<number>; names: readonly string[] | null }
  /** The column of groups or times, where the design names one. */
  column: Column | null
  design: FoldDesign
  seed: number
}

/** @throws WorkbenchError INVALID_INPUT that names the column */
export function refuse(column: string, message: string, details: Record<string, unknown> = {}): never {
  throw new WorkbenchError('INVALID_INPUT', message, { details: { column, ...details } })
}

/** Folds out of the number of the fold that each row is judged in. */
export function foldsOf(assigned: ArrayLike<number>, count: number, repeat: number): Fold[] {
  const all = Uint32Array.from({ length: assigned.length }, (_, row) => row)
  return Array.from({ length: count }, (_, fold) => ({
    repeat,
    fold,
    training: all.filter((row) => assigned[row] !== fold),
    test: all.filter((row) => assigned[row] === fold)
  }))
}
