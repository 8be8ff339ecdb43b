import { z } from 'zod'
import { countOf } from './count-of'

const count = z.int().min(0)

/**
 * What ties the judged rows to the training rows, by the roles of their columns: entities (role group or identifier) that are on both sides,
 * and training rows later than the first judged one. Only columns that both have are in it; an empty list was not looked for, and what the
 * data has a role for but not all of the compared tables have is `absent`.
 */
export const splitCheckSchema = z.object({
  judgedRows: count,
  groups: z.array(
    z.object({
      column: z.string(),
      role: z.enum(['group', 'identifier']),
      /** Different values on both sides, and on the judged side. */
      shared: count,
      of: count,
      /** Judged rows with a shared value. */
      rows: count,
      /** Judged rows without any value; absent in reports of earlier programs, which did not count them. */
      unnamed: count.optional(),
      /** Intervals draw the rows of one value together; absent where they take them as independent. */
      drawnTogether: z.literal(true).optional()
    })
  ),
  times: z.array(
    z.object({
      column: z.string(),
      /** Training rows after the first judged row. */
      overlap: count,
      /** Training rows with a time. */
      of: count,
      trainingEnds: z.string().nullable(),
      judgedBegins: z.string().nullable(),
      /** The split is declared to be by groups, or by another time: it does not promise that the sides are apart in this one. */
      dividedBy: z.enum(['group', 'time']).optional()
    })
  ),
  absent: z.array(z.object({ column: z.string(), role: z.enum(['group', 'time']) })).optional()
})
export type SplitCheck = z.infer<typeof splitCheckSchema>

/** The figures of a split as facts; null for what was not looked for, or not wherever a role asks for it, and found nowhere else. */
export function splitFigures({ judgedRows, groups, times, absent = [] }: SplitCheck): {
  groupsShared: number | null
  /** Of the judged rows, 0..1. */
  groupRowsShare: number | null
  timeOverlap: number | null
  /** Of the training rows, 0..1, by times that the split does not disregard. */
  timeOverlapShare: number | null
  findings: number | null
} {
  const known = (found: number, ...open: boolean[]): number | null => (found > 0 || !open.includes(true) ? found : null)
  const lacks = (role: 'group' | 'time'): boolean => absent.some((each) => each.role === role)
  const [shared, overlap] = [groups.reduce((sum, each) => sum + each.shared, 0), times.reduce((sum, each) => sum + each.overlap, 0)]
  const meant = times.filter((each) => each.overlap > 0 && each.dividedBy === undefined)
  const findings = groups.filter((each) => each.shared > 0).length + meant.length
  const most = (shares: number[]): number => Math.max(0, ...shares)
  const [groupRowsShare, timeOverlapShare] = [
    most(groups.filter(({ shared }) => shared > 0).map(({ rows }) => rows / judgedRows)),
    most(meant.map((each) => each.overlap / each.of))
  ]
  return {
    groupsShared: known(shared, groups.length === 0, lacks('group')),
    groupRowsShare: known(groupRowsShare, groups.length === 0, lacks('group')),
    timeOverlap: known(overlap, times.length === 0, lacks('time')),
    timeOverlapShare: known(timeOverlapShare, times.length === 0, lacks('time')),
    findings: known(findings, groups.length + times.length === 0, absent.length > 0)
  }
}

/** What could not be looked at, one sentence for each column: that nothing was found does not mean that there is nothing. */
export const describeUnchecked = ({ absent = [] }: SplitCheck): string[] =>
  absent.map(({ column, role }) =>
    role === 'group'
      ? `Group overlap not checked: column "${column}" is not in the tables, so whether the judged rows are of other groups than the training is not known.`
      : `Time order not checked: column "${column}" is not in the tables, so whether the judged rows are later than the training is not known.`
  )

/** That intervals take rows as independent of which several are of one group: where whole groups are not drawn; one sentence for each column. Nothing where rows without a group were not counted. */
export const describeRepeated = ({ judgedRows, groups }: SplitCheck): string[] =>
  groups
    .map(({ unnamed = judgedRows, ...group }) => ({ ...group, named: judgedRows - unnamed }))
    .filter(({ role, of, named, drawnTogether }) => role === 'group' && of < named && !drawnTogether)
    .map(
      ({ column, of, named }) =>
        `Rows of one "${column}" count as independent here: ${countOf(named, 'judged row')} of ${countOf(of, 'value')}. The intervals are likely too narrow.`
    )

/** An instant without the midnight of a date. */
export const shortInstant = (instant: string | null): string => instant?.replace(/ 00:00:00$/, '') ?? 'unknown'

/** What a reader must see of a split, one sentence for each tie and each column that was not looked at; none when there is nothing to say. */
export const describeSplit = (check: SplitCheck): { tone: 'error' | 'warn'; text: string }[] => [
  ...check.groups
    .filter(({ shared }) => shared > 0)
    .map(({ column, shared, of, rows }) => ({
      tone: 'error' as const,
      text: `${shared.toLocaleString('en')} of ${countOf(of, 'value')} of "${column}" are on both sides of the split, with ${countOf(rows, 'judged row')}: the model can know these again, and on new ones it will do worse.`
    })),
  ...check.times
    .filter(({ overlap }) => overlap > 0)
    .map(({ column, overlap, judgedBegins, dividedBy }) => ({
      tone: dividedBy ? ('warn' as const) : ('error' as const),
      text: `${countOf(overlap, 'training row')} ${overlap === 1 ? 'is' : 'are'} later than the first judged row (${shortInstant(judgedBegins)}) by "${column}": ${dividedBy ? `the split is by ${dividedBy === 'group' ? 'groups' : 'another time'}, so whether the model does as well on later rows is not known` : 'the model has seen what came after'}.`
    })),
  ...describeUnchecked(check).map((text) => ({ tone: 'warn' as const, text }))
]
