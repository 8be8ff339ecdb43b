import { lossesOf } from '../figures'
import { deriveRanking, type Ranking } from '../ranking'
import { unitsOf, type CountedRows } from '../../resampling'
import { calibrationError, quantileBins } from '../reliability'
import { quantileBins as statedBins } from '../stated'
import type { Bounds } from '../ranking-interval'
import type { ScoredRun } from './scored-run'

/**
 * A run with its rows from the highest to the lowest score, cut where the decision changes and where a calibration bin ends: what a resample
 * asks of it are sums over these parts, so that one walk without a search gives every figure.
 */
export interface PreparedRun {
  ranking: Ranking
  /** By place in the ranking; `isLast` ends a group of equal score. */
  labels: Uint8Array
  scores: Float64Array
  losses: Float64Array
  /** Squared distance of the score from its outcome. */
  missed: Float64Array
  isLast: Uint8Array
  /** Ends of the parts, rising. */
  ends: Uint32Array
  /** By part: its calibration bin, and whether its rows are selected. */
  bins: Uint8Array
  isSelected: Uint8Array
  binCount: number
  /** Rows that are selected, the first ones of the ranking. */
  selected: number
  /** Loss of stating the base rate, for an event and for another outcome; null where the rate is not known. */
  stated: { event: number; other: number } | null
  /** The calibration error of all rows, whose interval no resampling gives. */
  calibration: Bounds & { value: number }
  /** Where rows count by weight or come in clusters. */
  counted: CountedRows | null
}

/** Sorts the rows of a run once. */
export function prepareRun({ scores: { labels, scores, weights = null, clusters = null }, threshold, baseRate }: ScoredRun): PreparedRun {
  const isPlain = weights === null && clusters === null
  const ranking = deriveRanking(scores)
  const { order, starts } = ranking
  const losses = lossesOf(labels, scores)
  const rows = order.length
  const isLast = new Uint8Array(rows)
  for (let group = 1; group < starts.length; group++) isLast[starts[group]! - 1] = 1
  let selected = 0
  while (selected < rows && scores[order[selected]!]! >= threshold) selected++
  const found = isPlain ? quantileBins(labels, scores, ranking) : statedBins({ scores, came: labels, ranking, weights, clusters })
  // Bins come from the lowest score on, the ranking from the highest.
  const binEnds: number[] = []
  for (const rows of found.map(rowsIn).reverse()) binEnds.push((binEnds.at(-1) ?? 0) + rows)
  const ends = Uint32Array.from([...new Set([...binEnds, selected, rows])].filter((end) => end > 0).sort((a, b) => a - b))
  // Where one of two models is calibrated, bounds of 95% hold the difference of the errors in nine of ten trials.
  const { value, bounds } = calibrationError(found, 0.98)
  return {
    ranking,
    labels: Uint8Array.from(order, (row) => labels[row]!),
    scores: Float64Array.from(order, (row) => scores[row]!),
    losses: Float64Array.from(order, (row) => losses[row]!),
    missed: Float64Array.from(order, (row) => (scores[row]! - labels[row]!) ** 2),
    isLast,
    ends,
    bins: Uint8Array.from(ends, (end) => binEnds.findIndex((binEnd) => binEnd >= end)),
    isSelected: Uint8Array.from(ends, (end) => (end <= selected ? 1 : 0)),
    binCount: found.length,
    selected,
    stated: baseRate === undefined ? null : { event: -Math.log(baseRate), other: -Math.log1p(-baseRate) },
    calibration: { value, ...bounds },
    counted: isPlain ? null : { weights, units: unitsOf(labels.length, clusters, Infinity) }
  }
}

/** Rows of a bin, of which weighted ones have another count by weight. */
const rowsIn = (bin: { count: number; rows?: number }): number => bin.rows ?? bin.count

/** Sums of weighted rows over one part. */
interface Sums {
  weight: number
  events: number
  predicted: number
  squares: number
  loss: number
}

/** Figures of one resample by metric key; NaN where a figure has no value. `squared` is the debiased mean square of calibration. */
export interface DrawnFigures {
  metrics: Record<string, number>
  squared: number
}

/** All figures of the rows, each counted `weights` times. */
export function drawFigures(run: PreparedRun, weights: Uint8Array | Float64Array): DrawnFigures {
  const { ranking, labels, scores, losses, missed, isLast, ends } = run
  const { order } = ranking
  const parts: Sums[] = []
  // Rows and events of the parts before, events of the present group of equal score, and the sum of precisions at each event.
  let [before, eventsBefore, own, precisions, at] = [0, 0, 0, 0, 0]
  for (const end of ends) {
    let [weight, events, predicted, squares, loss] = [0, 0, 0, 0, 0]
    for (; at < end; at++) {
      // Rows that were not drawn add nothing: leaving them out by a question takes longer than counting them.
      const times = weights[order[at]!]!
      const event = times * labels[at]!
      weight += times
      events += event
      own += event
      predicted += times * scores[at]!
      loss += times * losses[at]!
      squares += times * missed[at]!
      if (own !== 0 && isLast[at] === 1) {
        precisions += (own * (eventsBefore + events)) / (before + weight)
        own = 0
      }
    }
    before += weight
    eventsBefore += events
    parts.push({ weight, events, predicted, squares, loss })
  }
  return summarise(run, parts, precisions)
}

const total = (parts: readonly Sums[]): Sums =>
  parts.reduce((sum, part) => ({
    weight: sum.weight + part.weight,
    events: sum.events + part.events,
    predicted: sum.predicted + part.predicted,
    squares: sum.squares + part.squares,
    loss: sum.loss + part.loss
  }))
const nothing: Sums = { weight: 0, events: 0, predicted: 0, squares: 0, loss: 0 }

function summarise({ bins, isSelected, binCount, stated }: PreparedRun, parts: readonly Sums[], precisions: number): DrawnFigures {
  const all = total(parts)
  const chosen = total([nothing, ...parts.filter((_, part) => isSelected[part])])
  const others = all.weight - all.events
  const [hits, alarms] = [chosen.events, chosen.weight - chosen.events]
  const rate = all.events / all.weight
  const brier = all.squares / all.weight
  const loss = all.loss / all.weight
  const base = stated ? rate * stated.event + (1 - rate) * stated.other : NaN
  const squared = Array.from({ length: binCount }, (_, bin) => total([nothing, ...parts.filter((__, part) => bins[part] === bin)]))
    .filter(({ weight }) => weight > 0)
    .reduce((sum, { weight, events, predicted, squares }) => {
      const gap = (predicted - events) / weight
      // A bin of a single row shows no spread; all of its gap may be chance.
      const spread = weight > 1 ? Math.max(0, squares - weight * gap * gap) / (weight - 1) / weight : gap * gap
      return sum + (weight / all.weight) * (gap * gap - spread)
    }, 0)
  return {
    squared,
    metrics: {
      average_precision: precisions / all.events,
      log_loss: loss,
      log_loss_baseline: base,
      log_loss_skill: 1 - loss / base,
      brier,
      brier_skill: 1 - brier / (rate * (1 - rate)),
      accuracy: (hits + others - alarms) / all.weight,
      precision: hits / chosen.weight,
      recall: hits / all.events,
      f1: (2 * hits) / (chosen.weight + all.events),
      specificity: (others - alarms) / others
    }
  }
}
