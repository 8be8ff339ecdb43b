import type { BinaryEvaluation } from '../../../model/evaluation'
import type { ThresholdPoint } from '../../../model/tasks'
import type { Ranking } from './ranking'

const mostPoints = 500
const mostThresholds = 200
/** How far a point may lie from the drawing before it is kept for that alone: half a line's width on a chart of 250 pixels. */
const nearEnough = 0.004

interface Corner {
  x: number
  y: number
  threshold: number | null
}

/** ROC curve from (0, 0) to (1, 1); empty when an outcome is missing. */
export function rocCurve(
  labels: Uint8Array,
  scores: Float64Array,
  ranking: Ranking,
  weights: Float64Array | null = null
): BinaryEvaluation['roc'] {
  const steps = cumulate(labels, scores, ranking, weights)
  const { positives, negatives } = steps[steps.length - 1]!
  if (positives === 0 || negatives === 0) return []
  const corners = steps.map((step) => ({ x: step.negatives / negatives, y: step.positives / positives, threshold: step.threshold }))
  return thin(corners, mostPoints, 'straight').map(({ x, y, threshold }) => ({ threshold, falsePositiveRate: x, truePositiveRate: y }))
}

/**
 * Precision over recall from recall 0 (precision of the first group) to 1; empty without positives. A precision holds from the recall before
 * up to its own: drawn in such steps, the area below is the average precision.
 */
export function precisionRecallCurve(
  labels: Uint8Array,
  scores: Float64Array,
  ranking: Ranking,
  weights: Float64Array | null = null
): BinaryEvaluation['precisionRecall'] {
  // Before the first row that counts nothing is selected by weight, and there is no precision.
  const steps = cumulate(labels, scores, ranking, weights).filter((step) => step.positives + step.negatives > 0)
  const positives = steps[steps.length - 1]?.positives ?? 0
  if (positives === 0) return []
  const corners = steps.map((step) => ({
    x: step.positives / positives,
    y: step.positives / (step.positives + step.negatives),
    threshold: step.threshold as number | null
  }))
  corners.unshift({ x: 0, y: corners[0]!.y, threshold: null })
  return thin(corners, mostPoints, 'stepped').map(({ x, y, threshold }) => ({ threshold, recall: x, precision: y }))
}

/** What each of up to 200 thresholds would select: even steps of 0.01, or quantiles of the scores when they crowd together. */
export function thresholdSweep(
  labels: Uint8Array,
  scores: Float64Array,
  ranking: Ranking,
  weights: Float64Array | null = null
): ThresholdPoint[] {
  const rows = labels.length
  const even = Array.from({ length: 101 }, (_, i) => i / 100)
  const quantiles = Array.from({ length: 90 }, (_, i) => scores[ranking.order[Math.floor((i * (rows - 1)) / 89)]!]!)
  const thresholds = [...new Set([...even, ...quantiles])].sort((a, b) => b - a).slice(0, mostThresholds)
  const weightOf = (row: number): number => (weights ? weights[row]! : 1)
  const totalPositives = labels.reduce((sum, label, row) => sum + label * weightOf(row), 0)
  const total = weights ? weights.reduce((sum, weight) => sum + weight, 0) : rows
  const totalNegatives = total - totalPositives
  let [at, truePositives, falsePositives] = [0, 0, 0]
  const points = thresholds.map((threshold): ThresholdPoint => {
    while (at < rows && scores[ranking.order[at]!]! >= threshold) {
      const row = ranking.order[at++]!
      if (labels[row]) truePositives += weightOf(row)
      else falsePositives += weightOf(row)
    }
    const selected = truePositives + falsePositives
    const precision = selected > 0 ? truePositives / selected : null
    const recall = totalPositives > 0 ? held(truePositives / totalPositives) : null
    const denominator = selected + totalPositives
    return {
      threshold,
      precision,
      recall,
      falsePositiveRate: totalNegatives > 0 ? held(falsePositives / totalNegatives) : null,
      selectionRate: held(selected / total),
      f1: denominator > 0 ? held((2 * truePositives) / denominator) : null,
      accuracy: held((truePositives + totalNegatives - falsePositives) / total)
    }
  })
  return points.reverse()
}

/** Sums of weights differ in their last digits by their order: no share is above 1 for that. */
const held = (share: number): number => Math.min(1, Math.max(0, share))

/** Events and others that the highest scores hold, by the scores that occur, from none to all. */
export function cumulate(labels: Uint8Array, scores: Float64Array, { order, starts }: Ranking, weights: Float64Array | null) {
  const steps: { positives: number; negatives: number; threshold: number | null }[] = [{ positives: 0, negatives: 0, threshold: null }]
  let [positives, negatives] = [0, 0]
  for (let group = 0; group + 1 < starts.length; group++) {
    const end = starts[group + 1]!
    for (let i = starts[group]!; i < end; i++) {
      const weight = weights ? weights[order[i]!]! : 1
      if (labels[order[i]!]) positives += weight
      else negatives += weight
    }
    steps.push({ positives, negatives, threshold: scores[order[end - 1]!]! })
  }
  return steps
}

type Drawing = 'straight' | 'stepped'

/**
 * At most `limit` points that keep the drawing: starts from the two ends and adds the point farthest from what is drawn without it (Ramer
 * 1972; Douglas and Peucker 1973), first until every point is near and then where the area would change most, so that corners and extremes
 * stay and straight runs go.
 * Between two points a curve is drawn as the chord, or first up or down and then to the right (`stepped`). With 500 points in the unit square
 * no point is farther than 0.005 from the drawing and the area below it is within 0.001; a test draws such curves.
 */
export function thin<T extends Pick<Corner, 'x' | 'y'>>(points: readonly T[], limit: number, drawing: Drawing): T[] {
  if (points.length <= 2) return [...points]
  const kept = new Set([0, points.length - 1])
  const farthest = (from: number, to: number) => {
    const [a, b] = [points[from]!, points[to]!]
    let at = -1
    let distance = 0
    let [low, high] = a.y < b.y ? [a.y, b.y] : [b.y, a.y]
    for (let i = from + 1; i < to; i++) {
      const p = points[i]!
      if (p.y < low) low = p.y
      else if (p.y > high) high = p.y
      const away = drawing === 'stepped' ? fromStep(p, a, b) : fromChord(p, a, b)
      if (away > distance) [at, distance] = [i, away]
    }
    const area = distance * (b.x - a.x + high - low)
    // What is too far comes before whatever area a near one can change.
    return { from, to, at, changes: distance > nearEnough ? 1 + distance : distance > 1e-12 ? area : 0 }
  }
  const open = [farthest(0, points.length - 1)]
  while (kept.size < limit) {
    let best = -1
    for (let i = 0; i < open.length; i++) if (open[i]!.changes > 0 && (best < 0 || open[i]!.changes > open[best]!.changes)) best = i
    if (best < 0) break
    const { from, to, at } = open.splice(best, 1)[0]!
    kept.add(at)
    open.push(farthest(from, at), farthest(at, to))
  }
  return [...kept].sort((a, b) => a - b).map((at) => points[at]!)
}

type Place = Pick<Corner, 'x' | 'y'>

function fromChord(p: Place, a: Place, b: Place): number {
  const length = Math.hypot(b.x - a.x, b.y - a.y)
  return length > 0 ? Math.abs((b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x)) / length : Math.hypot(p.x - a.x, p.y - a.y)
}

/** From the line up or down at the x of `a`, or from the one to the right at the y of `b`, whichever is nearer. */
function fromStep(p: Place, a: Place, b: Place): number {
  const beyond = Math.max(0, p.y - Math.max(a.y, b.y), Math.min(a.y, b.y) - p.y)
  return Math.min(Math.hypot(p.x - a.x, beyond), Math.abs(p.y - b.y))
}
