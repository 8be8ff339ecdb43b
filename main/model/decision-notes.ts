import type { DecidedBundle } from './commands/bundles'
import { countOf } from './count-of'

/** What names and counts of decisions do not say: what was not counted or not listed, and what is known only from the record. */
export const decisionNotes = ({ remarks, lost }: Pick<DecidedBundle, 'remarks' | 'lost'>): string[] => [
  ...remarks,
  ...(lost > 0
    ? [`Not counted: ${countOf(lost, 'decision')} on the record without a file any more. Bring the bundle back to count it.`]
    : [])
]
