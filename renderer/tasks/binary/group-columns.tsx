import type { FairnessGroup } from '../../../main/model/tasks'
import { formatNumber, type Column } from '../../ui'

export const rates = {
  selectionRate: 'Selection rate',
  truePositiveRate: 'Recall',
  falsePositiveRate: 'False positive rate',
  precision: 'Precision',
  auc: 'AUC',
  calibrationGap: 'Calibration gap'
} as const
export type Rate = keyof typeof rates

export const intervalOf = (group: FairnessGroup, rate: Rate) =>
  rate === 'selectionRate' ? { lower: group.selectionLower, upper: group.selectionUpper } : group.intervals?.[rate]

const rateColumn = (id: Rate, width = 100): Column<FairnessGroup> => ({
  id,
  header: rates[id],
  numeric: true,
  width,
  value: (group) => group[id],
  cell: (group) => {
    const interval = intervalOf(group, id)
    const hint = interval && `95% CI ${formatNumber(interval.lower, 3)} to ${formatNumber(interval.upper, 3)}`
    return <span title={hint}>{formatNumber(group[id], 3)}</span>
  }
})

/** What each group has; the interval of a rate stands behind its figure. */
export const groupColumns: Column<FairnessGroup>[] = [
  { id: 'group', header: 'Group', value: (group) => group.group, width: 160, pinned: true },
  { id: 'count', header: 'Rows', numeric: true, width: 80, value: (group) => group.count },
  { id: 'positives', header: 'Positive', numeric: true, width: 80, value: (group) => group.positives },
  rateColumn('selectionRate', 110),
  {
    id: 'interval',
    header: '95% Wilson',
    numeric: true,
    width: 120,
    value: (group) => group.selectionLower,
    cell: (group) => `${formatNumber(group.selectionLower, 3)}\u2013${formatNumber(group.selectionUpper, 3)}`
  },
  {
    id: 'ratio',
    header: 'To highest',
    numeric: true,
    width: 90,
    value: (group) => group.selectionRatio,
    cell: (group) => formatNumber(group.selectionRatio, 3)
  },
  rateColumn('truePositiveRate', 80),
  rateColumn('falsePositiveRate', 130),
  rateColumn('precision', 90),
  rateColumn('auc', 70),
  rateColumn('calibrationGap', 120)
]
