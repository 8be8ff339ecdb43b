import type { ClassCosts } from '../../../model/class-decision'

/** What the description needs to know of one evaluation. */
export interface MeasuredWith {
  bootstrapSamples: number
  seed: number
  latencyCalls: number
  warmUpCalls: number
  batchRows: number
  groupColumn: string | null
  /** Whether rows have sample weights. */
  weighted?: boolean
  /** What each decision costs; null where the likeliest class is decided for. */
  costs?: ClassCosts | null
  /** What rows that do not stand for themselves were put together by. */
  clusters?: { by: 'group' | 'time'; column: string } | null
}

/** In words, how each figure came about, for whoever reads the record without this program. */
export function describeMethods(about: MeasuredWith): Record<string, string> {
  const { latencyCalls, warmUpCalls, batchRows, groupColumn, weighted, clusters, costs } = about
  return {
    decision: costs
      ? 'A row is decided for the class of least expected cost by the costs of the model (Elkan 2001); of equal ones for the class that is listed first.'
      : 'A row is decided for the class of the highest probability; of equal ones for the class that is listed first.',
    ...(costs && {
      decision_cost:
        'Mean of the cost of each decision, by the class that came and the class decided for. Its interval where fewer than 20 rows or clusters cost other than the usual: Wilson, as if what is paid were a share of the dearest decision.'
    }),
    ...(weighted ? { weights: 'Every figure counts a row by its sample weight; counts of rows are plain.' } : {}),
    undefined:
      'A rate with nothing to count (no row of a class, none decided for it) has no value: it is null. In means over the classes it counts 0.',
    means:
      'Macro: mean over the classes that occur or were decided for, each counting the same. Weighted: each counting by its rows. Balanced accuracy: mean recall of the classes that occur.',
    ranking:
      'The AUC of a class is the share of pairs of a row of it and another row in which the first has the higher probability of the class; ties count a half. auc_ovr is the mean over the classes that have both.',
    log_loss:
      'Natural logarithm of the probability of the class that came; probabilities count as at least 1e-15, so one certain wrong answer costs 34.5.',
    calibration:
      'Each class against the rest, and the probability of the class decided for against whether that was right: up to ten bins of as many rows each as equal scores allow. The debiased error is the root of the mean squared gap less what chance adds (Kumar, Liang and Ma 2019); its interval holds the errors that the gaps do not contradict (Jensen and Solomon 1972), and p is how often calibrated probabilities look as far off. calibration_classwise takes ten bins of equal width (Kull and others 2019); chance makes it larger, so it has no interval.',
    intervals: intervalWords(about),
    latency: `Wall time of ${latencyCalls} calls of one row, after ${warmUpCalls} calls to warm up, in a process of its own with one thread: making the input tensors, running the model, receiving its outputs. Without starting the process, loading the model, reading files and talking between processes. Percentiles by nearest rank. Whatever else the machine did meanwhile is inside.`,
    throughput: `The same for whole batches of ${batchRows} rows, repeated for a fifth of a second or longer.`,
    peak_memory:
      'Largest resident size of the scoring process alone since its start, bytes: runtime, model, and one batch of at most 4,096 rows at a time.',
    ...(groupColumn === null
      ? {}
      : {
          groups: `Groups of "${groupColumn}"; rows without a value are a group of their own. For each class: selected is decided for it, the true positive rate is its recall. Bounds of gaps hold all at once in 95 of 100 evaluations: intervals of pairs from Wilson's (Newcombe 1998), widened for the number of groups (Tukey) and for accuracy and three questions of each class (Bonferroni). Intervals of single accuracies are not widened.${clusters ? ' Rows that belong together vary together: a share counts as many rows as say as much (Korn and Graubard 1998).' : ''}`
        })
  }
}

function intervalWords({ bootstrapSamples, seed, weighted, clusters }: MeasuredWith): string {
  const drawn = `95% percentile bootstrap, ${bootstrapSamples} resamples, seed ${seed}`
  const auc =
    'AUC: from what each row moves it by (DeLong, DeLong and Clarke-Pearson 1988), on log odds; the mean of the intervals of the classes where the ranking is all but perfect.'
  const counted = `Shares of rows: Wilson, for as many rows without weight as say as much (Kish 1965; Korn and Graubard 1998). ${auc} ${bootstrapSamples === 0 ? 'Others: none, nothing was resampled.' : `Log loss: studentised bootstrap; others: ${drawn}`}`
  if (clusters) {
    const unit = clusters.by === 'time' ? `blocks of time in "${clusters.column}"` : `groups of "${clusters.column}"`
    const wider = bootstrapSamples === 0 ? '' : ', wider by what few of these leave open (Student; Cameron, Gelbach and Miller 2008).'
    return `Rows that belong together were drawn together (${unit}). ${counted}${wider}`
  }
  if (weighted) return bootstrapSamples === 0 ? counted : `${counted}.`
  const closed = `Shares: Wilson. F1 of a class: Wilson of the share it follows from. Means of recall and precision: the Wilson intervals of the classes put together (Zou and Donner 2008); means of F1 likewise, twice the variance, where fewer than 20 rows are wrong. ${auc}`
  return bootstrapSamples === 0 ? `${closed} Nothing was resampled.` : `${closed} Others: ${drawn}, rows with replacement.`
}
