import { Network } from 'lucide-react'
import { pairMethodWords, type PairFigure, type QualityReport } from '../../../main/model/quality'
import { EmptyState, formatAuto, formatNumber, VirtualTable, type Column } from '../../ui'

const columns: readonly Column<PairFigure>[] = [
  { id: 'a', header: 'Column', value: ({ a }) => a, grow: true },
  { id: 'b', header: 'Other column', value: ({ b }) => b, grow: true },
  { id: 'method', header: 'Measure', value: ({ method }) => pairMethodWords[method], width: 220 },
  { id: 'value', header: 'Value', value: ({ value }) => value, cell: ({ value }) => formatAuto(value), numeric: true, width: 110 },
  {
    id: 'rows',
    header: 'Rows',
    hint: 'Those in which both columns have a value; the figure is about these alone.',
    value: ({ rows }) => rows,
    cell: ({ rows, sampledFrom }) => `${formatNumber(rows)}${sampledFrom === undefined ? '' : `, sample of ${formatNumber(sampledFrom)}`}`,
    numeric: true,
    width: 200
  }
]
const keyOf = ({ a, b, method }: PairFigure): string => JSON.stringify([a, b, method])
const byStrength = (pairs: readonly PairFigure[]): PairFigure[] => [...pairs].sort((x, y) => Math.abs(y.value) - Math.abs(x.value))

/** How the columns go together, strongest first. Reports that were made before all pairs were kept have none. */
export function RelationsView({ pairs = [] }: Pick<QualityReport, 'pairs'>) {
  return (
    <VirtualTable
      label="Relations between columns"
      name="quality.relations"
      columns={columns}
      rows={byStrength(pairs)}
      rowKey={keyOf}
      empty={
        <EmptyState
          icon={Network}
          title="No pair of columns is compared"
          text="Two numbers or two categories are needed. A report of an earlier Drydock does not hold its pairs: run the check again."
        />
      }
    />
  )
}
