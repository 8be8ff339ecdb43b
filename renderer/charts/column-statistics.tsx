import { Table } from 'lucide-react'
import { useMemo, useState, type ReactNode } from 'react'
import { EmptyState, formatAuto, formatNumber, InspectorLayout, SearchInput, Toolbar, VirtualTable, type Column } from '../ui'

/** What a table of statistics says of one column of data. */
export interface ColumnStatistics<Subject> {
  name: string
  /** Storage type as SQL names it. */
  type: string
  missing: number
  distinct: number
  /** True when `distinct` is an estimate (HyperLogLog, about 2 percent). */
  estimated: boolean
  /** Rows per bin of the distribution, or per value, most frequent first. */
  counts: readonly number[]
  smallest: string | null
  largest: string | null
  mean: number | null
  subject: Subject
}

export interface ColumnStatisticsViewProps<Subject> {
  /** Accessible name of the table. */
  label: string
  /** Under this name column widths and the inspector are remembered. */
  name: string
  /** What a row is: "Column", "Feature". */
  noun: string
  statistics: readonly ColumnStatistics<Subject>[]
  /** Rows of the table that the columns belong to. */
  rows: number
  /** The last column, which takes what is left of the width. */
  last: { header: string; value: (subject: Subject) => string | null }
  /** Stands beside the filter. */
  note?: ReactNode
  inspector: (subject: Subject) => ReactNode
}

/** The columns of a table with type, missing share, distinct values, distribution and range; details in the inspector. */
export function ColumnStatisticsView<Subject>({ statistics, rows, noun, last, ...props }: ColumnStatisticsViewProps<Subject>) {
  const [filter, setFilter] = useState('')
  const [name, setName] = useState<string | null>(statistics[0]?.name ?? null)
  const needle = filter.trim().toLowerCase()
  const shown = useMemo(() => statistics.filter((each) => each.name.toLowerCase().includes(needle)), [statistics, needle])
  const columns = useMemo(
    (): Column<ColumnStatistics<Subject>>[] => [
      ...statisticsColumns<Subject>(noun, rows),
      { id: 'last', header: last.header, value: (each) => last.value(each.subject), width: 110, grow: true }
    ],
    [noun, rows, last]
  )
  const selected = statistics.find((each) => each.name === name) ?? null
  const word = noun.toLowerCase()
  return (
    <InspectorLayout
      name={props.name}
      title={selected?.name ?? noun}
      emptyText={`Select a ${word} to see its distribution.`}
      inspector={selected && props.inspector(selected.subject)}
    >
      <div className="flex h-full flex-col">
        <Toolbar aria-label={`${noun} options`}>
          <SearchInput value={filter} onChange={setFilter} placeholder={`Filter by ${word} name`} className="w-72" />
          {props.note}
        </Toolbar>
        <div className="min-h-0 flex-1">
          <VirtualTable
            label={props.label}
            name={props.name}
            columns={columns}
            rows={shown}
            rowKey={nameOf}
            rowHeight={34}
            activeKey={name}
            onActiveChange={(row) => setName(row?.name ?? null)}
            empty={<EmptyState icon={Table} title={`No ${word} matches`} text={`No ${word} has "${filter}" in its name.`} />}
          />
        </div>
      </div>
    </InspectorLayout>
  )
}

const nameOf = (each: { name: string }) => each.name

function statisticsColumns<Subject>(noun: string, rows: number): Column<ColumnStatistics<Subject>>[] {
  return [
    {
      id: 'name',
      header: noun,
      value: nameOf,
      cell: ({ name }) => <span className="truncate font-medium">{name}</span>,
      width: 148,
      pinned: true
    },
    {
      id: 'type',
      header: 'Type',
      value: ({ type }) => type,
      cell: ({ type }) => <span className="truncate font-mono text-caption">{type}</span>,
      width: 88
    },
    {
      id: 'missing',
      header: 'Missing',
      unit: '%',
      value: ({ missing }) => (rows === 0 ? 0 : missing / rows),
      cell: ({ missing }) => formatNumber(rows === 0 ? 0 : (missing / rows) * 100, 1),
      numeric: true,
      width: 88
    },
    {
      id: 'distinct',
      header: 'Distinct',
      hint: 'A tilde marks an estimate (HyperLogLog, about 2 percent).',
      value: ({ distinct }) => distinct,
      cell: ({ distinct, estimated }) => `${estimated ? '~' : ''}${formatNumber(distinct)}`,
      numeric: true,
      width: 76
    },
    { id: 'shape', header: 'Distribution', cell: ({ counts }) => <Sparkline counts={counts} />, width: 112 },
    { id: 'smallest', header: 'Smallest', value: ({ smallest }) => smallest, width: 106 },
    { id: 'largest', header: 'Largest', value: ({ largest }) => largest, width: 106 },
    { id: 'mean', header: 'Mean', value: ({ mean }) => mean, cell: ({ mean }) => formatAuto(mean), numeric: true, width: 84 }
  ]
}

const WIDTH = 96
const HEIGHT = 22

/** The distribution at a glance; the inspector has it with axes and as a table. */
function Sparkline({ counts }: { counts: readonly number[] }) {
  const largest = counts.reduce((most, count) => Math.max(most, count), 1)
  const width = WIDTH / Math.max(1, counts.length)
  return (
    <svg aria-hidden width={WIDTH} height={HEIGHT} className="block">
      <line x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} stroke="var(--line)" />
      {counts.map((count, index) => {
        const height = count === 0 ? 0 : Math.max(1, (count / largest) * (HEIGHT - 2))
        return (
          <rect
            key={index}
            x={index * width}
            y={HEIGHT - 1 - height}
            width={Math.max(0.5, width - 0.5)}
            height={height}
            fill="var(--data-1)"
          />
        )
      })}
    </svg>
  )
}
