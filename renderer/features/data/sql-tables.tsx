import { ChevronDown, ChevronRight, Database, ScrollText, Table, type LucideIcon } from 'lucide-react'
import { useState } from 'react'
import type { DatasetSummary, SqlTableInfo } from '../../../main/model/dataset'
import { useHostQuery } from '../../host'
import { Button, classNames, EmptyState, ErrorState, SearchInput, Skeleton, Tooltip } from '../../ui'
import { askForFile } from './actions'
import { dataStore, useDataState } from './data-store'
import { firstRowsOf, quoteSqlName } from './sql-names'

const STEP = 200

/** Tables and columns; a click types the name at the cursor. */
export function SqlTables({ onInsert }: { onInsert: (text: string) => void }) {
  const datasets = useHostQuery('datasets.list', { trashed: false })
  const ledger = useHostQuery('datasets.ledgerTables', {})
  const [filter, setFilter] = useState('')
  const [shown, setShown] = useState(STEP)
  const needle = filter.trim().toLowerCase()
  const matching = (datasets.data ?? []).filter((dataset) => dataset.name.toLowerCase().includes(needle))
  const records = (ledger.data ?? []).filter((table) => table.name.toLowerCase().includes(needle))
  const insertTable = (sqlName: string) => {
    if (dataStore.getState().sql.trim()) onInsert(sqlName)
    else dataStore.setState({ sql: firstRowsOf(sqlName) })
  }
  const insertColumn = (name: string) => onInsert(quoteSqlName(name))
  return (
    <nav aria-label="Tables" data-panel className="flex h-full flex-col bg-surface-0">
      <div className="border-b p-2">
        <SearchInput value={filter} onChange={setFilter} placeholder="Filter the tables" className="w-full" />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto p-1">
        {datasets.error ? (
          <ErrorState error={datasets.error} onRetry={() => void datasets.refetch()} />
        ) : !datasets.data ? (
          <Skeleton lines={4} />
        ) : datasets.data.length === 0 ? (
          <EmptyState
            icon={Database}
            title="No tables yet"
            text="Each dataset is a table."
            action={
              <Button variant="primary" onClick={askForFile}>
                Import a file
              </Button>
            }
          />
        ) : (
          <ul>
            {matching.slice(0, shown).map((dataset) => (
              <DatasetEntry key={dataset.id} dataset={dataset} onTable={insertTable} onColumn={insertColumn} />
            ))}
          </ul>
        )}
        {matching.length > shown && (
          <Button size="sm" variant="ghost" onClick={() => setShown(shown + STEP)}>
            Show more of {matching.length}
          </Button>
        )}
        {records.length > 0 && (
          <section aria-label="Records of the workspace" className="mt-2 border-t pt-2">
            <h2 className="px-1.5 pb-1 text-caption text-muted">Records of the workspace</h2>
            <ul>
              {records.map((table) => (
                <LedgerEntry key={table.name} table={table} onTable={insertTable} onColumn={insertColumn} />
              ))}
            </ul>
          </section>
        )}
      </div>
    </nav>
  )
}

const entryClass = 'flex h-7 min-w-0 flex-1 items-center gap-1.5 rounded-sm px-1.5 text-left hover:bg-surface-2'

interface EntryActions {
  /** Takes the table's name as it stands in SQL. */
  onTable: (sqlName: string) => void
  onColumn: (name: string) => void
}

function DatasetEntry({ dataset, ...actions }: { dataset: DatasetSummary } & EntryActions) {
  const { open, toggle } = useOpened(dataset.name)
  const detail = useHostQuery('datasets.get', { ref: dataset.name }, { enabled: open })
  return (
    <TableEntry
      {...actions}
      icon={Table}
      name={dataset.name}
      sqlName={quoteSqlName(dataset.name)}
      hint={`${dataset.latest.rows.toLocaleString('en-US')} rows, version ${dataset.latest.number}`}
      open={open}
      onToggle={toggle}
      columns={detail.data?.version.columns}
    />
  )
}

function LedgerEntry({ table, ...actions }: { table: SqlTableInfo } & EntryActions) {
  const { open, toggle } = useOpened(table.name)
  return (
    <TableEntry
      {...actions}
      icon={ScrollText}
      name={table.name}
      sqlName={table.name}
      hint={table.description}
      open={open}
      onToggle={toggle}
      columns={table.columns}
    />
  )
}

/** Open while the query mentions the table, until a person says otherwise. */
function useOpened(name: string): { open: boolean; toggle: () => void } {
  const mentioned = useDataState((state) => state.sql.toLowerCase().includes(name.toLowerCase()))
  const [toggled, setToggled] = useState<boolean | null>(null)
  const open = toggled ?? mentioned
  return { open, toggle: () => setToggled(!open) }
}

function TableEntry({
  icon: Icon,
  name,
  sqlName,
  hint,
  open,
  onToggle,
  columns,
  onTable,
  onColumn
}: {
  icon: LucideIcon
  name: string
  sqlName: string
  hint: string
  open: boolean
  onToggle: () => void
  columns: { name: string; type: string; description?: string | null }[] | undefined
} & EntryActions) {
  const Chevron = open ? ChevronDown : ChevronRight
  return (
    <li>
      <div className="flex items-center">
        <button
          type="button"
          aria-expanded={open}
          aria-label={`Columns of ${name}`}
          className="flex size-6 shrink-0 items-center justify-center rounded-sm text-muted hover:bg-surface-2"
          onClick={onToggle}
        >
          <Chevron aria-hidden className="size-3.5" />
        </button>
        <Tooltip content={hint} side="right">
          <button type="button" className={entryClass} aria-label={`Insert table ${name}`} onClick={() => onTable(sqlName)}>
            <Icon aria-hidden className="size-3.5 shrink-0 text-muted" />
            <span className="truncate font-medium">{name}</span>
          </button>
        </Tooltip>
      </div>
      {open && columns && (
        <ul className="mb-1 ml-6">
          {columns.slice(0, STEP).map((column) => (
            <li key={column.name} className="flex">
              <button
                type="button"
                className={classNames(entryClass, 'h-6')}
                aria-label={`Insert column ${column.name}`}
                title={column.description ?? undefined}
                onClick={() => onColumn(column.name)}
              >
                <span className="min-w-0 flex-1 truncate">{column.name}</span>
                <span className="shrink-0 font-mono text-micro text-muted">{column.type}</span>
              </button>
            </li>
          ))}
          {columns.length > STEP && (
            <li className="px-1.5 text-caption text-muted">
              and {(columns.length - STEP).toLocaleString('en-US')} more; the Columns tab of the dataset lists all
            </li>
          )}
        </ul>
      )}
    </li>
  )
}
