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
      rows: count
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
      judgedBegins: z.string().nullable()
    })
  ),
  absent: z.array(z.object({ column: z.string(), role: z.enum(['group', 'time']) })).optional()
})
export type SplitCheck = z.infer<typeof splitCheckSchema>

/** The figures of a split as facts; null for what was not looked for, or not wherever a role asks for it, and found nowhere else. */
export function splitFigures({ groups, times, absent = [] }: SplitCheck): {
  groupsShared: number | null
  timeOverlap: number | null
  findings: number | null
} {
  const known = (found: number, ...open: boolean[]): number | null => (found > 0 || !open.includes(true) ? found : null)
  const lacks = (role: 'group' | 'time'): boolean => absent.some((each) => each.role === role)
  const [shared, overlap] = [groups.reduce((sum, each) => sum + each.shared, 0), times.reduce((sum, each) => sum + each.overlap, 0)]
  const findings = groups.filter((each) => each.shared > 0).length + times.filter((each) => each.overlap > 0).length
  return {
    groupsShared: known(shared, groups.length === 0, lacks('group')),
    timeOverlap: known(overlap, times.length === 0, lacks('time')),
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

/** What a reader must see of a split, one sentence for each tie; none when there is nothing to say. */
export const describeSplit = ({ groups, times }: SplitCheck): string[] => [
  ...groups
    .filter(({ shared }) => shared > 0)
    .map(
      ({ column, shared, of, rows }) =>
        `${shared.toLocaleString('en')} of ${countOf(of, 'value')} of "${column}" are on both sides of the split, with ${countOf(rows, 'judged row')}: the model can know these again, and on new ones it will do worse.`
    ),
  ...times
    .filter(({ overlap }) => overlap > 0)
    .map(
      ({ column, overlap, judgedBegins }) =>
        `${countOf(overlap, 'training row')} ${overlap === 1 ? 'is' : 'are'} later than the first judged row (${judgedBegins}) by "${column}": the model has seen what came after.`
    )
]
