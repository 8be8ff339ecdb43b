/** What the description needs to know of one evaluation. */
export interface MeasuredWith {
  threshold: number
  bootstrapSamples: number
  seed: number
  latencyCalls: number
  warmUpCalls: number
  batchRows: number
  groupColumn: string | null
}

/** In words, how each figure came about, for whoever reads the record without this program. */
export function describeMethods(about: MeasuredWith): Record<string, string> {
  const { threshold, bootstrapSamples, seed, latencyCalls, warmUpCalls, batchRows, groupColumn } = about
  return {
    threshold: `A row counts as positive when its probability is ${threshold} or more.`,
    undefined: 'A rate with nothing to count (no positives, no selected rows) has no value: it is null, never 0 or 1.',
    ranking: 'AUC is the share of pairs of a positive and a negative row in the right order; ties count a half.',
    log_loss: 'Natural logarithm; probabilities are clipped to 1e-15 and 1 - 1e-15, so one certain wrong answer costs 34.5.',
    calibration:
      'Ten bins of equal width; the lower edge belongs to a bin, the upper to the next, and 1 to the last. The error is the mean gap weighted by rows; empty bins have no value. Bounds are 95% Wilson intervals. Chance makes this error larger, more so with few rows, so it has no interval; the debiased one has.',
    reliability:
      'Up to ten bins of as many rows each as equal scores allow. The debiased calibration error is the root of the mean squared gap less what chance adds (Kumar, Liang and Ma 2019); its interval holds the errors that the gaps do not contradict (Jensen and Solomon 1972), and p is how often a calibrated model looks as far off. Slope and intercept are those of a logistic recalibration, on log odds, with Wald intervals.',
    brier_skill: 'One minus the Brier score over that of stating for every judged row the share of positives among them.',
    intervals:
      bootstrapSamples === 0
        ? 'Closed forms only; nothing was resampled.'
        : `Shares: Wilson. F1: Wilson of the share it follows from. AUC: DeLong on log odds, or Newcombe (method 5) where fewer than five rows of the rarer outcome are out of order. Brier skill: Wilson of the base rate and Student of the mean squared error of each outcome, put together (Zou and Donner 2008). The others: 95% percentile bootstrap, ${bootstrapSamples} resamples of all judged rows with replacement, not stratified by outcome, seed ${seed}. A resample in which a figure has no value is left out for it; fewer than 40 with a value give no interval.`,
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
