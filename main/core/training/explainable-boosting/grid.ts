import type { Random } from '../../numerics'
import { gainOf, leafValue, type StepTerms, type Totals } from './step'

/** One side of a pair: groups in order for a number, where a cut divides low from high; in any order for a text, where it takes one group out. */
export interface Axis {
  groups: number
  isOrdered: boolean
}

export interface Cut {
  first: number
  second: number
  gain: number
}

/** Sums over what lies below (or at) each cut of both axes; the last row and column hold sums over the whole of an axis. */
function sumsBelow(values: Float64Array, first: Axis, second: Axis): Float64Array {
  const width = second.groups + 1
  const sums = new Float64Array((first.groups + 1) * width)
  for (let a = 0; a < first.groups; a++) {
    let whole = 0
    for (let b = 0; b < second.groups; b++) {
      const value = values[a * second.groups + b]!
      whole += value
      sums[a * width + b] = second.isOrdered ? whole : value
    }
    sums[a * width + second.groups] = whole
  }
  for (let b = 0; b < width; b++) {
    let whole = 0
    for (let a = 0; a < first.groups; a++) {
      whole += sums[a * width + b]!
      if (first.isOrdered) sums[a * width + b] = whole
    }
    sums[first.groups * width + b] = whole
  }
  return sums
}

/** The four parts that a cut makes, as sums of `sums`: below both, above the first, above the second, above both. */
function quadrants(sums: Float64Array, width: number, rows: number, a: number, b: number): [number, number, number, number] {
  const both = sums[a * width + b]!
  const low = sums[a * width + width - 1]!
  const left = sums[rows * width + b]!
  const all = sums[rows * width + width - 1]!
  return [both, left - both, low - both, all - low - left + both]
}

/**
 * The pair of cuts whose four parts reduce the loss most, as FAST ranks interactions (Lou et al. 2013, section 4.2); null where every cut leaves
 * too few rows in a part.
 */
export function bestCut(totals: Totals, first: Axis, second: Axis, terms: Pick<StepTerms, 'l2' | 'minRows'>): Cut | null {
  const width = second.groups + 1
  const [gradients, hessians, rows] = [totals.gradients, totals.hessians, totals.rows].map((values) => sumsBelow(values, first, second))
  const last = first.groups * width + second.groups
  const whole = gainOf(gradients![last]!, hessians![last]!, terms.l2)
  let best: Cut | null = null
  for (let a = 0; a < first.groups; a++)
    for (let b = 0; b < second.groups; b++) {
      const counts = quadrants(rows!, width, first.groups, a, b)
      if (counts.some((count) => count < terms.minRows)) continue
      const g = quadrants(gradients!, width, first.groups, a, b)
      const h = quadrants(hessians!, width, first.groups, a, b)
      let gain = -whole
      for (let part = 0; part < 4; part++) gain += gainOf(g[part]!, h[part]!, terms.l2)
      if (gain > 1e-12 && (best === null || gain > best.gain)) best = { first: a, second: b, gain }
    }
  return best
}

/** One of the cuts that leave a row in each of the four parts, all alike likely; null where none does. */
function drawCut({ rows }: Totals, first: Axis, second: Axis, random: Random): Cut | null {
  const width = second.groups + 1
  const sums = sumsBelow(rows, first, second)
  const possible: number[] = []
  for (let a = 0; a < first.groups; a++)
    for (let b = 0; b < second.groups; b++)
      if (quadrants(sums, width, first.groups, a, b).every((count) => count > 0)) possible.push(a * second.groups + b)
  if (possible.length === 0) return null
  const at = possible[random.below(possible.length)]!
  return { first: Math.floor(at / second.groups), second: at % second.groups, gain: 0 }
}

/**
 * A step of a pair: the best cut, or with `random` a drawn one, with a leaf for each of its four parts. Writes what each cell adds; nothing where
 * no cut is worth it.
 */
export function growGrid(totals: Totals, first: Axis, second: Axis, terms: StepTerms, update: Float64Array, random: Random | null): void {
  update.fill(0)
  const cut = random ? drawCut(totals, first, second, random) : bestCut(totals, first, second, terms)
  if (!cut) return
  const isBelow = ({ isOrdered }: Axis, group: number, at: number): boolean => (isOrdered ? group <= at : group === at)
  const partOf = (a: number, b: number): number => (isBelow(first, a, cut.first) ? 0 : 1) + (isBelow(second, b, cut.second) ? 0 : 2)
  const gradients = new Float64Array(4)
  const hessians = new Float64Array(4)
  const each = (visit: (cell: number, part: number) => void): void => {
    for (let a = 0; a < first.groups; a++) for (let b = 0; b < second.groups; b++) visit(a * second.groups + b, partOf(a, b))
  }
  each((cell, part) => {
    gradients[part]! += totals.gradients[cell]!
    hessians[part]! += totals.hessians[cell]!
  })
  const values = gradients.map((gradient, part) => leafValue(gradient, hessians[part]!, terms))
  each((cell, part) => (update[cell] = values[part]!))
}
