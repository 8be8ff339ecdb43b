import { costRange, decideClass, type ClassCosts } from '../../../model/class-decision'
import { WorkbenchError } from '../../../model/errors'
import type { Estimate, Interval, TargetValue } from '../../../model/tasks'
import type { ClassFigures, MulticlassFigures } from '../../../model/tasks/multiclass'
import { z95 } from '../../numerics'
import { aucInterval } from '../binary/ranking-interval'
import { deriveRanking } from '../binary/ranking'
import { describeClusters, type Clusters } from '../clusters'
import type { Outcomes } from '../outcomes'
import { kishRows, rareMeanInterval, unitsOf } from '../resampling'
import { resampleClasses, type Resampled } from './bootstrap'
import { openErrorOf } from '../binary/influence'
import { seenRows, weightedAucInterval } from '../binary/weighted-intervals'
import { equalWidthError, judgeStated } from '../binary/stated'
import { countedIntervals } from './counted-intervals'
import { confusionOf, figuresOf, prepareRows, ratesOf, tallyRows, type ClassRows, type Summed, type Tally } from './figures'
import { aucMeanInterval, closedIntervals, level, rateIntervals } from './intervals'
import { rankClasses, type ClassRanking, type MeanAuc } from './one-vs-rest'

export type ClassJudgement = Omit<MulticlassFigures, 'baseline'>

export interface JudgeOptions {
  classes: readonly TargetValue[]
  /** 0 leaves out the intervals that are drawn by resampling. */
  bootstrapSamples: number
  seed: number
  /** What each decision costs; the likeliest class is decided for without. */
  costs?: ClassCosts | null
  /** Where rows belong together: intervals draw them so. */
  clusters?: Clusters | null
  signal?: AbortSignal
  onProgress?: (share: number) => void
}

/**
 * All figures of the probabilities of classes against the classes that came, each row counting by its weight, without knowing the model.
 * @throws WorkbenchError INVALID_INPUT for no rows, different lengths, or probabilities that are none; CANCELLED
 */
export async function judgeClasses(outcomes: Outcomes, scores: Float64Array, options: JudgeOptions): Promise<ClassJudgement> {
  const { classes, costs = null, clusters: together = null, bootstrapSamples: samples, seed, signal, onProgress } = options
  const clusters = together?.codes ?? null
  assertProbabilities(outcomes, scores, classes.length)
  const prepared = prepareRows(outcomes, scores, costs)
  const tally = tallyRows(prepared, null)
  const isPlain = prepared.weights === null && clusters === null
  const drawing = { samples, seed, level, withClasses: !isPlain, signal, onProgress }
  const resampled = await resampleClasses(prepared, unitsOf(prepared.rows, clusters), drawing)
  const each: OneClass[] = []
  const { macro, weighted } = await rankClasses(prepared, { signal }, (ranked) => each.push(judgeOne(ranked, prepared, clusters)))
  const figures = figuresOf(tally, prepared.isNear !== null)
  const closed = isPlain
    ? closedIntervals(tally, prepared.isNear !== null)
    : await countedIntervals(prepared, clusters, { samples, seed, level, signal })
  const intervals = { ...resampled.figures, ...closed, ...costInterval(prepared, clusters) }
  const summed = (key: Summed): Estimate => ({ value: figures[key], interval: figures[key] === null ? null : (intervals[key] ?? null) })
  const confidence = judgeConfidence(prepared, clusters)
  return {
    metrics: {
      log_loss: summed('log_loss'),
      ...(costs && { decision_cost: summed('decision_cost') }),
      accuracy: summed('accuracy'),
      balanced_accuracy: summed('balanced_accuracy'),
      precision_macro: summed('precision_macro'),
      recall_macro: summed('recall_macro'),
      f1_macro: summed('f1_macro'),
      precision_weighted: summed('precision_weighted'),
      recall_weighted: summed('recall_weighted'),
      f1_weighted: summed('f1_weighted'),
      auc_ovr: aucEstimate(macro, each, clusters, () => 1),
      auc_ovr_weighted: aucEstimate(weighted, each, clusters, ({ own }) => own),
      top_3_accuracy: summed('top_3_accuracy'),
      calibration_classwise: { value: each.reduce((sum, { gap }) => sum + gap, 0) / each.length, interval: null },
      calibration_confidence: confidence.error
    },
    bootstrap: { samples, level, method: 'percentile', ...(together && { clusters: describeClusters(together) }) },
    ...(costs && { decision: { costs, likeliest: costOfLikeliest(prepared) } }),
    confusion: confusionOf(prepared, null),
    ...(prepared.weights && { weightedConfusion: confusionOf(prepared, prepared.weights), effectiveRows: kishRows(prepared.weights) }),
    classes: classes.map((value, place) => describeClass(value, place, each[place]!, prepared, tally, isPlain ? null : resampled)),
    confidence: confidence.reliability
  }
}

/** Of few decisions that do not cost the usual, as none of a good model may; resamples of them say nothing of the dear ones that did not come. */
function costInterval({ rows, labels, decided, weights, costs }: ClassRows, clusters: Uint32Array | null): { decision_cost?: Interval } {
  if (!costs) return {}
  const paid = Float64Array.from(decided, (place, row) => costs[labels[row]!]![place]!)
  const ends = rareMeanInterval(paid, costRange(costs), { weights, units: unitsOf(rows, clusters, Infinity) })
  return ends ? { decision_cost: { ...ends, level, samples: 0, method: 'Wilson, of the dearest decision' } } : {}
}

/** Cost a row where each is decided for its likeliest class instead. */
function costOfLikeliest({ rows, classes, labels, scores, weights, costs }: ClassRows): number {
  let [sum, total] = [0, 0]
  for (let row = 0; row < rows; row++) {
    const weight = weights ? weights[row]! : 1
    sum += weight * costs![labels[row]!]![decideClass(scores, row * classes, classes, null)]!
    total += weight
  }
  return sum / total
}

function assertProbabilities({ labels }: Outcomes, scores: Float64Array, classes: number): void {
  if (labels.length === 0 || labels.length * classes !== scores.length)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `There are ${labels.length} outcomes and ${scores.length} probabilities. Judging needs ${classes} for each of at least one outcome.`
    )
  const odd = scores.findIndex((score) => !(score >= 0 && score <= 1))
  if (odd >= 0)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The score of class ${odd % classes} in row ${Math.floor(odd / classes)} is ${scores[odd]}, not a probability from 0 to 1. Check the model's output.`
    )
}

/** What is kept of one class when its ranking is gone. */
interface OneClass {
  auc: number | null
  interval: Interval | null
  own: number
  /** Rows of the rarer of the class and the rest; where they come in clusters, those that would say as much. */
  rarer: number
  mean: number
  gap: number
  calibration: ClassFigures['calibration']
}

function judgeOne(ranked: ClassRanking, { weights, rows }: ClassRows, clusters: Uint32Array | null): OneClass {
  const { auc, influence, isOwn, scores, ranking, own, others } = ranked
  const stated = { scores, came: isOwn, ranking, weights, clusters }
  const count = isOwn.reduce((sum, each) => sum + each, 0)
  const counted = weights || clusters ? { weights, units: unitsOf(rows, clusters, Infinity) } : null
  const rarer = clusters && influence ? seenRows(isOwn, influence, { weights: null, units: counted!.units }) : Math.min(count, rows - count)
  const ends = auc === null ? null : counted ? weightedAucInterval(isOwn, ranking, counted) : aucInterval(isOwn, ranking, z95)
  const interval = ends && { lower: ends.lower, upper: ends.upper, level, samples: 0, method: ends.method }
  const mean = scores.reduce((sum, score, row) => sum + score * (weights ? weights[row]! : 1), 0) / (own + others)
  const judged = auc === null ? null : judgeStated(stated)
  return {
    ...{ auc, interval, own, rarer, mean },
    gap: equalWidthError(stated),
    calibration: judged && { bins: judged.reliability.bins, error: judged.error, p: judged.reliability.p }
  }
}

function aucEstimate(mean: MeanAuc, all: readonly OneClass[], clusters: Uint32Array | null, countOf: (each: OneClass) => number): Estimate {
  if (mean.value === null) return { value: null, interval: null }
  const known = all.filter(({ auc }) => auc !== null)
  const counted = known.reduce((sum, each) => sum + countOf(each), 0)
  const classes = known.map((each) => ({ auc: each.auc!, rarer: each.rarer, weight: countOf(each) / counted, ends: each.interval }))
  return { value: mean.value, interval: aucMeanInterval({ value: mean.value, error: openErrorOf(mean.influence, clusters), classes }) }
}

function describeClass(
  value: TargetValue,
  place: number,
  one: OneClass,
  { labels, decided }: ClassRows,
  tally: Tally,
  resampled: Resampled | null
): ClassFigures {
  const rates = ratesOf(tally, place)
  const intervals = resampled ? resampled.classes[place]! : rateIntervals(tally, place)
  const estimate = (rate: keyof typeof rates): Estimate => ({ value: rates[rate], interval: rates[rate] === null ? null : intervals[rate] })
  return {
    class: value,
    count: labels.reduce((sum, label) => sum + (label === place ? 1 : 0), 0),
    decided: decided.reduce((sum, decision) => sum + (decision === place ? 1 : 0), 0),
    precision: estimate('precision'),
    recall: estimate('recall'),
    f1: estimate('f1'),
    auc: { value: one.auc, interval: one.interval },
    meanProbability: Math.min(1, one.mean),
    observedRate: tally.total > 0 ? tally.of[place]! / tally.total : 0,
    calibration: one.calibration
  }
}

/** The probability of the class decided for against whether it came (Guo and others 2017). */
function judgeConfidence({ rows, classes, scores, labels, decided, weights }: ClassRows, clusters: Uint32Array | null) {
  const confidence = Float64Array.from({ length: rows }, (_, row) => scores[row * classes + decided[row]!]!)
  const came = Uint8Array.from(labels, (label, row) => (label === decided[row] ? 1 : 0))
  return judgeStated({ scores: confidence, came, ranking: deriveRanking(confidence), weights, clusters })
}
