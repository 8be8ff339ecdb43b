import { Info, Table } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { ColumnPatch, ColumnRole, DatasetColumn, DatasetDetail, KnownWhen } from '../../../main/model/dataset'
import { useHostCommand } from '../../host'
import { EmptyState, formatCount, SearchInput, Select, showToast, Toolbar, VirtualTable, type Column } from '../../ui'
import { knownWhenChoices, knownWhenText, roleChoices } from './column-choices'
import { ReadingDialog, readingByColumn, readingColumn } from './column-reading'
import { InlineText } from './inline-text'

const keyOf = (column: DatasetColumn) => column.name

/** Adds what a new target means for the former one: a dataset has one target. */
export function withFormerTarget(columns: readonly DatasetColumn[], patches: readonly ColumnPatch[]): ColumnPatch[] {
  const chosen = patches.filter((patch) => patch.role === 'target').map((patch) => patch.name)
  const former = columns.filter((column) => column.role === 'target' && !patches.some((patch) => patch.name === column.name && patch.role))
  return chosen.length === 1 ? [...patches, ...former.map(({ name }): ColumnPatch => ({ name, role: 'feature' }))] : [...patches]
}

/** The columns of a version; role, known when, unit and description are edited in place and take effect at once. */
export function ColumnsTab({ detail }: { detail: DatasetDetail }) {
  const { version } = detail
  const [filter, setFilter] = useState('')
  const [selection, setSelection] = useState<Set<string>>(new Set())
  const { run, busy } = useHostCommand('datasets.setColumns')
  const change = useMemo(() => {
    const ref = version.ref
    return async (given: ColumnPatch[], said: string) => {
      const patches = withFormerTarget(version.columns, given)
      const previous = patches.flatMap((patch): ColumnPatch[] => {
        const column = version.columns.find((each) => each.name === patch.name)
        if (!column) return []
        const { role, knownWhen, unit, description } = patch
        return [
          {
            name: patch.name,
            ...(role !== undefined && { role: column.role }),
            ...(knownWhen !== undefined && { knownWhen: column.knownWhen }),
            ...(unit !== undefined && { unit: column.unit }),
            ...(description !== undefined && { description: column.description })
          }
        ]
      })
      const done = await run({ ref, columns: patches })
      if (done) showToast({ status: 'ok', title: said, action: { label: 'Undo', run: () => void run({ ref, columns: previous }) } })
    }
  }, [run, version.ref, version.columns])
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
  const changeAll = (part: { role?: ColumnRole; knownWhen?: KnownWhen }) =>
    void change(
      chosen.map(({ name }) => ({ name, ...part })),
      `${formatCount(chosen.length, 'column')} changed.`
    )
  return (
    <div className="flex h-full flex-col">
      <div className="flex shrink-0 items-start gap-2 border-b bg-info-soft px-4 py-2 text-caption">
        <Info aria-hidden className="mt-px size-3.5 shrink-0 text-info" />
        <p>{knownWhenText}</p>
      </div>
      <Toolbar aria-label="Column options">
        <SearchInput value={filter} onChange={setFilter} placeholder="Filter by name, type, role" className="w-72" />
        {chosen.length > 0 ? (
          <>
            <span className="text-caption">{formatCount(chosen.length, 'column')} selected</span>
            <Select<ColumnRole>
              aria-label="Role of the selected columns"
              className="w-36!"
              placeholder="Set role"
              value={null}
              choices={roleChoices.filter((choice) => choice.value !== 'target' || chosen.length === 1)}
              onChange={(role) => changeAll({ role })}
              disabled={busy}
            />
            <Select<KnownWhen>
              aria-label="When the selected columns are known"
              className="w-40!"
              placeholder="Set known when"
              value={null}
              choices={knownWhenChoices}
              onChange={(knownWhen) => changeAll({ knownWhen })}
              disabled={busy}
            />
          </>
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

type Change = (patches: ColumnPatch[], said: string) => Promise<void>

function editableColumns(change: Change): Column<DatasetColumn>[] {
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
