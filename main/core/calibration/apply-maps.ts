import type { ProbabilityMap } from '../../model/calibration'

/** Half of what separates 1 from the number before it in single precision, in which graphs state probabilities: nearer to 0 or 1 nothing is told apart. */
export const nearest = 2 ** -24

/** A probability that has log odds. NaN stays NaN. */
export const inside = (p: number): number => Math.min(1 - nearest, Math.max(nearest, p))
export const logOdds = (p: number): number => Math.log(inside(p)) - Math.log(1 - inside(p))
const logistic = (odds: number): number => 1 / (1 + Math.exp(-odds))

/** One probability corrected alone; a temperature takes all classes. */
function applyMap(map: Exclude<ProbabilityMap, { method: 'temperature' }>, p: number): number {
  if (p !== p) return NaN
  if (map.method === 'platt') return logistic(map.slope * logOdds(p) + map.intercept)
  if (map.method === 'beta') return logistic(map.a * Math.log(inside(p)) - map.b * Math.log(1 - inside(p)) + map.c)
  const { x, y } = map
  if (p <= x[0]!) return y[0]!
  if (p >= x.at(-1)!) return y.at(-1)!
  let [low, high] = [0, x.length - 1]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (p >= x[middle]!) low = middle
    else high = middle
  }
  return y[low]! + (p - x[low]!) * ((y[high]! - y[low]!) / (x[high]! - x[low]!))
}

/**
 * What a model states for rows, corrected. One probability a row is that of the event; of several classes each is corrected alone and divided
 * by their sum, equal shares where that is zero, or all of them by a temperature.
 * @param scores row-major with `width` for each row
 */
export function applyMaps(maps: readonly ProbabilityMap[], scores: Float64Array, width: number): Float64Array {
  const [first] = maps
  if (first!.method === 'temperature') return applyTemperature(first.temperature, scores, width)
  const single = maps as readonly Exclude<ProbabilityMap, { method: 'temperature' }>[]
  if (width === 1) return scores.map((p) => applyMap(single[0]!, p))
  const out = scores.map((p, at) => applyMap(single[at % width]!, p))
  return normalised(out, width)
}

function applyTemperature(temperature: number, scores: Float64Array, width: number): Float64Array {
  const power = 1 / temperature
  if (width === 1) return scores.map((p) => logistic(power * logOdds(p)))
  return normalised(
    scores.map((p) => Math.exp(power * Math.log(inside(p)))),
    width
  )
}

function normalised(values: Float64Array, width: number): Float64Array {
  for (let from = 0; from < values.length; from += width) {
    let sum = 0
    for (let at = from; at < from + width; at++) sum += values[at]!
    for (let at = from; at < from + width; at++) values[at] = sum === 0 ? 1 / width : values[at]! / sum
  }
  return values
}
