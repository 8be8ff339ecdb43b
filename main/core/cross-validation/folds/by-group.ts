import type { Column } from '../../frames'
import { drawOf } from './by-chance'
import { foldsOf, refuse, type Divided, type Fold } from './fold'

/** The number of each row's group, in the order in which they come up; rows without a group are one. */
function groupsOf(column: Column): { codes: Uint32Array; sizes: number[] } {
  const values = column.kind === 'category' ? column.codes : column.values
  const numbers = new Map<number, number>()
  const sizes: number[] = []
  const codes = Uint32Array.from(values, (value) => {
    const key = Number.isNaN(value) ? -Infinity : value
    const known = numbers.get(key) ?? sizes.push(0) - 1
    numbers.set(key, known)
    sizes[known]!++
    return known
  })
  return { codes, sizes }
}

/**
 * Whole groups, each to the fold that has fewest rows so far: the largest first, as in scikit-learn's GroupKFold. Repeats take the groups in
 * an order that is drawn, for the other order would be the same each time.
 * @throws WorkbenchError INVALID_INPUT for fewer groups than folds
 */
export function groupFolds({ column, design, seed }: Divided, repeat: number): Fold[] {
  const { codes, sizes } = groupsOf(column!)
  if (sizes.length < design.folds)
    refuse(
      design.column!,
      `The column "${design.column}" has ${sizes.length} ${sizes.length === 1 ? 'group' : 'groups'}, fewer than the ${design.folds} folds. ${
        sizes.length < 2 ? 'Choose another column' : `Ask for at most ${sizes.length} folds`
      }, or bring rows of more groups.`,
      { groups: sizes.length }
    )
  const order =
    design.repeats === 1
      ? Uint32Array.from(sizes.keys()).sort((a, b) => sizes[b]! - sizes[a]! || a - b)
      : drawOf(seed, repeat).shuffle(Uint32Array.from(sizes.keys()))
  const foldOf = new Uint32Array(sizes.length)
  const filled = new Array<number>(design.folds).fill(0)
  const counts = new Array<number>(design.folds).fill(0)
  for (const group of order) {
    const lightest = filled.indexOf(Math.min(...filled))
    foldOf[group] = lightest
    filled[lightest]! += sizes[group]!
    counts[lightest]!++
  }
  return foldsOf(
    codes.map((group) => foldOf[group]!),
    design.folds,
    repeat
  ).map((fold) => ({ ...fold, groups: { training: sizes.length - counts[fold.fold]!, test: counts[fold.fold]! } }))
}
