import type { FeatureImportance } from '../../model/training'
import { Random } from '../numerics'
import type { Task } from '../tasks'
import type { EncodedTable } from './features'
import { predictNative, type NativeModel } from './native-model'

/** Bounds the time of permutation: walks through a tree, or rows for a linear model. */
const budget = 4_000_000
const fewestRows = 200
const mostRows = 1000

/**
 * Loss of the task's figure of skill when one column is shuffled (Breiman 2001), on at most 1,000 of the given rows; null for every feature when fewer than 200
 * rows fit the time budget or only one outcome is among them.
 */
export function permutationImportances(
  skill: Task['skill'],
  native: NativeModel,
  table: EncodedTable,
  labels: Uint8Array,
  rows: Uint32Array,
  seed: number
): (number | null)[] {
  const none = native.features.map(() => null)
  const cost = (native.algorithm === 'gradient-boosting' ? native.model.trees.length : 1) * native.features.length
  const size = Math.min(rows.length, mostRows, Math.floor(budget / cost))
  if (size < fewestRows) return none
  const random = new Random(seed, 3)
  const picked = Uint32Array.from(random.sample(rows.length, size), (at) => rows[at]!)
  const own = Uint8Array.from(picked, (row) => labels[row]!)
  const sample: EncodedTable = {
    rows: size,
    columns: table.columns.map((column) =>
      column instanceof Float32Array ? Float32Array.from(picked, (row) => column[row]!) : Uint32Array.from(picked, (row) => column[row]!)
    )
  }
  const reference = skill(own, predictNative(native, sample))
  if (reference === null) return none
  return sample.columns.map((column, index) => {
    const columns = sample.columns.slice()
    columns[index] = random.shuffle(column.slice())
    return reference - skill(own, predictNative(native, { rows: size, columns }))!
  })
}

/** Importances by share of `amounts`, most important first. */
export function collectImportances(
  names: readonly string[],
  amounts: Float64Array,
  uses: Int32Array,
  permutations: readonly (number | null)[]
): FeatureImportance[] {
  const total = amounts.reduce((sum, amount) => sum + amount, 0)
  const list = names.map((feature, index) => ({
    feature,
    gain: total > 0 ? amounts[index]! / total : 0,
    uses: uses[index]!,
    permutation: permutations[index]!
  }))
  return list.sort((a, b) => b.gain - a.gain || (a.feature < b.feature ? -1 : 1))
}
