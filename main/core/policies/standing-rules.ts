import { countOf } from '../../model/count-of'
import { MAX_SHARED_SHARE } from '../../model/evidence'
import type { GateFacts, RuleResult } from '../../model/policy'

/**
 * What no policy can leave out: judged rows, or their groups, that the training had too, and training rows that are later than the judged
 * ones. Each blocks above 1% and warns below, and shared rows warn where it is not known whether there are any.
 */
export const standingResults = (facts: GateFacts): RuleResult[] => [...sharedRows(facts), ...sharedGroups(facts), ...laterRows(facts)]

const apart = 'The judged rows are apart from the training rows'

/** A warning: nobody can say that the figures are about new rows. */
const unknownRows: RuleResult = {
  rule: 'independent-rows',
  title: apart,
  outcome: 'fail',
  severity: 'warn',
  expression: 'evaluation.independent',
  message:
    'Whether the judged rows are apart from the training rows is not known. Divide the table by a split step, and let a program that trains say in its training.json which table it learned from.',
  evidence: [{ fact: 'evaluation.independent', value: null, present: false }]
}

function sharedRows({ evaluation }: GateFacts): RuleResult[] {
  const { rows_shared: shared, rows, independent } = evaluation ?? {}
  if (typeof rows !== 'number') return []
  if (typeof shared !== 'number' || shared === 0) return independent === undefined ? [unknownRows] : []
  const blocks = shared > rows * MAX_SHARED_SHARE
  return [
    {
      rule: 'independent-rows',
      title: apart,
      outcome: 'fail',
      severity: blocks ? 'block' : 'warn',
      expression: blocks ? `evaluation.rows_shared <= ${MAX_SHARED_SHARE} * evaluation.rows` : 'evaluation.rows_shared == 0',
      message: `${shared.toLocaleString('en')} of ${rows.toLocaleString('en')} judged rows stand in the training rows too. Split the table so that equal rows stay together, or remove the doubled ones first. If they are different cases that say the same, keep the column that numbers them in the table.`,
      evidence: [
        { fact: 'evaluation.rows_shared', value: shared, present: true },
        { fact: 'evaluation.rows', value: rows, present: true }
      ]
    }
  ]
}

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.001 ? 3 : 1)}%`

const sharedGroups = ({ split }: GateFacts): RuleResult[] =>
  tied('groups_shared', 'group_rows_share', split, (count, share) => ({
    rule: 'independent-groups',
    title: 'The judged rows are of other groups than the training rows',
    message: `${countOf(count, 'group or identifier is', 'groups or identifiers are')} on both sides of the split, with ${percent(share)} of the judged rows. Split by the column with the role group, so that all rows of one group are on one side.`
  }))

const laterRows = ({ split }: GateFacts): RuleResult[] =>
  tied('time_overlap', 'time_overlap_share', split, (count, share) => ({
    rule: 'independent-times',
    title: 'The judged rows are later than the training rows',
    message: `${countOf(count, 'training row is', 'training rows are')} later than the first judged row${share > 0 ? ` (${percent(share)} of those with a time)` : ', in a split that is by something else'}. Split by the column with the role time, or give the column another role where time does not matter.`
  }))

/** A rule on a count of ties that is not zero, with the share of rows that decides how grave it is; a share of zero is of none that matter. */
function tied(
  countFact: string,
  shareFact: string,
  split: GateFacts['split'],
  say: (count: number, share: number) => Pick<RuleResult, 'rule' | 'title' | 'message'>
): RuleResult[] {
  const { [countFact]: count, [shareFact]: share = 0 } = split ?? {}
  if (typeof count !== 'number' || typeof share !== 'number' || count === 0) return []
  const blocks = share > MAX_SHARED_SHARE
  return [
    {
      ...say(count, share),
      outcome: 'fail',
      severity: blocks ? 'block' : 'warn',
      expression: blocks ? `split.${shareFact} <= ${MAX_SHARED_SHARE}` : `split.${countFact} == 0`,
      evidence: [
        { fact: `split.${countFact}`, value: count, present: true },
        { fact: `split.${shareFact}`, value: share, present: true }
      ]
    }
  ]
}
