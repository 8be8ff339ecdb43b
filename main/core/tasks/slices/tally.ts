import { deriveGroups, type Column } from '../../frames'

/** The values of one column that slices are made of: the part of every row, -1 for a value that is too rare. */
export interface Parts {
  column: string
  codes: Int32Array
  names: string[]
}

/** Weighted sums of the rows of one slice that count; `squares` and `products` are of weights and losses as a variance needs them. */
export interface Tally {
  rows: number
  weight: number
  loss: number
  weightSquares: number
  lossSquares: number
  products: number
}

const emptyTally = (): Tally => ({ rows: 0, weight: 0, loss: 0, weightSquares: 0, lossSquares: 0, products: 0 })

/** The most frequent values of a text column that become slices. */
const mostValues = 40

/**
 * The values of a column, or ranges of its values, that enough rows have; why there are none is said in words. A number is cut at its
 * quartiles, as groups are.
 */
export function partsOf(name: string, column: Column, minimumRows: number): Parts | string {
  const { codes, names } = deriveGroups(column)
  const counts = new Int32Array(names.length)
  for (const code of codes) counts[code]!++
  const rows = codes.length
  const kept = [...counts.keys()]
    .filter((code) => counts[code]! >= minimumRows && rows - counts[code]! >= minimumRows)
    .sort((a, b) => counts[b]! - counts[a]! || a - b)
    .slice(0, mostValues)
  if (kept.length === 0)
    return names.length < 2 ? 'every row has the same value' : `no value leaves at least ${minimumRows} rows with it and without it`
  const place = new Int32Array(names.length).fill(-1)
  kept.forEach((code, index) => (place[code] = index))
  return { column: name, codes: codes.map((code) => place[code]!), names: kept.map((code) => names[code]!) }
}

/** Sums the rows of every part, or of every pair of parts: place `a * width + b`, where `b` is absent `a` alone. */
export function tallyParts(a: Parts, b: Parts | null, losses: Float64Array, weights: Float64Array | null): Tally[] {
  const width = b ? b.names.length : 1
  const tallies = Array.from({ length: a.names.length * width }, emptyTally)
  for (let row = 0; row < losses.length; row++) {
    const [own, other] = [a.codes[row]!, b ? b.codes[row]! : 0]
    if (own < 0 || other < 0) continue
    add(tallies[own * width + other]!, losses[row]!, weights ? weights[row]! : 1)
  }
  return tallies
}

/** Sums all rows. */
export function tallyAll(losses: Float64Array, weights: Float64Array | null): Tally {
  const all = emptyTally()
  for (let row = 0; row < losses.length; row++) add(all, losses[row]!, weights ? weights[row]! : 1)
  return all
}

function add(tally: Tally, loss: number, weight: number): void {
  if (weight === 0) return
  const weighted = weight * loss
  tally.rows++
  tally.weight += weight
  tally.loss += weighted
  tally.weightSquares += weight * weight
  tally.lossSquares += weighted * weighted
  tally.products += weight * weighted
}

/** All rows without those of a slice. */
export const without = (all: Tally, slice: Tally): Tally => ({
  rows: all.rows - slice.rows,
  weight: all.weight - slice.weight,
  loss: all.loss - slice.loss,
  weightSquares: all.weightSquares - slice.weightSquares,
  lossSquares: all.lossSquares - slice.lossSquares,
  products: all.products - slice.products
})

/**
 * The weighted mean loss of a tally, the variance of that mean by linearisation, and for how many rows of one weight it speaks (Kish 1965): a
 * few heavy rows show as little of the spread as so few rows would. NaN for no weight, and no variance of one row.
 */
export function meanOf({ weight, loss, weightSquares, lossSquares, products }: Tally): { mean: number; variance: number; rows: number } {
  const mean = loss / weight
  const rows = (weight * weight) / weightSquares
  const spread = Math.max(0, lossSquares - 2 * mean * products + mean * mean * weightSquares)
  return { mean, variance: rows > 1 ? (spread * rows) / (rows - 1) / weight ** 2 : NaN, rows }
}
