import { chunkRows } from '../kernels/records'

/** Adding and taking away 1.5 * 2^52 rounds to a whole number, halves to the even one. */
const magic = 6755399441055744

const bits = new ArrayBuffer(8)
const double = new Float64Array(bits)
const words = new Int32Array(bits)

/** e^x for x <= 0, by the same steps as `exponential` of the kernels. */
export function exponential(x: number): number {
  const bounded = x < -700 ? -700 : x
  const k = bounded * 1.4426950408889634 + magic
  const n = k - magic
  const r = bounded - n * 0.6931471803691238 - n * 1.9082149292705877e-10
  const r2 = r * r
  const r4 = r2 * r2
  const lowest = r + 1 + (r * (1 / 6) + 0.5) * r2
  const middle = r * (1 / 120) + 1 / 24 + (r * (1 / 5040) + 1 / 720) * r2
  const highest = r * (1 / 362880) + 1 / 40320 + (r * (1 / 39916800) + 1 / 3628800) * r2
  double[0] = lowest + r4 * (middle + highest * r4)
  words[1]! += n << 20
  return double[0]
}

/**
 * Derivatives of the log loss of a stretch of rows as whole numbers, and the sum of the loss, in the order in which the kernel adds: two rows side
 * by side, in chunks. `derivatives` null: only the loss.
 */
export function logLoss(
  scores: Float64Array,
  labels: Float32Array,
  from: number,
  rows: number,
  derivatives: Int32Array | null,
  gradientScale: number,
  hessianScale: number
): number {
  let loss = 0
  for (let begin = 0; begin < rows; begin += chunkRows) {
    const linear = [0, 0]
    const product = [1, 1]
    const end = Math.min(rows, begin + chunkRows)
    for (let i = begin; i < end; i++) {
      const z = scores[from + i]!
      const label = labels[from + i]!
      const e = exponential(-Math.abs(z))
      const r = 1 / (1 + e)
      const er = e * r
      const isUp = z > 0
      if (isUp !== label > 0.5) linear[i & 1]! += Math.abs(z)
      product[i & 1]! *= 1 + e
      if (!derivatives) continue
      derivatives[2 * i] = ((isUp ? r : er) - label) * gradientScale + magic - magic
      derivatives[2 * i + 1] = er * r * hessianScale + magic - magic
    }
    loss += linear[0]! + linear[1]! + Math.log(product[0]!) + Math.log(product[1]!)
  }
  return loss
}
