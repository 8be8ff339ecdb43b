import type { ClassFigures } from '../../../main/model/tasks/multiclass'
import { formatNumber, VirtualTable, type Column } from '../../ui'
import { hintOf } from './words'

export const classRates = { recall: 'Recall', precision: 'Precision', f1: 'F1', auc: 'AUC' } as const
export type ClassRate = keyof typeof classRates

/** Each class against the rest, with its figures. */
export function ClassTable({ classes }: { classes: readonly ClassFigures[] }) {
  return (
    <VirtualTable
      label="Classes"
      name="classes"
      columns={columns}
      rows={classes}
      rowKey={(each) => String(each.class)}
      empty={<p className="p-3 text-muted">There are no classes.</p>}
    />
  )
}

const rateColumn = (rate: ClassRate): Column<ClassFigures> => ({
  id: rate,
  header: classRates[rate],
  numeric: true,
  width: 90,
  value: (each) => each[rate].value,
  cell: (each) => <span title={hintOf(each[rate])}>{each[rate].value === null ? 'none' : formatNumber(each[rate].value, 3)}</span>
})

const share = (id: 'meanProbability' | 'observedRate', header: string): Column<ClassFigures> => ({
  id,
  header,
  numeric: true,
  width: 110,
  value: (each) => each[id],
  cell: (each) => `${formatNumber(each[id] * 100, 1)}%`
})

const columns: Column<ClassFigures>[] = [
  { id: 'class', header: 'Class', value: (each) => String(each.class), width: 150, pinned: true },
  { id: 'count', header: 'Rows', numeric: true, width: 80, value: (each) => each.count },
  { id: 'decided', header: 'Decided for', numeric: true, width: 100, value: (each) => each.decided },
  rateColumn('precision'),
  rateColumn('recall'),
  rateColumn('f1'),
  rateColumn('auc'),
  share('meanProbability', 'Predicted'),
  share('observedRate', 'Observed'),
  {
    id: 'calibration',
    header: 'Calibration error',
    numeric: true,
    width: 130,
    value: ({ calibration }) => calibration?.error.value ?? null,
    cell: ({ calibration }) =>
      calibration ? <span title={hintOf(calibration.error)}>{formatNumber(calibration.error.value, 3)}</span> : 'none'
  }
]
