import type { CalibrationMethod, CalibrationRecord, ProbabilityMap, ReliabilityCurve } from '../../model/calibration'
import { wilsonInterval, z95 } from '../numerics'
import { effectiveShare } from '../tasks'
import { applyMaps } from './apply-maps'
import { fitMap, fitTemperature } from './fit-maps'

/** What a model stated for rows with known outcomes: probabilities row-major, one of the event or one for each class. */
export interface KnownRows {
  scores: Float64Array
  width: number
  /** Index of the class; 1 is the event. */
  labels: ArrayLike<number>
  weights: Float64Array | null
}

const mostFolds = 5
const clip = 1e-15
const mostBins = 10

/** The maps that fit rows best; the index of the class whose rows leave its map open. */
export function fitMaps(method: CalibrationMethod, { scores, width, labels, weights }: KnownRows): ProbabilityMap[] | { open: number } {
  if (method === 'temperature') {
    const map = fitTemperature(scores, width, labels, weights)
    return map ? [map] : { open: 0 }
  }
  const maps: ProbabilityMap[] = []
  for (let place = 0; place < width; place++) {
    const probabilities = Float64Array.from({ length: labels.length }, (_, row) => scores[row * width + place]!)
    const own = width === 1 ? 1 : place
    const map = fitMap(method, { probabilities, outcomes: Uint8Array.from(labels, (label) => (label === own ? 1 : 0)), weights })
    if (!map) return { open: place }
    maps.push(map)
  }
  return maps
}

/**
 * The rows corrected by maps that were fitted on the other rows: up to five parts, each with its share of every outcome. A temperature is one
 * for all classes, so there the rows are dealt on over the classes and one may have fewer rows than there are parts. Null where the parts leave
 * a map open.
 */
export function crossFit(method: CalibrationMethod, rows: KnownRows): { scores: Float64Array; folds: number } | null {
  const { labels, width } = rows
  const { rank, most } = method === 'temperature' ? rankAll(labels) : rankWithin(labels)
  const folds = Math.min(mostFolds, most)
  if (folds < 2) return null
  const scores = new Float64Array(rows.scores.length)
  for (let fold = 0; fold < folds; fold++) {
    const inFold = rank.flatMap((at, row) => (at % folds === fold ? [row] : []))
    const maps = fitMaps(
      method,
      pick(
        rows,
        rank.flatMap((at, row) => (at % folds === fold ? [] : [row]))
      )
    )
    if (!Array.isArray(maps)) return null
    const corrected = applyMaps(maps, pick(rows, inFold).scores, width)
    inFold.forEach((row, at) => scores.set(corrected.subarray(at * width, (at + 1) * width), row * width))
  }
  return { scores, folds }
}

/** Place of each row among those of its outcome, and the rows of the rarest outcome. */
function rankWithin(labels: ArrayLike<number>): { rank: number[]; most: number } {
  const counts = new Map<number, number>()
  const rank = Array.from(labels, (label) => {
    const seen = counts.get(label) ?? 0
    counts.set(label, seen + 1)
    return seen
  })
  return { rank, most: Math.min(...counts.values()) }
}

/** Place of each row among all, one outcome after the other, and the number of rows. */
function rankAll(labels: ArrayLike<number>): { rank: number[]; most: number } {
  const order = Array.from(labels, (_, row) => row).sort((a, b) => labels[a]! - labels[b]! || a - b)
  const rank = new Array<number>(order.length)
  order.forEach((row, place) => (rank[row] = place))
  return { rank, most: order.length }
}

function pick({ scores, width, labels, weights }: KnownRows, rows: readonly number[]): KnownRows {
  const own = new Float64Array(rows.length * width)
  rows.forEach((row, at) => own.set(scores.subarray(row * width, (row + 1) * width), at * width))
  return {
    scores: own,
    width,
    labels: rows.map((row) => labels[row]!),
    weights: weights && Float64Array.from(rows, (row) => weights[row]!)
  }
}

/** Log loss and squared error of each row; the latter over all classes, of a yes or no that of the event. */
function lossesOf({ scores, width, labels }: KnownRows): { logs: Float64Array; squares: Float64Array } {
  const logs = new Float64Array(labels.length)
  const squares = new Float64Array(labels.length)
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row]!
    const p = width === 1 ? (label === 1 ? scores[row]! : 1 - scores[row]!) : scores[row * width + label]!
    logs[row] = -Math.log(Math.max(clip, p))
    if (width === 1) squares[row] = (scores[row]! - label) ** 2
    else for (let at = 0; at < width; at++) squares[row]! += (scores[row * width + at]! - (at === label ? 1 : 0)) ** 2
  }
  return { logs, squares }
}

/** Both sides in figures; the interval of the log loss saved is normal, row by row. */
export function compareLosses(before: KnownRows, after: KnownRows, folds: number): CalibrationRecord['figures'] {
  const [own, other] = [lossesOf(before), lossesOf(after)]
  const weightAt = (row: number): number => before.weights?.[row] ?? 1
  const mean = (values: Float64Array): number => {
    let [sum, all] = [0, 0]
    values.forEach((value, row) => {
      sum += weightAt(row) * value
      all += weightAt(row)
    })
    return sum / all
  }
  const saved = own.logs.map((loss, row) => loss - other.logs[row]!)
  const value = mean(saved)
  let [spread, all] = [0, 0]
  saved.forEach((each, row) => {
    spread += (weightAt(row) * (each - value)) ** 2
    all += weightAt(row)
  })
  const reach = (z95 * Math.sqrt(spread)) / all
  return {
    folds,
    before: { logLoss: mean(own.logs), brier: mean(own.squares) },
    after: { logLoss: mean(other.logs), brier: mean(other.squares) },
    gain: { value, lower: value - reach, upper: value + reach }
  }
}

interface Point {
  stated: number
  came: boolean
  weight: number
}

/**
 * What was stated of the event, or of the likeliest class, against what came: up to ten bins of as many rows as equal scores allow. Rows count
 * by their weights within a bin; the interval is that of as many plain rows as would say the same.
 */
export function reliabilityCurve({ scores, width, labels, weights }: KnownRows): ReliabilityCurve {
  const points = Array.from(labels, (label, row): Point => {
    const weight = weights?.[row] ?? 1
    if (width === 1) return { stated: scores[row]!, came: label === 1, weight }
    const own = scores.subarray(row * width, (row + 1) * width)
    const place = own.reduce((best, p, at) => (p > own[best]! ? at : best), 0)
    return { stated: own[place]!, came: place === label, weight }
  })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => a.stated - b.stated)
  const bins: ReliabilityCurve = []
  let from = 0
  for (let at = 1; at <= points.length; at++) {
    const isEnd = at === points.length
    if (!isEnd && (points[at]!.stated === points[at - 1]!.stated || at < ((bins.length + 1) * points.length) / mostBins)) continue
    bins.push(binOf(points.slice(from, at), weights !== null))
    from = at
  }
  return bins
}

function binOf(points: readonly Point[], isWeighted: boolean): ReliabilityCurve[number] {
  const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, value) => total + value, 0)
  const all = Float64Array.from(points, ({ weight }) => weight)
  const came = Float64Array.from(points, (point) => (point.came ? point.weight : 0))
  const [part, whole] = [sum(came), sum(all)]
  const rows = isWeighted ? effectiveShare(came, all, { count: points.length, of: null }) : { part, whole }
  return {
    count: points.length,
    predicted: Math.min(1, sum(points.map(({ stated, weight }) => stated * weight)) / whole),
    observed: part / whole,
    ...wilsonInterval(rows.part, rows.whole)
  }
}
