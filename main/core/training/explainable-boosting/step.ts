import type { Random } from '../../numerics'

/** What a step may do: most leaves, fewest rows in each, penalty on its values, the share that is added, and the largest value before that. */
export interface StepTerms {
  maxLeaves: number
  minRows: number
  l2: number
  learningRate: number
  /** Infinity where margins have the scale of the target. */
  mostChange: number
}

/** Derivatives and rows by bin. */
export interface Totals {
  gradients: Float64Array
  hessians: Float64Array
  rows: Float64Array
}

interface Leaf {
  from: number
  to: number
  split: { at: number; gain: number } | null
}

/** What a leaf of these derivatives adds: a Newton step, bounded and shrunk. */
export function leafValue(gradient: number, hessian: number, { l2, learningRate, mostChange }: StepTerms): number {
  const value = -gradient / (hessian + l2)
  return learningRate * Math.max(-mostChange, Math.min(mostChange, value))
}

export const gainOf = (gradient: number, hessian: number, l2: number): number => (gradient * gradient) / (hessian + l2)

/** The bins of a text in the order of what their rows lack; `smoothing` draws rare ones to the middle. Those without rows are left out. */
export function orderByLack({ gradients, hessians, rows }: Totals, bins: number, smoothing: number): Uint16Array {
  const order = Uint16Array.from({ length: bins }, (_, bin) => bin).filter((bin) => rows[bin]! > 0)
  const lack = Float64Array.from({ length: bins }, (_, bin) => gradients[bin]! / (hessians[bin]! + smoothing))
  return order.sort((a, b) => lack[a]! - lack[b]! || a - b)
}

/**
 * A step of one feature: a tree of few leaves over bins in `order` (Lou et al. 2013, section 3.1), and a leaf of its own for missing values,
 * the bin `missing`, where they have enough rows. Writes what each bin adds; bins outside the order add nothing. With `random` cuts are drawn.
 */
export function growStep(
  totals: Totals,
  order: Uint16Array,
  missing: number,
  terms: StepTerms,
  update: Float64Array,
  random: Random | null
): void {
  const find = (from: number, to: number): Leaf['split'] =>
    random ? drawSplit(totals, order, from, to, random) : bestSplit(totals, order, from, to, terms)
  const { gradients, hessians, rows } = totals
  update.fill(0)
  if (rows[missing]! >= terms.minRows) update[missing] = leafValue(gradients[missing]!, hessians[missing]!, terms)
  const leaves: Leaf[] = [{ from: 0, to: order.length, split: find(0, order.length) }]
  while (leaves.length < terms.maxLeaves) {
    let best = -1
    leaves.forEach(({ split }, at) => {
      if (split && (best < 0 || split.gain > leaves[best]!.split!.gain)) best = at
    })
    if (best < 0) break
    const { from, to, split } = leaves[best]!
    const halves = [
      [from, split!.at],
      [split!.at, to]
    ] as const
    leaves.splice(best, 1, ...halves.map(([start, end]) => ({ from: start, to: end, split: find(start, end) })))
  }
  for (const { from, to } of leaves) {
    let gradient = 0
    let hessian = 0
    for (let at = from; at < to; at++) {
      gradient += gradients[order[at]!]!
      hessian += hessians[order[at]!]!
    }
    const value = leafValue(gradient, hessian, terms)
    for (let at = from; at < to; at++) update[order[at]!] = value
  }
}

/** The place where dividing the bins from..to-1 reduces the loss most; null where no place does, or leaves too few rows on a side. */
function bestSplit({ gradients, hessians, rows }: Totals, order: Uint16Array, from: number, to: number, terms: StepTerms): Leaf['split'] {
  let [gradient, hessian, total] = [0, 0, 0]
  for (let at = from; at < to; at++) {
    gradient += gradients[order[at]!]!
    hessian += hessians[order[at]!]!
    total += rows[order[at]!]!
  }
  const { l2, minRows } = terms
  const whole = gainOf(gradient, hessian, l2)
  let best: Leaf['split'] = null
  let [g, h, n] = [0, 0, 0]
  for (let at = from; at + 1 < to; at++) {
    const bin = order[at]!
    g += gradients[bin]!
    h += hessians[bin]!
    n += rows[bin]!
    if (n < minRows) continue
    if (total - n < minRows) break
    const gain = gainOf(g, h, l2) + gainOf(gradient - g, hessian - h, l2) - whole
    if (gain > 1e-12 && (best === null || gain > best.gain)) best = { at: at + 1, gain }
  }
  return best
}

/** Any place that leaves a row on both sides, all alike likely: over many steps this shrinks the difference of neighbouring bins, not that of far ones. */
function drawSplit({ rows }: Totals, order: Uint16Array, from: number, to: number, random: Random): Leaf['split'] {
  let first = from
  let last = to - 1
  while (first < last && rows[order[first]!] === 0) first++
  while (last > first && rows[order[last]!] === 0) last--
  if (first === last) return null
  return { at: first + 1 + random.below(last - first), gain: 1 }
}
