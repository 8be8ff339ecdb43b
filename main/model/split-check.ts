import { z } from 'zod'
import { countOf } from './count-of'

const count = z.int().min(0)

/**
 * What ties the judged rows to the training rows, by the roles of their columns: entities (role group or identifier) that are on both sides,
 * and training rows later than the first judged one. Only columns that both have are in it; an empty list was not looked for.
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
  )
})
export type SplitCheck = z.infer<typeof splitCheckSchema>

/** The figures of a split as facts; null for what was not looked for. */
export const splitFigures = ({
  groups,
  times
}: SplitCheck): { groupsShared: number | null; timeOverlap: number | null; findings: number } => ({
  groupsShared: groups.length > 0 ? groups.reduce((sum, { shared }) => sum + shared, 0) : null,
  timeOverlap: times.length > 0 ? times.reduce((sum, { overlap }) => sum + overlap, 0) : null,
  findings: groups.filter(({ shared }) => shared > 0).length + times.filter(({ overlap }) => overlap > 0).length
})

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
