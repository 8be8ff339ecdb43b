import type { Reliability } from '../../../model/tasks'
import { normalShare, solveRising, wilsonInterval } from '../../numerics'
import { sumsByUnit, type CountedRows, type Units } from '../resampling'
import type { Ranking } from './ranking'
import type { Bounds } from './ranking-interval'

const mostBins = 10
const rarerInBin = 5

/** A bin of neighbouring scores; `gap` is what was predicted minus what came, on average. */
interface ScoreBin {
  from: number
  to: number
  count: number
  predicted: number
  observed: number
  gap: number
  /** Variance of `gap`: as calibrated probabilities have it, and as the rows show it. */
  ifCalibrated: number
  asSeen: number
}

/**
 * Bins of as many rows each as equal scores allow, from the lowest score on: up to ten, fewer where each could not have five rows of the rarer
 * outcome.
 */
export function quantileBins(labels: Uint8Array, scores: Float64Array, { order, starts }: Ranking): ScoreBin[] {
  const rows = labels.length
  const positives = labels.reduce((sum, label) => sum + label, 0)
  const wanted = Math.max(2, Math.min(mostBins, Math.floor(Math.min(positives, rows - positives) / rarerInBin)))
  const bins: ScoreBin[] = []
  let end = rows
  for (let group = starts.length - 2; group >= 0; group--) {
    const taken = rows - starts[group]!
    if (group > 0 && taken < ((bins.length + 1) * rows) / wanted) continue
    bins.push(describeBin(labels, scores, order.subarray(starts[group]!, end)))
    end = starts[group]!
  }
  return bins
}

function describeBin(labels: Uint8Array, scores: Float64Array, rows: Uint32Array): ScoreBin {
  const count = rows.length
  let [predicted, observed, squares, noise] = [0, 0, 0, 0]
  for (const row of rows) {
    const score = scores[row]!
    predicted += score
    observed += labels[row]!
    squares += (score - labels[row]!) ** 2
    noise += score * (1 - score)
  }
  const gap = (predicted - observed) / count
  const spread = count > 1 ? Math.max(0, squares - count * gap * gap) / (count - 1) : noise / count
  return {
    from: scores[rows[count - 1]!]!,
    to: scores[rows[0]!]!,
    count,
    predicted: Math.min(1, predicted / count),
    observed: observed / count,
    gap,
    ifCalibrated: noise / count / count,
    asSeen: spread / count
  }
}

/** Rows that the variance of calibrated probabilities counts for beside what a bin shows: a bin of one outcome shows none. */
const priorRows = 2

/**
 * How far probabilities are from what happens: the root of the mean squared gap over the bins, less what chance alone adds (Kumar, Liang and
 * Ma 2019; Broecker 2012). The interval holds the values that the gaps seen do not contradict; it is found from the distribution of the
 * summed squares by Jensen and Solomon's approximation (1972). `p` is how often a calibrated model looks as bad or worse.
 */
export function calibrationError(bins: readonly ScoreBin[], level: number): { value: number; bounds: Bounds; p: number } {
  const rows = bins.reduce((sum, bin) => sum + bin.count, 0)
  const seen = bins.reduce((sum, { count, gap }) => sum + (count / rows) * gap * gap, 0)
  const chance = bins.reduce((sum, { count, asSeen }) => sum + (count / rows) * asSeen, 0)
  const calibrated = bins.map(({ count, ifCalibrated }) => ({ weight: count / rows, variance: ifCalibrated, part: 1 }))
  const shown = bins.map(({ count, gap, ifCalibrated, asSeen }) => ({
    weight: count / rows,
    part: seen > 0 ? (gap * gap) / seen : 1,
    variance: (count * asSeen + priorRows * ifCalibrated) / (count + priorRows)
  }))
  const p = 1 - shareBelow(seen, 0, calibrated)
  const tail = (1 - level) / 2
  /** The squared error of which so much of the distribution lies below what was seen. */
  const errorAt = (share: number, total: number): number => {
    if (shareBelow(total, 0, shown) <= share) return 0
    return solveRising(1 - share, 0, 4, (error) => 1 - shareBelow(total, error, shown))
  }
  // Gaps smaller than calibrated ones usually are say no more than those.
  const usual = calibrated.reduce((sum, { weight, variance }) => sum + weight * variance, 0)
  return {
    value: Math.sqrt(Math.max(0, seen - chance)),
    bounds: {
      lower: p > tail ? 0 : Math.sqrt(errorAt(1 - tail, seen)),
      upper: Math.min(1, Math.sqrt(errorAt(tail, Math.max(seen, usual))))
    },
    p
  }
}

interface Part {
  weight: number
  variance: number
  /** True squared gap over its weighted mean: where the error lies, as far as the rows show. */
  part: number
}

/** Share of the distribution of the weighted sum of squared normal gaps below `total`, where their true mean square is `error`. */
function shareBelow(total: number, error: number, parts: readonly Part[]): number {
  const moment = (power: number): number =>
    parts.reduce(
      (sum, { weight, variance, part }) => sum + weight ** power * (variance ** power + power * variance ** (power - 1) * error * part),
      0
    )
  const [first, second, third] = [moment(1), moment(2), moment(3)]
  if (!(first > 0)) return total > 0 ? 1 : 0.5
  if (!(second > 0)) return total > first ? 1 : 0
  const h = 1 - (2 * first * third) / (3 * second ** 2)
  if (Math.abs(h) < 1e-9) return normalShare((Math.log(total / first) + second / first ** 2) / (Math.sqrt(2 * second) / first))
  const centre = 1 + (second * h * (h - 1)) / first ** 2
  const z = ((total / first) ** h - centre) / ((Math.sqrt(2 * second) * Math.abs(h)) / first)
  return normalShare(h > 0 ? z : -z)
}

const furthest = 1e-6

/**
 * Logistic recalibration (Cox 1958): the intercept and slope by which the log odds of the scores would have to be changed, 0 and 1 for a
 * calibrated model, with Wald intervals. A slope below 1 is overconfidence. Null where the outcomes or scores leave them open. Of rows that
 * count by weight or come in clusters the variance is the sandwich of Binder (1983).
 */
export function recalibration(labels: Uint8Array, scores: Float64Array, z: number, counted: CountedRows | null = null) {
  const odds = scores.map((score) => {
    const inside = Math.min(1 - furthest, Math.max(furthest, score))
    return Math.log(inside / (1 - inside))
  })
  const rests = new Float64Array(odds.length)
  let [intercept, slope] = [0, 1]
  for (let step = 0; step < 50; step++) {
    let [g0, g1, h00, h01, h11] = [0, 0, 0, 0, 0]
    for (let row = 0; row < odds.length; row++) {
      const x = odds[row]!
      const p = 1 / (1 + Math.exp(-intercept - slope * x))
      const times = counted?.weights ? counted.weights[row]! : 1
      const [rest, weight] = [times * (labels[row]! - p), times * p * (1 - p)]
      rests[row] = rest
      g0 += rest
      g1 += rest * x
      h00 += weight
      h01 += weight * x
      h11 += weight * x * x
    }
    const determinant = h00 * h11 - h01 * h01
    if (!(determinant > 1e-10 * h00 * h11)) return null
    const by = [(h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant] as const
    // Half steps keep a far start from running away; a separated sample runs away whatever one does.
    const reach = Math.min(1, 2 / Math.max(Math.abs(by[0]), Math.abs(by[1])))
    intercept += reach * by[0]
    slope += reach * by[1]
    if (Math.max(Math.abs(intercept), Math.abs(slope)) > 50) return null
    if (Math.max(Math.abs(by[0]), Math.abs(by[1])) > 1e-9) continue
    const estimate = (value: number, variance: number) => ({
      value,
      lower: value - z * Math.sqrt(variance),
      upper: value + z * Math.sqrt(variance)
    })
    const inverse = [h11 / determinant, -h01 / determinant, h00 / determinant] as const
    const variance = counted ? sandwichOf(inverse, rests, odds, counted.units) : { intercept: inverse[0], slope: inverse[2] }
    return { intercept: estimate(intercept, variance.intercept), slope: estimate(slope, variance.slope) }
  }
  return null
}

/** Variances of two coefficients by what each row or cluster adds to the score; `inverse` is that of the information, by rows of its upper half. */
function sandwichOf([a, b, c]: readonly [number, number, number], rests: Float64Array, odds: Float64Array, units: Units) {
  const [first, second] = [
    sumsByUnit(rests, units),
    sumsByUnit(
      rests.map((rest, row) => rest * odds[row]!),
      units
    )
  ]
  let [intercept, slope] = [0, 0]
  for (let unit = 0; unit < first.length; unit++) {
    intercept += (a * first[unit]! + b * second[unit]!) ** 2
    slope += (b * first[unit]! + c * second[unit]!) ** 2
  }
  const open = first.length > 1 ? first.length / (first.length - 1) : Infinity
  return { intercept: open * intercept, slope: open * slope }
}

/** How far the probabilities of a model can be taken at their word: bins, error with interval, slope and intercept. */
export function judgeReliability(labels: Uint8Array, scores: Float64Array, ranking: Ranking, z: number, level: number) {
  const bins = quantileBins(labels, scores, ranking)
  const { value, bounds, p } = calibrationError(bins, level)
  const fit = recalibration(labels, scores, z)
  const interval = ({ lower, upper }: Bounds, method: string) => ({ lower, upper, level, samples: 0, method })
  const estimate = (part: (Bounds & { value: number }) | undefined) =>
    part ? { value: part.value, interval: interval(part, 'Wald') } : { value: null, interval: null }
  const reliability: Reliability = {
    bins: bins.map(({ from, to, count, predicted, observed }) => ({
      from,
      to,
      count,
      predicted,
      observed,
      ...wilsonInterval(Math.round(observed * count), count)
    })),
    p,
    slope: estimate(fit?.slope),
    intercept: estimate(fit?.intercept)
  }
  return { reliability, error: { value, interval: interval(bounds, 'test inversion') } }
}
