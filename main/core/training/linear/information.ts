import { breathe } from '../../numerics'
import type { Design } from './design'
import type { LinearObjective } from './losses'

/** A symmetric matrix, row-major. */
export interface Square {
  size: number
  cells: Float64Array
}

/**
 * The expected (Fisher) information of all weights, dispersion taken as 1: the sum over rows of weight * variance function * x x', for several
 * classes that of every pair of them. `margins` has all rows of an output after each other.
 */
export async function informationOf(
  objective: LinearObjective,
  design: Design,
  margins: Float64Array,
  weights: Float64Array,
  signal?: AbortSignal
): Promise<Square> {
  const { rows, size } = design
  if (objective.name !== 'softmax') return crossProducts(design, variances(objective, margins, weights), signal)
  const classes = margins.length / rows
  const shares = classShares(margins, rows)
  const whole = { size: size * classes, cells: new Float64Array((size * classes) ** 2) }
  for (let k = 0; k < classes; k++)
    for (let other = k; other < classes; other++) {
      const own = weights.map((weight, row) => {
        const [p, q] = [shares[k * rows + row]!, shares[other * rows + row]!]
        return weight * (k === other ? p * (1 - p) : -p * q)
      })
      const { cells } = await crossProducts(design, own, signal)
      for (let i = 0; i < size; i++)
        for (let j = 0; j < size; j++) {
          whole.cells[(k * size + i) * whole.size + other * size + j] = cells[i * size + j]!
          whole.cells[(other * size + j) * whole.size + k * size + i] = cells[i * size + j]!
        }
    }
  return whole
}

/** Information of each row's margin: weight times p (1 - p), the mean, or 1. */
function variances({ name }: LinearObjective, margins: Float64Array, weights: Float64Array): Float64Array {
  return weights.map((weight, row) => {
    if (name === 'poisson') return weight * Math.exp(margins[row]!)
    if (name !== 'logistic') return weight
    const e = Math.exp(-Math.abs(margins[row]!))
    return (weight * e) / (1 + e) ** 2
  })
}

function classShares(margins: Float64Array, rows: number): Float64Array {
  const shares = new Float64Array(margins.length)
  for (let row = 0; row < rows; row++) {
    let most = -Infinity
    for (let at = row; at < margins.length; at += rows) most = Math.max(most, margins[at]!)
    let sum = 0
    for (let at = row; at < margins.length; at += rows) sum += shares[at] = Math.exp(margins[at]! - most)
    for (let at = row; at < margins.length; at += rows) shares[at]! /= sum
  }
  return shares
}

/** Columns of the design that hold a number in every row, with the weight that they belong to. */
function denseColumns({ rows, blocks }: Design): { at: number; values: Float64Array | Uint8Array }[] {
  const numbers = blocks.flatMap((block) => {
    if ('codes' in block) return []
    return [{ at: block.at, values: block.values }, ...(block.missing ? [{ at: block.at + 1, values: block.missing }] : [])]
  })
  return [{ at: 0, values: new Float64Array(rows).fill(1) }, ...numbers]
}

/** Sum over rows of variance * x x'; categories are added up by code, never spread out. */
async function crossProducts(design: Design, variance: Float64Array, signal?: AbortSignal): Promise<Square> {
  const { rows, size, blocks } = design
  const cells = new Float64Array(size * size)
  const dense = denseColumns(design)
  const categories = blocks.flatMap((block) => ('codes' in block ? [block] : []))
  const scaled = new Float64Array(rows)
  for (const [index, { at, values }] of dense.entries()) {
    for (let row = 0; row < rows; row++) scaled[row] = variance[row]! * values[row]!
    for (const other of dense.slice(index)) {
      let sum = 0
      for (let row = 0; row < rows; row++) sum += scaled[row]! * other.values[row]!
      cells[at * size + other.at] = sum
    }
    for (const { at: first, codes } of categories)
      for (let row = 0; row < rows; row++) cells[at * size + first + codes[row]!]! += scaled[row]!
    await breathe(signal)
  }
  for (const [index, one] of categories.entries()) {
    for (const other of categories.slice(index))
      for (let row = 0; row < rows; row++) cells[(one.at + one.codes[row]!) * size + other.at + other.codes[row]!]! += variance[row]!
    await breathe(signal)
  }
  mirror(cells, size)
  return { size, cells }
}

/** Of a pair of columns one order was filled, whichever of the two comes first. */
function mirror(cells: Float64Array, size: number): void {
  for (let i = 0; i < size; i++)
    for (let j = 0; j < i; j++) {
      const value = cells[i * size + j]! || cells[j * size + i]!
      cells[i * size + j] = cells[j * size + i] = value
    }
}
