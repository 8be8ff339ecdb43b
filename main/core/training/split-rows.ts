import { Random } from '../numerics'

/**
 * Holds back a share of the rows of each outcome for validation. Returns no validation rows when an outcome would be missing on a side.
 */
export function holdBack(labels: Uint8Array, share: number, seed: number): { training: Uint32Array; validation: Uint32Array } {
  const all = Uint32Array.from(labels.keys())
  if (share <= 0) return { training: all, validation: new Uint32Array(0) }
  const random = new Random(seed, 2)
  const held = new Uint8Array(labels.length)
  for (const outcome of [0, 1]) {
    const own = all.filter((row) => labels[row] === outcome)
    const count = Math.round(own.length * share)
    if (count === 0 || count === own.length) return { training: all, validation: new Uint32Array(0) }
    for (const at of random.sample(own.length, count)) held[own[at]!] = 1
  }
  return { training: all.filter((row) => !held[row]), validation: all.filter((row) => held[row]) }
}
