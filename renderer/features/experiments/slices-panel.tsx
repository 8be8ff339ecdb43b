import { isBeyondChance, type Slice, type Slices } from '../../../main/model/tasks'
import { formatAuto, formatNumber, Panel, tableHeight, VirtualTable, type Column } from '../../ui'

const nameOf = ({ where }: Slice): string => where.map(({ column, value }) => `${column} = ${value}`).join(' and ')

/** The parts of the rows in which a model does worst, their number counted in. */
export function SlicesPanel({ slices }: { slices: Slices }) {
  const beyond = slices.worst.filter(isBeyondChance).length
  return (
    <Panel title="Worst slices" className="col-span-full" hint={`${formatNumber(slices.examined)} of one or two columns compared`}>
      <p className="mb-2">
        {beyond > 0
          ? `In ${formatNumber(beyond)} of these slices the model does worse than elsewhere by more than chance explains.`
          : 'No slice is worse than the rest by more than chance explains, with so many compared.'}{' '}
        The {slices.loss} over all rows is {formatAuto(slices.mean)}.
      </p>
      <div style={{ height: tableHeight(slices.worst.length, 380) }}>
        <VirtualTable
          label="Worst slices"
          name="worst slices"
          columns={columns}
          rows={slices.worst}
          rowKey={nameOf}
          empty={<p className="p-3 text-muted">No slice does worse than the rest.</p>}
        />
      </div>
      <p className="mt-1 text-caption text-muted">
        More than the rest: mean loss inside less that outside, with bounds that hold for all compared slices at once (95%, Bonferroni).
        Slices of fewer than {formatNumber(slices.minimumRows)} rows are left out.
      </p>
    </Panel>
  )
}

const columns: Column<Slice>[] = [
  { id: 'slice', header: 'Slice', value: nameOf, width: 320, grow: true, pinned: true },
  { id: 'count', header: 'Rows', numeric: true, width: 80, value: ({ count }) => count },
  { id: 'loss', header: 'Mean loss', numeric: true, width: 100, value: ({ loss }) => loss, cell: ({ loss }) => formatAuto(loss) },
  {
    id: 'difference',
    header: 'More than the rest',
    numeric: true,
    width: 140,
    value: ({ difference }) => difference,
    cell: ({ difference }) => formatAuto(difference)
  },
  {
    id: 'bounds',
    header: '95% bounds',
    numeric: true,
    width: 200,
    value: ({ lower }) => lower,
    cell: ({ lower, upper }) => `${formatAuto(lower)} to ${upper === null ? 'open' : formatAuto(upper)}`
  },
  { id: 'p', header: 'p', numeric: true, width: 80, value: ({ p }) => p, cell: ({ p }) => formatNumber(p, 3) }
]
