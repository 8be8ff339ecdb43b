import { gapWords } from '../../../main/model/tasks'
import type { ClassGaps } from '../../../main/model/tasks/multiclass'
import { formatNumber, VirtualTable, type Column } from '../../ui'

type Gap = 'selection' | 'truePositive' | 'falsePositive'

/** How far the groups are apart in each class. */
export function ClassGapTable({ classes, within }: { classes: readonly ClassGaps[]; within: string }) {
  const gapColumn = (id: Gap, header: string): Column<ClassGaps> => ({
    id,
    header,
    numeric: true,
    width: 120,
    value: (each) => each[id],
    cell: ({ comparisons, ...each }) => {
      const { lower, upper } = comparisons[id]
      const interval = lower === null || upper === null ? '' : `95% CI ${formatNumber(lower, 3)} to ${formatNumber(upper, 3)}; `
      return <span title={`${interval}${gapWords(comparisons[id], within)}`}>{each[id] === null ? 'none' : formatNumber(each[id], 3)}</span>
    }
  })
  const columns: Column<ClassGaps>[] = [
    { id: 'class', header: 'Class', value: (each) => String(each.class), width: 150, pinned: true },
    gapColumn('selection', 'Selection gap'),
    gapColumn('truePositive', 'Recall gap'),
    gapColumn('falsePositive', 'False alarm gap')
  ]
  return (
    <VirtualTable
      label="Gaps by class"
      name="gaps by class"
      columns={columns}
      rows={classes}
      rowKey={(each) => String(each.class)}
      empty={<p className="p-3 text-muted">There are no classes.</p>}
    />
  )
}
