import { Info, Table } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { ColumnRole, DatasetColumn, DatasetDetail, KnownWhen } from '../../../main/model/dataset'
import { EmptyState, formatCount, SearchInput, Select, Toolbar, VirtualTable, type Column } from '../../ui'
import { knownWhenChoices, knownWhenText, roleChoices } from './column-choices'
import { ReadingDialog, readingByColumn, readingColumn } from './column-reading'
import { InlineText } from './inline-text'
import { useColumnChange, type ColumnChange } from './use-column-change'

const keyOf = (column: DatasetColumn) => column.name

/** The columns of a version; role, known when, unit and description are edited in place and take effect at once. */
export function ColumnsTab({ detail }: { detail: DatasetDetail }) {
  const { version } = detail
  const [filter, setFilter] = useState('')
  const [selection, setSelection] = useState<Set<string>>(new Set())
  const { change, busy } = useColumnChange(version)
  const needle = filter.trim().toLowerCase()
  const rows = useMemo(
    () =>
      version.columns.filter((column) =>
        [column.name, column.type, column.role, column.description ?? ''].some((text) => text.toLowerCase().includes(needle))
      ),
    [version.columns, needle]
  )
  const readings = useMemo(() => readingByColumn(version), [version])
  const [read, setRead] = useState<string | null>(null)
  const columns = useMemo(() => {
    const [name, type, ...others] = editableColumns(change)
    return [name!, type!, ...(readings.size > 0 ? [readingColumn(readings, setRead)] : []), ...others]
  }, [change, readings])
  const chosen = version.columns.filter((column) => selection.has(column.name))
  return (
    <div className="flex h-full flex-col">
      <div className="flex shrink-0 items-start gap-2 border-b bg-info-soft px-4 py-2 text-caption">
        <Info aria-hidden className="mt-px size-3.5 shrink-0 text-info" />
        <p>{knownWhenText}</p>
      </div>
      <Toolbar aria-label="Column options">
        <SearchInput value={filter} onChange={setFilter} placeholder="Filter by name, type, role" className="w-72" />
        {chosen.length > 0 ? (
          <SelectionTools chosen={chosen} change={change} disabled={busy} />
        ) : (
          <span className="text-caption text-muted">
            {needle ? `${rows.length} of ${formatCount(version.columns.length, 'column')}` : 'Select columns to change several at once.'}
          </span>
        )}
      </Toolbar>
      <div className="min-h-0 flex-1">
        <VirtualTable
          label={`Columns of ${detail.name}`}
          name="dataset.columns"
          columns={columns}
          rows={rows}
          rowKey={keyOf}
          rowHeight={36}
          selection={selection}
          onSelectionChange={setSelection}
          empty={
            <EmptyState icon={Table} title="No column matches" text={`No column has "${filter}" in its name, type, role or description.`} />
          }
        />
      </div>
      <ReadingDialog detail={detail} readings={readings} name={read} onClose={() => setRead(null)} />
    </div>
  )
}

/** What can be done with several columns at once. */
function SelectionTools({ chosen, change, disabled }: { chosen: readonly DatasetColumn[]; change: ColumnChange; disabled: boolean }) {
  const changeAll = (part: { role?: ColumnRole; knownWhen?: KnownWhen }) =>
    void change(
      chosen.map(({ name }) => ({ name, ...part })),
      `${formatCount(chosen.length, 'column')} changed.`
    )
  return (
    <>
      <span className="text-caption">{formatCount(chosen.length, 'column')} selected</span>
      <Select<ColumnRole>
        aria-label="Role of the selected columns"
        className="w-36!"
        placeholder="Set role"
        value={null}
        choices={roleChoices.filter((choice) => choice.value !== 'target' || chosen.length === 1)}
        onChange={(role) => changeAll({ role })}
        disabled={disabled}
      />
      <Select<KnownWhen>
        aria-label="When the selected columns are known"
        className="w-40!"
        placeholder="Set known when"
        value={null}
        choices={knownWhenChoices}
        onChange={(knownWhen) => changeAll({ knownWhen })}
        disabled={disabled}
      />
    </>
  )
}

function editableColumns(change: ColumnChange): Column<DatasetColumn>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      value: (column) => column.name,
      cell: (column) => <span className="truncate font-medium">{column.name}</span>,
      width: 210,
      pinned: true
    },
    {
      id: 'type',
      header: 'Type',
      value: (column) => column.type,
      cell: (column) => <span className="truncate font-mono text-caption">{column.type}</span>,
      width: 110
    },
    {
      id: 'role',
      header: 'Role',
      hint: 'What the column is for in pipelines and checks',
      value: (column) => column.role,
      cell: (column) => (
        <Select
          value={column.role}
          choices={roleChoices}
          onChange={(role) => void change([{ name: column.name, role }], `The role of ${column.name} is now ${role}.`)}
          aria-label={`Role of ${column.name}`}
        />
      ),
      width: 128
    },
    {
      id: 'known',
      header: 'Known when',
      hint: knownWhenText,
      value: (column) => column.knownWhen,
      cell: (column) => (
        <Select
          value={column.knownWhen}
          choices={knownWhenChoices}
          onChange={(knownWhen) => void change([{ name: column.name, knownWhen }], `${column.name} is now known ${knownWhen} the outcome.`)}
          aria-label={`${column.name} is known when`}
        />
      ),
      width: 128
    },
    {
      id: 'unit',
      header: 'Unit',
      value: (column) => column.unit,
      cell: (column) => (
        <InlineText
          value={column.unit}
          label={`Unit of ${column.name}`}
          maximum={64}
          onCommit={(unit) => void change([{ name: column.name, unit }], `The unit of ${column.name} was changed.`)}
        />
      ),
      width: 110
    },
    {
      id: 'description',
      header: 'Description',
      value: (column) => column.description,
      cell: (column) => (
        <InlineText
          value={column.description}
          label={`Description of ${column.name}`}
          maximum={4_000}
          onCommit={(description) => void change([{ name: column.name, description }], `The description of ${column.name} was changed.`)}
        />
      ),
      width: 280,
      grow: true
    }
  ]
}
