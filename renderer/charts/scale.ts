/** Maps a number of `domain` to a pixel of `range`. */
export interface Scale {
  (value: number): number
  domain: readonly [number, number]
  ticks: readonly number[]
}

/** Round tick values (1, 2, 5 times a power of ten) inside [low, high]; about `count` of them. */
export function niceTicks(low: number, high: number, count = 5): number[] {
  if (!Number.isFinite(low) || !Number.isFinite(high) || high <= low) return [low]
  // Closer than numbers of this size can be told apart by: counting steps would not move.
  if (high - low <= Math.max(Math.abs(low), Math.abs(high)) * 1e-12) return [low]
  const raw = (high - low) / Math.max(1, count)
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= raw * 0.999) ?? power * 10
  const ticks: number[] = []
  for (let index = Math.ceil(low / step - 1e-9); index * step <= high + step * 1e-9; index++)
    ticks.push(Number((index * step).toPrecision(12)))
  return ticks
}

/** The smallest and largest finite value, widened a little; an empty or flat set gives an interval of width one. */
export function extentOf(values: Iterable<number | null | undefined>, include: readonly number[] = [], padding = 0.04): [number, number] {
  let low = Infinity
  let high = -Infinity
  for (const value of [...include, ...values]) {
    if (value === null || value === undefined || !Number.isFinite(value)) continue
    if (value < low) low = value
    if (value > high) high = value
  }
  if (low > high) return [0, 1]
  if (low === high) return [low - 0.5, high + 0.5]
  const pad = (high - low) * padding
  return [include.includes(low) ? low : low - pad, include.includes(high) ? high : high + pad]
}

export function linearScale(domain: readonly [number, number], range: readonly [number, number], tickCount = 5): Scale {
  const [low, high] = domain
  const scale = (value: number) => range[0] + ((value - low) / (high - low || 1)) * (range[1] - range[0])
  return Object.assign(scale, { domain, ticks: niceTicks(low, high, tickCount) })
}

/** Decimals that tell neighbouring ticks apart. */
export function tickDecimals(ticks: readonly number[]): number {
  if (ticks.length < 2) return 2
  const step = Math.abs(ticks[1] - ticks[0])
  const decimals = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9))
  // A step such as 0.25 has one more than its size tells.
  const scaled = step * 10 ** decimals
  return Math.min(8, Math.abs(scaled - Math.round(scaled)) > 1e-6 * scaled ? decimals + 1 : decimals)
}
