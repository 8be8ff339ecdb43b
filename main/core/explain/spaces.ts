import type { ModelSignature } from '../../model/training'
import type { Link } from './graph/read-margin'

export const explainMethods = ['auto', 'interventional', 'path-dependent', 'kernel'] as const
export type ExplainMethod = (typeof explainMethods)[number]

/** What contributions are counted in. */
export type Space = 'log-odds' | 'class-score' | 'log-amount' | 'probability' | 'amount'

/** The space of a margin with this link; null stands for the answers themselves. */
export function spaceOf(signature: ModelSignature, link: Link | null): Space {
  if (link === 'logistic') return 'log-odds'
  if (link === 'softmax') return 'class-score'
  if (link === 'log') return 'log-amount'
  return isAmount(signature) ? 'amount' : 'probability'
}

const isAmount = ({ outputs }: ModelSignature): boolean => outputs.some(({ name }) => name === 'prediction')
