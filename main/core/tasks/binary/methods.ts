import type { Clusters } from '../clusters'

/** What the description needs to know of one evaluation. */
export interface MeasuredWith {
  threshold: number
  bootstrapSamples: number
  seed: number
  latencyCalls: number
  warmUpCalls: number
  batchRows: number
  groupColumn: string | null
  /** Whether rows have sample weights. */
  weighted?: boolean
  /** What rows that do not stand for themselves were put together by. */
  clusters?: Clusters | null
}

/** In words, how each figure came about, for whoever reads the record without this program. */
export function describeMethods(about: MeasuredWith): Record<string, string> {
  const { threshold, weighted, clusters, latencyCalls, warmUpCalls, batchRows, groupColumn } = about
  return {
    ...(weighted ? { weights: 'Every figure counts a row by its sample weight; counts of rows are plain.' } : {}),
    threshold: `A row counts as positive when its probability is ${threshold} or more.`,
    undefined: 'A rate with nothing to count (no positives, no selected rows) has no value: it is null, never 0 or 1.',
    ranking: 'AUC is the share of pairs of a positive and a negative row in the right order; ties count a half.',
    log_loss: 'Natural logarithm; probabilities are clipped to 1e-15 and 1 - 1e-15, so one certain wrong answer costs 34.5.',
    calibration: `Ten bins of equal width; the lower edge belongs to a bin, the upper to the next, and 1 to the last. The error is the mean gap weighted by rows; empty bins have no value. Bounds are 95% Wilson intervals${weighted || clusters ? ', for as many rows without weight that stand for themselves as say as much' : ''}. Chance makes this error larger, more so with few rows, so it has no interval; the debiased one has.`,
    reliability: `Up to ten bins of as many rows each as equal scores allow. The debiased calibration error is the root of the mean squared gap less what chance adds (Kumar, Liang and Ma 2019); its interval holds the errors that the gaps do not contradict (Jensen and Solomon 1972), and p is how often a calibrated model looks as far off. Slope and intercept are those of a logistic recalibration, on log odds, with Wald intervals.${weighted || clusters ? ' Chance is that of the rows by weight, larger by as much as rows that belong together vary alike; the Wald intervals are from the sandwich variance (Binder 1983).' : ''}`,
    brier_skill: 'One minus the Brier score over that of stating for every judged row the share of positives among them.',
    intervals: intervalWords(about),
    latency: `Wall time of ${latencyCalls} calls of one row, after ${warmUpCalls} calls to warm up, in a process of its own with one thread: making the input tensors, running the model, receiving its outputs. Without starting the process, loading the model, reading files and talking between processes. Percentiles by nearest rank. Whatever else the machine did meanwhile is inside.`,
    throughput: `The same for whole batches of ${batchRows} rows, repeated for a fifth of a second or longer.`,
    peak_memory:
      'Largest resident size of the scoring process alone since its start, bytes: runtime, model, and one batch of at most 4,096 rows at a time.',
    ...(groupColumn === null
      ? {}
      : {
          groups: `Groups of "${groupColumn}" at the same threshold; rows without a value are a group of their own. Disparate impact is the lowest over the highest selection rate of the compared groups. Bounds of gaps and of this ratio hold all at once in 95 of 100 evaluations: intervals of pairs from Wilson's (Newcombe 1998; Donner and Zou 2012), widened for the number of groups (Tukey) and for the three questions asked of them (Bonferroni). Intervals of single rates are not widened.`
        })
  }
}

function intervalWords({ bootstrapSamples, seed, weighted, clusters }: MeasuredWith): string {
  if (!weighted && !clusters)
    return bootstrapSamples === 0
      ? 'Closed forms only; nothing was resampled.'
      : `Shares: Wilson. F1: Wilson of the share it follows from. AUC: DeLong on log odds, or Newcombe (method 5) where fewer than five rows of the rarer outcome are out of order. Brier skill: Wilson of the base rate and Student of the mean squared error of each outcome, put together (Zou and Donner 2008). The others: 95% percentile bootstrap, ${bootstrapSamples} resamples of all judged rows with replacement, not stratified by outcome, seed ${seed}. A resample in which a figure has no value is left out for it; fewer than 40 with a value give no interval.`
  const unit = !clusters ? 'rows' : clusters.by === 'time' ? `blocks of time in "${clusters.column}"` : `groups of "${clusters.column}"`
  const together = clusters ? `Rows that belong together vary together (${unit}). ` : ''
  const drawn =
    bootstrapSamples === 0
      ? 'The others: none, nothing was resampled.'
      : `Log loss and Brier score: studentised bootstrap; average precision and Brier skill: percentile bootstrap${clusters ? ', wider by what few clusters leave open (Student; Cameron, Gelbach and Miller 2008)' : ''}; each of ${bootstrapSamples} resamples of ${unit} with replacement, seed ${seed}.`
  return `${together}Shares: Wilson, for as many rows without weight as say as much (Kish 1965; Korn and Graubard 1998). F1: of the share it follows from. AUC: from what each row moves it by (DeLong, DeLong and Clarke-Pearson 1988), on log odds, or Newcombe (method 5) where hardly a row is out of order. ${drawn}`
}
