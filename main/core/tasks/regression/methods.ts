import { lossWords, quantileOf, statisticOf, statisticWords, type RegressionTarget } from '../../../model/tasks/regression'
import type { Clusters } from '../clusters'

/** What the description needs to know of one evaluation. */
export interface MeasuredWith {
  target: RegressionTarget
  /** Whether rows have sample weights. */
  weighted?: boolean
  clusters?: Clusters | null
  bootstrapSamples: number
  seed: number
  latencyCalls: number
  warmUpCalls: number
  batchRows: number
  groupColumn: string | null
}

/** In words, how each figure came about, for whoever reads the record without this program. */
export function describeMethods(about: MeasuredWith): Record<string, string> {
  const { target, weighted, clusters, bootstrapSamples, seed, latencyCalls, warmUpCalls, batchRows, groupColumn } = about
  const drawn = clusters
    ? `whole ${clusters.by === 'group' ? 'groups' : 'blocks of time'} of "${clusters.column}", as the split kept them apart`
    : 'rows'
  return {
    prediction: `The model states the ${statisticWords(target)} of the target.${target.exposure === undefined ? '' : ` Outcomes are divided by "${target.exposure}" and weights multiplied by it, so every figure is about rates for one unit of it.`}`,
    weights: weighted ? 'Every mean, share, quantile and loss counts each row by its sample weight.' : 'Every row counts the same.',
    loss: `${lossWords(target)[0]!.toUpperCase()}${lossWords(target).slice(1)}, as scikit-learn has it (mean_squared_error, mean_absolute_error, mean_pinball_loss, mean_poisson_deviance, mean_gamma_deviance). A prediction that is not above zero has no Poisson or gamma deviance; the figure then has no value.`,
    d2: `One minus the ${lossWords(target)} over that of the best constant of the judged rows, their ${statisticWords(target)}. R2 is the same for squared errors.`,
    calibration: `Tenths of the ${weighted ? 'weight' : 'rows'} in the order of the predictions, equal ones kept together; mean prediction against ${statisticOf(target.objective) === 'mean' ? 'mean outcome with its 95% interval (Student)' : `the ${statisticWords(target)} of the outcomes with its 95% interval (Woodruff 1952)`}. Bias is mean prediction minus mean outcome. Slope and intercept are those of a straight line of outcomes over predictions, with intervals that hold whatever the spread (White 1980).`,
    residuals:
      'Outcome minus prediction, by tenths and twentieths of the rows as equal values allow; where nine of ten lie is from the 5% to the 95% point.',
    intervals:
      bootstrapSamples === 0
        ? 'Closed forms only; nothing was resampled.'
        : `95% studentised bootstrap (Efron and Tibshirani 1993), on the logarithm of the loss, ${bootstrapSamples} resamples of ${drawn}, seed ${seed}; the standard error of each resample is by linearisation. Median absolute error: Woodruff 1952.${target.objective === 'quantile' ? ` Coverage: Wilson; right is ${quantileOf(target)}.` : ''} A figure without spread has no interval.`,
    latency: `Wall time of ${latencyCalls} calls of one row, after ${warmUpCalls} calls to warm up, in a process of its own with one thread: making the input tensors, running the model, receiving its outputs. Without starting the process, loading the model, reading files and talking between processes. Percentiles by nearest rank. Whatever else the machine did meanwhile is inside.`,
    throughput: `The same for whole batches of ${batchRows} rows, repeated for a fifth of a second or longer.`,
    peak_memory:
      'Largest resident size of the scoring process alone since its start, bytes: runtime, model, and one batch of at most 4,096 rows at a time.',
    ...(groupColumn === null
      ? {}
      : {
          groups: `Groups of "${groupColumn}"; rows without a value are a group of their own. Gaps are the largest between two compared groups; their bounds hold all at once in 95 of 100 evaluations: intervals of pairs widened for the number of groups (Tukey; Games and Howell 1976) and for the three questions asked of them (Bonferroni). The loss of the worst group is what bounded group loss limits, and the parity distance is that of statistical parity (Agarwal, Dudik and Wu 2019). Intervals of single groups are not widened.`
        })
  }
}
