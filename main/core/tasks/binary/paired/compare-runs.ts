import type { PairMethod } from '../../../../model/tasks'
import { breathe, normalDifference, resampledDifference, signTest, type Difference } from '../../../numerics'
import { collectFigures, prepareRows, type JudgedRows } from '../figures'
import { deriveRanking } from '../ranking'
import type { RowScores } from '../row-scores'
import { delongDifference, placementsOf, type Placements } from './delong'
import { resampleTogether } from './resampled'

/** What one run answered, and from which probability on it decides. */
export interface ScoredRun {
  scores: RowScores
  threshold: number
}

export interface PairedOptions {
  /** Resamples; as many as the rows and runs leave time for, between 500 and 2,000, where it is left out. */
  samples?: number
  seed?: number
  signal?: AbortSignal
  onProgress?: (share: number) => void
}

/** Runs over the same rows, ready to be compared two by two. */
export interface RowComparison {
  rows: number
  /** A figure of run `a` minus that of run `b`; null where the rows cannot tell. */
  difference(metric: string, a: number, b: number): (Difference & { method: PairMethod }) | null
}

/** With fewer rows of one outcome neither a normal distribution nor resamples say how uncertain a difference is. */
const fewestOfOutcome = 10
/** Rows of all runs together that are compared row by row: beyond, their scores do not fit in memory with room to spare. */
export const MOST_ROWS = 10_000_000
const rowVisits = 200_000_000
/** Decisions that count for a figure which is a share of rightly decided rows; their exact test is that of McNemar. */
const decided: Readonly<Record<string, readonly number[] | undefined>> = { accuracy: [0, 1], recall: [1], specificity: [0] }
const byThreshold = new Set<string>(['accuracy', 'recall', 'specificity', 'precision', 'f1'])

/**
 * Compares runs that were judged on the same rows: the AUC by DeLong, all other figures over the same resamples, right and wrong decisions
 * by the exact test of McNemar. Each difference stands for itself; whoever looks at several holds them together.
 * @throws WorkbenchError CANCELLED
 */
export async function compareScoredRuns(runs: readonly ScoredRun[], options: PairedOptions = {}): Promise<RowComparison> {
  const { labels } = runs[0]!.scores
  const rows = labels.length
  const positives = labels.reduce((sum, label) => sum + label, 0)
  if (Math.min(positives, rows - positives) < fewestOfOutcome) return { rows, difference: () => null }
  const judged: JudgedRows[] = []
  for (const { scores, threshold } of runs) {
    await breathe(options.signal)
    const ranking = deriveRanking(scores.scores)
    await breathe(options.signal)
    judged.push(prepareRows(labels, scores.scores, ranking, threshold))
  }
  const samples = options.samples ?? Math.round(Math.max(500, Math.min(2000, rowVisits / (rows * runs.length))))
  const resampled = await resampleTogether(judged, { ...options, samples, seed: options.seed ?? 1 })
  const placements: Placements[] = []
  const figures: Record<string, number | null>[] = []
  for (const run of judged) {
    await breathe(options.signal)
    placements.push(placementsOf(labels, run.ranking))
    figures.push(collectFigures(run, null).figures)
  }
  return {
    rows,
    difference(metric, a, b) {
      const [one, other, draws] = [figures[a]![metric], figures[b]![metric], resampled.get(metric)]
      if (typeof one !== 'number' || typeof other !== 'number' || !draws) return null
      const auc = metric === 'auc' && delongDifference(placements[a]!, placements[b]!)
      const found = auc ? normalDifference(auc.difference, auc.error) : resampledDifference(one - other, draws[a]!, draws[b]!)
      if (!found) return null
      const counts = decided[metric]
      const { better, worse, differing } = countRows(judged[a]!, judged[b]!, byThreshold.has(metric), counts ?? [0, 1])
      // No test of rows that may be exchanged has a smaller one.
      const least = counts ? signTest(better, worse) : Math.min(1, 2 ** (1 - differing))
      return { ...found, p: Math.max(found.p, least), method: auc ? 'delong' : counts ? 'mcnemar' : 'paired-bootstrap' }
    }
  }
}

/** Rows in which two runs differ, by decision or by score; and those that only the one or the other decides rightly. */
function countRows(a: JudgedRows, b: JudgedRows, isDecision: boolean, outcomes: readonly number[]) {
  let [better, worse, differing] = [0, 0, 0]
  for (let row = 0; row < a.labels.length; row++) {
    const label = a.labels[row]!
    if (!outcomes.includes(label) || (isDecision ? a.selected[row] === b.selected[row] : a.scores[row] === b.scores[row])) continue
    differing++
    if (a.selected[row] === b.selected[row]) continue
    if (a.selected[row] === label) better++
    else worse++
  }
  return { better, worse, differing }
}
