import type { ExplainedRowsOf } from '../../model/explanation'

/** Says which rows the figures are over; nothing where it is not known. */
export function tellTable(explained: ExplainedRowsOf | undefined): string[] {
  if (!explained) return []
  const { table, split } = explained
  const digest = table.slice(0, 8)
  if (split === 'training')
    return [`The rows are those that the model learned from (table ${digest}), so nothing here says how it answers to new ones.`]
  return [`The rows are of the table ${digest}${split === undefined ? '' : `, its part "${split}"`}.`]
}
