/**
 * xoshiro128** (Blackman and Vigna, 2018) seeded by splitmix32: the same stream on every platform and runtime.
 * A seed is any safe integer; `stream` separates uses of one seed.
 */
export class Random {
  private readonly state = new Uint32Array(4)

  constructor(seed: number, stream = 0) {
    const low = seed >>> 0
    const high = Math.floor(seed / 2 ** 32) >>> 0
    let x = (low ^ Math.imul(high, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b)) >>> 0
    for (let i = 0; i < 4; i++) {
      x = (x + 0x9e3779b9) >>> 0
      let z = x
      z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
      this.state[i] = (z ^ (z >>> 15)) >>> 0
    }
    if (this.state.every((word) => word === 0)) this.state[0] = 1
  }

  /** Uniform on 0 .. 2^32 - 1. */
  next(): number {
    const s = this.state
    const m = Math.imul(s[1]!, 5)
    const result = Math.imul((m << 7) | (m >>> 25), 9) >>> 0
    const t = s[1]! << 9
    s[2]! ^= s[0]!
    s[3]! ^= s[1]!
    s[1]! ^= s[2]!
    s[0]! ^= s[3]!
    s[2]! ^= t
    s[3] = (s[3]! << 11) | (s[3]! >>> 21)
    return result
  }

  /** Uniform on [0, 1). */
  uniform(): number {
    return this.next() / 4294967296
  }

  /** Uniform integer on 0 .. limit - 1 (limit up to 2^32; the bias is below limit / 2^32). */
  below(limit: number): number {
    return Math.floor(this.uniform() * limit)
  }

  /** Shuffles in place (Fisher and Yates). */
  shuffle<T extends { length: number; [index: number]: number }>(values: T): T {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.below(i + 1)
      const held = values[i]!
      values[i] = values[j]!
      values[j] = held
    }
    return values
  }

  /** `count` different integers of 0 .. limit - 1, ascending (selection sampling, Knuth 3.4.2 S). */
  sample(limit: number, count: number): Uint32Array {
    const chosen = new Uint32Array(Math.min(count, limit))
    let taken = 0
    for (let i = 0; i < limit && taken < chosen.length; i++) if (this.uniform() * (limit - i) < chosen.length - taken) chosen[taken++] = i
    return chosen
  }
}
