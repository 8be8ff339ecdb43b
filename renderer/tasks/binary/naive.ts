import type { BinaryEvaluation } from '../../../main/model/evaluation'
import type { Estimate } from '../../../main/model/tasks'
import { formatNumber, type Status } from '../../ui'
import type { BesideNaive } from '../task'

/**
 * The model beside one that knows nothing, in a sentence for ranking and one for its probabilities. Better or worse is said only where the
 * whole 95% interval says so.
 */
export function besideNaive({ metrics, rows }: BinaryEvaluation): BesideNaive[] {
  const rate = rows.judged > 0 ? `${formatNumber((rows.positives / rows.judged) * 100, 1)}%` : 'the base rate'
  const ranking = sentence('AUC', metrics.auc, 0.5, {
    better: 'Ranks better than chance',
    worse: 'Ranks worse than chance',
    open: 'Whether it ranks better than chance cannot be told',
    naive: '0.5 is chance'
  })
  if (!metrics.brier_skill) return [ranking]
  const stated = sentence('Brier skill', metrics.brier_skill, 0, {
    better: 'Its probabilities say more than the base rate',
    worse: 'Its probabilities say less than the base rate',
    open: 'Whether its probabilities say more than the base rate cannot be told',
    naive: `0 is stating ${rate} for every row`
  })
  return [ranking, stated]
}

interface Words {
  better: string
  worse: string
  open: string
  naive: string
}

function sentence(label: string, { value, interval }: Estimate, naive: number, words: Words): BesideNaive {
  if (value === null) return { status: 'warn', text: `${label} has no value on these rows.` }
  if (interval === null)
    return { status: 'warn', text: `${words.open}: ${label} ${formatNumber(value, 3)} has no interval; ${words.naive}.` }
  const { lower, upper } = interval
  const [status, word]: [Status, string] =
    lower > naive ? ['ok', words.better] : upper < naive ? ['error', words.worse] : ['warn', words.open]
  const range = `95% CI ${formatNumber(lower, 3)} to ${formatNumber(upper, 3)}`
  return { status, text: `${word}: ${label} ${formatNumber(value, 3)} (${range}); ${words.naive}.` }
}
