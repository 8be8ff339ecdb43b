import { boundsOf, isSetScore, rankFor, setOf, type MeasuredIntervals, type SignedIntervals } from '../../../model/conformal'
import { wilsonInterval, z95 } from '../../numerics'
import { effectiveShare, unitsOf, unitsOfRows } from '../resampling'

/** What a model stated for rows with known outcomes. */
export interface AnsweredRows {
  /** Row-major, `width` for each row: an amount, the probability of the event, or one for each class. */
  scores: Float64Array
  width: number
  labels: ArrayLike<number>
}

const mostParts = 10

/** The probabilities of a row, of a yes or no both. */
export const probabilitiesAt = ({ scores, width }: Pick<AnsweredRows, 'scores' | 'width'>, row: number): number[] =>
  width === 1 ? [1 - scores[row]!, scores[row]!] : Array.from(scores.subarray(row * width, (row + 1) * width))

/**
 * Whether each outcome lies within what the signature promises, and how large that is: a width (NaN where there is one end), or a number of
 * classes. A class that the model does not know lies in no set, and an answer that is no number holds nothing.
 */
export function heldRows(intervals: SignedIntervals, rows: AnsweredRows): { isHeld: Uint8Array; sizes: Float64Array } {
  const { labels } = rows
  const isHeld = new Uint8Array(labels.length)
  const sizes = new Float64Array(labels.length)
  for (let row = 0; row < labels.length; row++) {
    if (isSetScore(intervals.score)) {
      const probabilities = probabilitiesAt(rows, row)
      const set = probabilities.every(Number.isFinite) ? setOf(intervals, probabilities) : []
      isHeld[row] = set.includes(labels[row]!) ? 1 : 0
      sizes[row] = set.length
    } else {
      const { lower, upper } = boundsOf(intervals, rows.scores[row]!)
      const isWithin = (lower === null || labels[row]! >= lower) && (upper === null || labels[row]! <= upper)
      isHeld[row] = isWithin && (lower ?? upper) !== null ? 1 : 0
      sizes[row] = lower === null || upper === null ? NaN : upper - lower
    }
  }
  return { isHeld, sizes }
}

/**
 * How the promise of a signature fared on rows that it was not made from, over all and in parts: tenths of the predictions, or classes. Where rows
 * of either table count by weight, or come in clusters, the promise is one of other rows: there is no verdict.
 */
export function measureIntervals(
  intervals: SignedIntervals,
  rows: AnsweredRows,
  names: readonly string[],
  { weights: own = null, clusters = null }: { weights?: Float64Array | null; clusters?: Uint32Array | null } = {}
): MeasuredIntervals | undefined {
  const count = rows.labels.length
  const isPlain = own === null && clusters === null
  const units = unitsOf(count, clusters, Infinity)
  const { isHeld, sizes } = heldRows(intervals, rows)
  const describe = (places: Uint32Array) => {
    const weights = Float64Array.from(places, (row) => (own ? own[row]! : 1))
    const total = sumOf(weights)
    if (!(total > 0)) return undefined
    const held = weights.map((weight, at) => weight * isHeld[places[at]!]!)
    const size = sumOf(weights.map((weight, at) => weight * sizes[places[at]!]!)) / total
    const { part, whole } = isPlain ? { part: sumOf(held), whole: total } : effectiveShare(held, weights, unitsOfRows(units, places))
    return {
      rows: places.length,
      covered: Math.min(1, sumOf(held) / total),
      ...wilsonInterval(part, whole),
      size: Number.isFinite(size) ? size : null
    }
  }
  const all = describe(Uint32Array.from({ length: count }, (_, row) => row))
  if (!all) return undefined
  const isSet = isSetScore(intervals.score)
  const parts = isSet ? byClass(rows, names) : byPrediction(rows)
  return {
    score: intervals.score,
    promised: intervals.coverage,
    ...all,
    ...(isPlain && intervals.weight === undefined && { verdict: verdictOf(intervals, all.covered, count) }),
    ...(isSet && { sizes: countSizes(sizes) }),
    parts: parts
      .flatMap(({ name, own: places }) => {
        const found = describe(places)
        return found ? [{ name, ...found }] : []
      })
      .slice(0, 200)
  }
}

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0)

/** The number within is beta-binomial where the promise holds; its normal approximation bounds it. */
function verdictOf({ rows, coverage }: SignedIntervals, covered: number, judged: number): MeasuredIntervals['verdict'] {
  const rank = rankFor(rows, coverage)
  const [mean, all] = [rank / (rows + 1), rows + 1]
  const reach = z95 * Math.sqrt((mean * (1 - mean) * (all + judged)) / (judged * (all + 1)))
  if (covered < mean - reach) return 'too few'
  return covered > mean + reach ? 'more than promised' : 'held'
}

export function countSizes(sizes: Float64Array): number[] {
  const counts = new Array<number>(sizes.reduce((most, size) => Math.max(most, size), 0) + 1).fill(0)
  for (const size of sizes) counts[size]!++
  return counts
}

const byClass = ({ labels }: AnsweredRows, names: readonly string[]) =>
  names.map((name, place) => ({
    name,
    own: Uint32Array.from({ length: labels.length }, (_, row) => row).filter((row) => labels[row] === place)
  }))

/** Tenths of the rows by their prediction, equal ones together. */
function byPrediction({ scores }: AnsweredRows) {
  const order = Uint32Array.from(scores, (_, row) => row).sort((a, b) => scores[a]! - scores[b]!)
  const parts: { name: string; own: Uint32Array }[] = []
  let from = 0
  for (let at = 1; at <= order.length; at++) {
    const isEnd = at === order.length
    if (!isEnd && (scores[order[at]!] === scores[order[at - 1]!] || at < ((parts.length + 1) * order.length) / mostParts)) continue
    const own = order.subarray(from, at)
    parts.push({ name: `${short(scores[own[0]!]!)} to ${short(scores[own.at(-1)!]!)}`, own })
    from = at
  }
  return parts
}

const short = (value: number): string => String(Number(value.toPrecision(4)))
