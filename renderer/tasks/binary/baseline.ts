import type { BinaryFigures } from '../../../main/model/tasks'
import { formatNumber } from '../../ui'

/** The model's log loss beside that of its base rate, in a few words. */
export function againstBaseRate({ rate, log_loss, gain, verdict }: NonNullable<BinaryFigures['baseline']>): string {
  const word = { better: 'better', worse: 'worse', 'cannot be told': 'cannot be told apart' }[verdict]
  return `${formatNumber(log_loss - gain.value, 4)} nats; ${formatNumber(log_loss, 4)} for stating ${formatNumber(rate * 100, 1)}% for every row: ${word}`
}
