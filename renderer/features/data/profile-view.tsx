import { Table } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { ColumnProfile, TableProfile } from '../../../main/model/quality'
import { BarChart, Histogram } from '../../charts'
import {
  EmptyState,
  formatAuto,
  formatNumber,
  InspectorLayout,
  KeyValueList,
  NO_VALUE,
  SearchInput,
  Toolbar,
  VirtualTable,
  type Column
} from '../../ui'
import { labelOf, knownWhenChoices, roleChoices } from './column-choices'

const keyOf = (column: ColumnProfile) => column.name
const day = (milliseconds: number) => (Number.isFinite(milliseconds) ? new Date(milliseconds).toISOString().slice(0, 10) : NO_VALUE)
const isDated = (column: ColumnProfile) => column.kind === 'date' || column.kind === 'timestamp'

/** What each column holds: missing, distinct, range, distribution. */
export function ProfileView({ profile }: { profile: TableProfile }) {
  const [filter, setFilter] = useState('')
  const [name, setName] = useState<string | null>(profile.columns[0]?.name ?? null)
  const needle = filter.trim().toLowerCase()
  const rows = useMemo(() => profile.columns.filter((column) => column.name.toLowerCase().includes(needle)), [profile.columns, needle])
  const columns = useMemo(() => profileColumns(profile.rows), [profile.rows])
  const selected = profile.columns.find((column) => column.name === name) ?? null
  return (
    <InspectorLayout
      name="column-profile"
      title={selected?.name ?? 'Column'}
      emptyText="Select a column to see its distribution."
      inspector={selected && <ProfileInspector column={selected} rows={profile.rows} />}
    >
      <div className="flex h-full flex-col">
        <Toolbar aria-label="Profile options">
          <SearchInput value={filter} onChange={setFilter} placeholder="Filter by column name" className="w-72" />
          <span className="text-caption text-muted">
            {formatNumber(profile.duplicateRows)} of {formatNumber(profile.rows)} rows repeat an earlier one
          </span>
        </Toolbar>
        <div className="min-h-0 flex-1">
          <VirtualTable
            label="Column profiles"
            columns={columns}
            rows={rows}
            rowKey={keyOf}
            rowHeight={34}
            activeKey={name}
            onActiveChange={(row) => setName(row?.name ?? null)}
            empty={<EmptyState icon={Table} title="No column matches" text={`No column has "${filter}" in its name.`} />}
          />
        </div>
      </div>
    </InspectorLayout>
  )
}

function profileColumns(rows: number): Column<ColumnProfile>[] {
  return [
    {
      id: 'name',
      header: 'Column',
      value: (column) => column.name,
      cell: (column) => <span className="truncate font-medium">{column.name}</span>,
      width: 170,
      pinned: true
    },
    {
      id: 'type',
      header: 'Type',
      value: (column) => column.type,
      cell: (column) => <span className="truncate font-mono text-caption">{column.type}</span>,
      width: 88
    },
    {
      id: 'missing',
      header: 'Missing',
      unit: '%',
      value: (column) => (rows === 0 ? 0 : column.missing / rows),
      cell: (column) => formatNumber(rows === 0 ? 0 : (column.missing / rows) * 100, 1),
      numeric: true,
      width: 88
    },
    {
      id: 'distinct',
      header: 'Distinct',
      hint: 'A tilde marks an estimate (HyperLogLog, about 2 percent).',
      value: (column) => column.distinct,
      cell: (column) => `${column.distinctExact ? '' : '~'}${formatNumber(column.distinct)}`,
      numeric: true,
      width: 76
    },
    { id: 'shape', header: 'Distribution', cell: (column) => <Sparkline column={column} />, width: 112 },
    { id: 'min', header: 'Smallest', value: (column) => column.min, width: 104 },
    { id: 'max', header: 'Largest', value: (column) => column.max, width: 104 },
    {
      id: 'mean',
      header: 'Mean',
      value: (column) => (isDated(column) ? null : column.numeric?.mean),
      cell: (column) => (isDated(column) ? NO_VALUE : formatAuto(column.numeric?.mean)),
      numeric: true,
      width: 88
    },
    { id: 'top', header: 'Most frequent', value: (column) => column.top[0]?.value, width: 110, grow: true }
  ]
}

/** The distribution at a glance; the inspector has it with axes and as a table. */
function Sparkline({ column }: { column: ColumnProfile }) {
  const counts = column.histogram?.counts ?? column.top.slice(0, 12).map((each) => each.count)
  const largest = Math.max(1, ...counts)
  const width = counts.length > 0 ? 96 / counts.length : 96
  return (
    <svg aria-hidden width={96} height={22} className="block">
      <line x1={0} x2={96} y1={21.5} y2={21.5} stroke="var(--line)" />
      {counts.map((count, index) => {
        const height = count === 0 ? 0 : Math.max(1, (count / largest) * 20)
        return (
          <rect key={index} x={index * width} y={21 - height} width={Math.max(0.5, width - 0.5)} height={height} fill="var(--data-1)" />
        )
      })}
    </svg>
  )
}

function ProfileInspector({ column, rows }: { column: ColumnProfile; rows: number }) {
  const { histogram, numeric, text } = column
  return (
    <div className="flex flex-col gap-4">
      {histogram && isDated(column) ? (
        <BarChart
          title="Rows over time"
          axis="Rows"
          category="From"
          bars={histogram.counts.map((count, bin) => ({ label: day(histogram.edges[bin] ?? Number.NaN), value: count }))}
        />
      ) : histogram ? (
        <Histogram
          title="Distribution"
          unit={column.unit ?? undefined}
          axis={column.name}
          edges={histogram.edges}
          series={[{ key: column.name, label: 'Rows', counts: histogram.counts }]}
          height={190}
        />
      ) : null}
      {column.top.length > 0 && (!numeric || column.distinct <= 20) && (
        <BarChart
          title="Most frequent values"
          axis="Rows"
          category="Value"
          bars={column.top.map(({ value, count }) => ({ label: value === '' ? 'empty text' : value, value: count }))}
        />
      )}
      <KeyValueList
        labelWidth={110}
        items={[
          { label: 'Role', value: labelOf(roleChoices, column.role) },
          { label: 'Known when', value: labelOf(knownWhenChoices, column.knownWhen) },
          { label: 'Values', value: formatNumber(column.count) },
          { label: 'Missing', value: `${formatNumber(column.missing)} of ${formatNumber(rows)}` },
          { label: 'Distinct', value: `${column.distinctExact ? '' : 'about '}${formatNumber(column.distinct)}` },
          { label: 'Smallest', value: column.min ?? NO_VALUE },
          { label: 'Largest', value: column.max ?? NO_VALUE },
          ...(numeric && !isDated(column)
            ? [
                { label: 'Mean', value: formatAuto(numeric.mean) },
                { label: 'Std deviation', value: formatAuto(numeric.std) },
                { label: '1st percentile', value: formatAuto(numeric.quantiles.p01) },
                { label: '25th', value: formatAuto(numeric.quantiles.p25) },
                { label: 'Median', value: formatAuto(numeric.quantiles.p50) },
                { label: '75th', value: formatAuto(numeric.quantiles.p75) },
                { label: '99th', value: formatAuto(numeric.quantiles.p99) },
                { label: 'Zeros', value: formatNumber(numeric.zeros) },
                { label: 'Negative', value: formatNumber(numeric.negatives) },
                { label: 'Not finite', value: formatNumber(numeric.nonFinite) }
              ]
            : []),
          ...(text
            ? [
                { label: 'Length', value: `${text.minLength} to ${text.maxLength}, mean ${formatAuto(text.meanLength)}` },
                { label: 'Empty texts', value: formatNumber(text.empty) },
                { label: 'With stray blanks', value: formatNumber(text.padded) },
                { label: 'Read as numbers', value: formatNumber(text.numeric) },
                { label: 'Read as dates', value: formatNumber(text.dates) },
                { label: 'Placeholders', value: formatNumber(text.placeholders) }
              ]
            : [])
        ]}
      />
    </div>
  )
}
