import { Random } from '../../numerics'
import { foldsOf, refuse, type Divided, type Fold } from './fold'

/** Streams of one seed from which the repeats draw; the trainers use the first ones. */
const firstStream = 1000

export const drawOf = (seed: number, repeat: number): Random => new Random(seed, firstStream + repeat)

/** @throws WorkbenchError INVALID_INPUT for fewer rows than folds */
function assertEnough({ rows, target, design }: Divided): void {
  if (rows < design.folds)
    refuse(
      target,
      `The target "${target}" has a value in ${rows} rows only, fewer than the ${design.folds} folds. Ask for at most ${rows} folds, or bring more rows.`,
      { rows }
    )
}

/** Shuffled k-fold: the first `rows % folds` folds have one row more, as in scikit-learn's KFold. */
export function randomFolds(divided: Divided, repeat: number): Fold[] {
  assertEnough(divided)
  const { rows, design, seed } = divided
  const order = drawOf(seed, repeat).shuffle(Uint32Array.from({ length: rows }, (_, row) => row))
  const assigned = new Uint32Array(rows)
  const [least, more] = [Math.floor(rows / design.folds), rows % design.folds]
  order.forEach((row, rank) => {
    const large = more * (least + 1)
    assigned[row] = rank < large ? Math.floor(rank / (least + 1)) : more + Math.floor((rank - large) / least)
  })
  return foldsOf(assigned, design.folds, repeat)
}

/**
 * Stratified k-fold with the allocation of scikit-learn's StratifiedKFold: of the rows sorted by kind every k-th goes to the same fold, so
 * that folds differ by at most one row in each kind and in all. Which rows of a kind those are is drawn.
 * @throws WorkbenchError INVALID_INPUT for a class with fewer rows than folds
 */
export function stratifiedFolds(divided: Divided, repeat: number): Fold[] {
  assertEnough(divided)
  const { rows, target, kinds, design, seed } = divided
  const members: number[][] = []
  for (let row = 0; row < rows; row++) (members[kinds.codes[row]!] ??= []).push(row)
  const random = drawOf(seed, repeat)
  const assigned = new Uint32Array(rows)
  let rank = 0
  for (const [kind, own] of members.entries()) {
    if (own === undefined) continue
    if (kinds.names && own.length < design.folds)
      refuse(
        target,
        `Only ${own.length} rows have ${kinds.names[kind]} in the target "${target}", fewer than the ${design.folds} folds, so that some folds would lack it. Ask for at most ${Math.max(2, own.length)} folds, bring more such rows, or leave them out in a step before.`,
        { value: kinds.names[kind], rows: own.length }
      )
    const places = Uint32Array.from(own, () => rank++ % design.folds)
    random.shuffle(places).forEach((fold, at) => (assigned[own[at]!] = fold))
  }
  return foldsOf(assigned, design.folds, repeat)
}
