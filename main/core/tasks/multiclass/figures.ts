import { decideClass, type ClassCosts } from '../../../model/class-decision'
import type { Outcomes } from '../outcomes'
import type { MulticlassMetric } from '../../../model/tasks/multiclass'

/** A probability counts as at least this, so that a certain wrong answer has a finite cost. */
const clip = 1e-15
/** So many likeliest classes may hold the right one. */
const topClasses = 3

/** Everything about a row that does not change between resamples. */
export interface ClassRows {
  rows: number
  classes: number
  labels: Uint16Array
  /** Row-major [rows * classes]. */
  scores: Float64Array
  weights: Float64Array | null
  /** The class that is decided for: of least expected cost where decisions have costs, else the likeliest; of equal ones the first. */
  decided: Uint16Array
  /** What each decision costs, by class and by the class decided for; null where that is not said. */
  costs: ClassCosts | null
  /** Negative log-likelihood of the class, nats. */
  losses: Float64Array
  /** Whether the class is among the three likeliest; null where these are all. */
  isNear: Uint8Array | null
}

/** Negative log-likelihood of a probability, nats. */
export const lossOf = (probability: number): number => Math.min(-Math.log(clip), -Math.log(probability))

export function prepareRows({ labels: given, weights }: Outcomes, scores: Float64Array, costs: ClassCosts | null = null): ClassRows {
  const labels = given as Uint16Array
  const rows = labels.length
  const classes = rows === 0 ? 0 : scores.length / rows
  const decided = new Uint16Array(rows)
  const losses = new Float64Array(rows)
  const isNear = classes > topClasses ? new Uint8Array(rows) : null
  for (let row = 0; row < rows; row++) {
    const from = row * classes
    const own = scores[from + labels[row]!]!
    let before = 0
    for (let place = 0; place < classes; place++) {
      const score = scores[from + place]!
      if (score > own || (score === own && place < labels[row]!)) before++
    }
    decided[row] = decideClass(scores, from, classes, costs)
    losses[row] = lossOf(own)
    if (isNear && before < topClasses) isNear[row] = 1
  }
  return { rows, classes, labels, scores, weights, decided, costs, losses, isNear }
}

/** Sums of weighted rows. */
export interface Tally {
  total: number
  loss: number
  /** Of the decisions; null where they have none. */
  cost: number | null
  near: number
  /** By class: rows of it, rows decided for it, and rows of it decided for it. */
  of: Float64Array
  decided: Float64Array
  hits: Float64Array
}

/** Sums over the rows, each counted `times` (once without) its weight. */
export function tallyRows(prepared: ClassRows, times: Uint32Array | null): Tally {
  const { rows, classes, labels, decided, costs, losses, isNear, weights } = prepared
  const found: Tally = {
    total: 0,
    loss: 0,
    cost: costs && 0,
    near: 0,
    of: new Float64Array(classes),
    decided: new Float64Array(classes),
    hits: new Float64Array(classes)
  }
  for (let row = 0; row < rows; row++) {
    const weight = (times ? times[row]! : 1) * (weights ? weights[row]! : 1)
    if (weight === 0) continue
    const [label, decision] = [labels[row]!, decided[row]!]
    found.total += weight
    found.loss += weight * losses[row]!
    if (costs) found.cost! += weight * costs[label]![decision]!
    found.of[label]! += weight
    found.decided[decision]! += weight
    if (label === decision) found.hits[label]! += weight
    if (isNear?.[row]) found.near += weight
  }
  return found
}

/** Figures that follow from sums over rows, so that resampled rows have them too. */
export type Summed = Exclude<MulticlassMetric, 'auc_ovr' | 'auc_ovr_weighted' | 'calibration_classwise' | 'calibration_confidence'>

const over = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null)

/** Precision, recall and F1 of one class; null where there is nothing to count. */
export const ratesOf = ({ of, decided, hits }: Tally, place: number) => ({
  precision: over(hits[place]!, decided[place]!),
  recall: over(hits[place]!, of[place]!),
  f1: over(2 * hits[place]!, of[place]! + decided[place]!)
})

/**
 * All summed figures. Means over the classes take those that occur or were decided for, and a rate with nothing to count as 0, as
 * scikit-learn's `precision_recall_fscore_support` does; balanced accuracy takes the classes that occur, as its `balanced_accuracy_score`.
 */
export function figuresOf(tally: Tally, hasNear: boolean): Record<Summed, number | null> {
  const { total, of, decided, hits } = tally
  const sums = { precision: 0, recall: 0, f1: 0 }
  const weighted = { precision: 0, recall: 0, f1: 0 }
  let [known, occurring, found, right] = [0, 0, 0, 0]
  for (let place = 0; place < of.length; place++) {
    right += hits[place]!
    if (of[place] === 0 && decided[place] === 0) continue
    known++
    const rates = ratesOf(tally, place)
    for (const key of ['precision', 'recall', 'f1'] as const) {
      sums[key] += rates[key] ?? 0
      weighted[key] += (rates[key] ?? 0) * of[place]!
    }
    if (rates.recall === null) continue
    occurring++
    found += rates.recall
  }
  return {
    log_loss: over(tally.loss, total),
    decision_cost: tally.cost === null ? null : over(tally.cost, total),
    accuracy: over(right, total),
    balanced_accuracy: over(found, occurring),
    precision_macro: over(sums.precision, known),
    recall_macro: over(sums.recall, known),
    f1_macro: over(sums.f1, known),
    precision_weighted: over(weighted.precision, total),
    recall_weighted: over(weighted.recall, total),
    f1_weighted: over(weighted.f1, total),
    top_3_accuracy: hasNear ? over(tally.near, total) : null
  }
}

/** Mean negative log-likelihood of the classes, nats, turned so that higher is better; null without rows. */
export function skillOf(outcomes: Outcomes, scores: Float64Array): number | null {
  const { labels, weights } = outcomes
  const classes = scores.length / labels.length
  let [total, loss] = [0, 0]
  for (let row = 0; row < labels.length; row++) {
    const weight = weights ? weights[row]! : 1
    total += weight
    loss += weight * lossOf(scores[row * classes + labels[row]!]!)
  }
  return total > 0 ? -loss / total : null
}

/** Negative log-likelihood of each row, nats, and what it is called. */
export function lossesOf({ labels }: Outcomes, scores: Float64Array): { losses: Float64Array; name: string } {
  const classes = scores.length / labels.length
  return { losses: Float64Array.from(labels, (label, row) => lossOf(scores[row * classes + label]!)), name: 'log loss' }
}

/** Rows by class and by the class decided for: plain counts, or sums of weights. */
export function confusionOf({ rows, classes, labels, decided }: ClassRows, weights: Float64Array | null): number[][] {
  const counts = Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0))
  for (let row = 0; row < rows; row++) counts[labels[row]!]![decided[row]!]! += weights ? weights[row]! : 1
  return counts
}
