import { chunkRows, partialBytes } from '../records'
import { address, word } from './job'

/** Words: scores, leaf by row, leaf values, number of rows. Adds the last tree to the scores of a chunk of rows. */
export function addTask(task: i32): void {
  const from = task * chunkRows
  addLeaves(address(1) + (<usize>from << 3), address(2) + (<usize>from << 1), address(3), min(chunkRows, word(4) - from))
}

function addLeaves(scores: usize, leafOf: usize, values: usize, n: i32): void {
  for (const end = scores + (<usize>n << 3); scores < end; scores += 8, leafOf += 2)
    store<f64>(scores, load<f64>(scores) + load<f64>(values + (<usize>load<u16>(leafOf) << 3)))
}

/**
 * Words: scores, leaf by row, leaf values (0: nothing to add), number of rows, labels (f32), derivatives, partial sums of the loss, gradient
 * scale and hessian scale as powers of two. The scores, labels and derivatives have room for an even number of rows.
 */
export function logisticTask(task: i32): void {
  const from = task * chunkRows
  const n = min(chunkRows, word(4) - from)
  const scores = address(1) + (<usize>from << 3)
  if (word(3)) addLeaves(scores, address(2) + (<usize>from << 1), address(3), n)
  const gScale = <f64>(<i64>1 << <i64>word(8))
  const hScale = <f64>(<i64>1 << <i64>word(9))
  const labels = address(5) + (<usize>from << 2)
  derive(scores, labels, address(6) + (<usize>from << 3), n + (n & 1), gScale, hScale, address(7) + task * partialBytes)
}

// @ts-ignore: decorator
@inline
function fma(a: v128, b: v128, c: f64): v128 {
  return f64x2.add(f64x2.mul(a, b), f64x2.splat(c))
}

/**
 * e^x for x <= 0 of two doubles: 2^n * e^r with |r| <= ln 2 / 2 and a polynomial of degree 11 in Estrin's order (relative error below 1e-14).
 * `exponential` of the plain path takes the same steps.
 */
// @ts-ignore: decorator
@inline
function exponential(x: v128): v128 {
  const magic = f64x2.splat(6755399441055744.0)
  const k = f64x2.add(f64x2.mul(f64x2.pmax(x, f64x2.splat(-700)), f64x2.splat(1.4426950408889634)), magic)
  const n = f64x2.sub(k, magic)
  const high = f64x2.sub(f64x2.pmax(x, f64x2.splat(-700)), f64x2.mul(n, f64x2.splat(0.6931471803691238)))
  const r = f64x2.sub(high, f64x2.mul(n, f64x2.splat(1.9082149292705877e-10)))
  const r2 = f64x2.mul(r, r)
  const r4 = f64x2.mul(r2, r2)
  const p01 = f64x2.add(r, f64x2.splat(1))
  const p23 = fma(r, f64x2.splat(1.0 / 6), 0.5)
  const p45 = fma(r, f64x2.splat(1.0 / 120), 1.0 / 24)
  const p67 = fma(r, f64x2.splat(1.0 / 5040), 1.0 / 720)
  const p89 = fma(r, f64x2.splat(1.0 / 362880), 1.0 / 40320)
  const pab = fma(r, f64x2.splat(1.0 / 39916800), 1.0 / 3628800)
  const lowest = f64x2.add(p01, f64x2.mul(p23, r2))
  const middle = f64x2.add(p45, f64x2.mul(p67, r2))
  const highest = f64x2.add(p89, f64x2.mul(pab, r2))
  const p = f64x2.add(lowest, f64x2.mul(r4, f64x2.add(middle, f64x2.mul(highest, r4))))
  // The low bits of k hold n in two's complement; moved to the exponent they scale p. n is at least -1010, so no exponent underflows.
  return i64x2.add(p, i64x2.shl(k, 52))
}

/** Derivatives of the log loss as whole numbers, and the loss in two parts: sums of |z| of wrong sides, and products of 1 + e. */
function derive(scores: usize, labels: usize, gh: usize, n: i32, gScale: f64, hScale: f64, out: usize): void {
  let linear = f64x2.splat(0)
  let product = f64x2.splat(1)
  const one = f64x2.splat(1)
  const magic = f64x2.splat(6755399441055744.0)
  const gs = f64x2.splat(gScale)
  const hs = f64x2.splat(hScale)
  for (const end = scores + (<usize>n << 3); scores < end; scores += 16) {
    const z = v128.load(scores)
    const y = f64x2.promote_low_f32x4(v128.load64_zero(labels))
    const size = f64x2.abs(z)
    const e = exponential(f64x2.neg(size))
    const up = f64x2.gt(z, f64x2.splat(0))
    const sum = f64x2.add(one, e)
    const r = f64x2.div(one, sum)
    const er = f64x2.mul(e, r)
    const p = v128.bitselect(r, er, up)
    linear = f64x2.add(linear, v128.and(size, v128.xor(up, f64x2.gt(y, f64x2.splat(0.5)))))
    product = f64x2.mul(product, sum)
    // Adding 1.5 * 2^52 rounds to a whole number and leaves it in the low 32 bits.
    const g = f64x2.add(f64x2.mul(f64x2.sub(p, y), gs), magic)
    const h = f64x2.add(f64x2.mul(f64x2.mul(er, r), hs), magic)
    v128.store(gh, i32x4.shuffle(g, h, 0, 4, 2, 6))
    labels += 8
    gh += 16
  }
  v128.store(out, linear)
  v128.store(out, product, 16)
}
