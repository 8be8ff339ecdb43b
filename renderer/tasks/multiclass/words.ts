import type { Estimate } from '../../../main/model/tasks'
import type { ClassBaseline } from '../../../main/model/tasks/multiclass'
import { formatCount, formatNumber, type Status } from '../../ui'
import type { JudgedClasses } from './judged'

/** How the judged rows spread over the classes. */
export function outcomesText({ classes, rows, target }: Pick<JudgedClasses, 'classes' | 'rows' | 'target'>): string {
  const [usual] = [...classes].sort((a, b) => b.count - a.count)
  const share = rows.judged > 0 ? (usual.count / rows.judged) * 100 : 0
  return `${formatNumber(classes.length)} classes, most with ${target.name} = ${String(usual.class)} (${formatNumber(share, 1)}%)`
}

export const outcomesShort = ({ classes }: Pick<JudgedClasses, 'classes'>): string => formatCount(classes.length, 'class', 'classes')

/** A row of the training record: how many classes there are, and the fewest and most rows of one. */
export const trainingOutcomes = ({ classes }: { classes: number[] }) => ({
  label: 'Classes',
  value: `${formatNumber(classes.length)}, with ${formatNumber(Math.min(...classes))} to ${formatNumber(Math.max(...classes))} rows each`
})

export const decisionText = ({ decision, metrics }: Pick<JudgedClasses, 'decision' | 'metrics'>): string =>
  decision && metrics.decision_cost
    ? `A row is decided for the class of least expected cost: ${formatNumber(metrics.decision_cost.value, 4)} a row, by the likeliest class ${formatNumber(decision.likeliest, 4)}.`
    : 'A row is decided for its likeliest class.'

/** How the intervals of the figures came about. */
export function intervalsText({ metrics, bootstrap, seed }: Pick<JudgedClasses, 'metrics' | 'bootstrap' | 'seed'>): string {
  const drawn = `${bootstrap.method} bootstrap, ${formatNumber(bootstrap.samples)} samples, seed ${seed}`
  if (metrics.accuracy.interval?.method === undefined) return `Intervals are ${drawn}; of AUCs from the influence of each row.`
  if (metrics.accuracy.interval.method === 'Wilson, effective rows')
    return `Intervals of shares are Wilson, for as many plain rows as say as much; of AUCs from the influence of each row; of the log loss studentised bootstrap, of others ${drawn}.`
  return `Intervals of shares are Wilson, of means over the classes those of the classes put together, of AUCs from the influence of each row, of the log loss ${drawn}.`
}

/** The model's log loss beside that of the class shares, in a few words. */
export function againstBaseRate({ log_loss, gain, verdict }: ClassBaseline): string {
  const word = { better: 'better', worse: 'worse', 'cannot be told': 'cannot be told apart' }[verdict]
  return `${formatNumber(log_loss - gain.value, 4)} nats; ${formatNumber(log_loss, 4)} for stating the class shares for every row: ${word}`
}

/**
 * The model beside one that knows nothing, in a sentence for its probabilities and one for its decisions. Better or worse is said only where
 * the whole 95% interval says so.
 */
export function besideNaive({
  baseline,
  decision,
  metrics
}: Pick<JudgedClasses, 'baseline' | 'decision' | 'metrics'>): { status: Status; text: string }[] {
  if (!baseline) return []
  const { gain, verdict, accuracy } = baseline
  const words = {
    better: 'Its probabilities say more than the class shares',
    worse: 'Its probabilities say less than the class shares',
    'cannot be told': 'Whether its probabilities say more than the class shares cannot be told'
  }[verdict]
  const reach =
    gain.lower === null || gain.upper === null ? '' : ` (95% CI ${formatNumber(gain.lower, 3)} to ${formatNumber(gain.upper, 3)})`
  return [
    {
      status: ({ better: 'ok', worse: 'error', 'cannot be told': 'warn' } as const)[verdict],
      text: `${words}: ${formatNumber(gain.value, 3)} nats of log loss saved${reach}; 0 is stating the shares for every row.`
    },
    // What decides by costs is not meant to be right as often.
    ...(decision ? [] : [decisions(metrics.accuracy, accuracy)])
  ]
}

function decisions({ value, interval }: Estimate, naive: number): { status: Status; text: string } {
  const beside = `always deciding for the most frequent class is right in ${formatNumber(naive * 100, 1)}%`
  if (value === null || interval === null) return { status: 'warn', text: `The accuracy has no interval; ${beside}.` }
  const [status, words] =
    interval.lower > naive
      ? (['ok', 'Decides better than the most frequent class'] as const)
      : interval.upper < naive
        ? (['error', 'Decides worse than the most frequent class'] as const)
        : (['warn', 'Whether it decides better than the most frequent class cannot be told'] as const)
  return {
    status,
    text: `${words}: accuracy ${formatNumber(value, 3)} (95% CI ${formatNumber(interval.lower, 3)} to ${formatNumber(interval.upper, 3)}); ${beside}.`
  }
}

/** A figure with its interval, as a hint. */
export const hintOf = ({ interval }: Estimate): string | undefined =>
  interval ? `95% CI ${formatNumber(interval.lower, 3)} to ${formatNumber(interval.upper, 3)}` : undefined
