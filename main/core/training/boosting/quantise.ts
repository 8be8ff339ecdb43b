import { bitsFor } from './engine'
import type { Scales } from './split'

/** Pairs of the chosen rows, one after the other. */
export function orderPairs(pairs: Int32Array, rows: Uint32Array, into: Int32Array): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    into[2 * i] = pairs[2 * row]!
    into[2 * i + 1] = pairs[2 * row + 1]!
  }
}

/** Scales of the derivatives of the log loss, of which a gradient is at most 1 and a hessian at most a quarter. */
export function logisticScales(rows: number): Scales {
  const bits = bitsFor(rows)
  return { gradient: 2 ** bits.gradient, hessian: 2 ** (bits.hessian + 2) }
}

/**
 * Turns pairs of gradient and hessian in single precision into whole numbers, in their place: as many units as fit the largest of them. The scales
 * are powers of two, so nothing but the rounding to a unit is lost.
 */
export function quantise(pairs: Int32Array, rows: number): Scales {
  const values = new Float32Array(pairs.buffer, pairs.byteOffset, pairs.length)
  let gradient = 0
  let hessian = 0
  for (let i = 0; i < 2 * rows; i += 2) {
    gradient = Math.max(gradient, Math.abs(values[i]!))
    hessian = Math.max(hessian, values[i + 1]!)
  }
  const bits = bitsFor(rows)
  const scales = { gradient: scaleFor(gradient, bits.gradient), hessian: scaleFor(hessian, bits.hessian) }
  for (let i = 0; i < 2 * rows; i += 2) {
    pairs[i] = Math.round(values[i]! * scales.gradient)
    pairs[i + 1] = Math.round(values[i + 1]! * scales.hessian)
  }
  return scales
}

/** The power of two by which the largest value fills so many bits. */
function scaleFor(largest: number, bits: number): number {
  return largest > 0 && Number.isFinite(largest) ? 2 ** (bits - Math.ceil(Math.log2(largest))) : 1
}
