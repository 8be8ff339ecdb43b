import { ChevronDown, ChevronRight, Database, Table } from 'lucide-react'
import { useState } from 'react'
import type { DatasetSummary } from '../../../main/model/dataset'
import { useHostQuery } from '../../host'
import { Button, classNames, EmptyState, ErrorState, SearchInput, Skeleton, Tooltip } from '../../ui'
import { askForFile } from './actions'
import { dataStore, useDataState } from './data-store'
import { quoteSqlName, selectFrom } from './sql-names'

const STEP = 200

/** Tables and columns; a click types the name at the cursor. */
export function SqlTables({ onInsert }: { onInsert: (text: string) => void }) {
  const datasets = useHostQuery('datasets.list', { trashed: false })
  const [filter, setFilter] = useState('')
  const [shown, setShown] = useState(STEP)
  const needle = filter.trim().toLowerCase()
  const matching = (datasets.data ?? []).filter((dataset) => dataset.name.toLowerCase().includes(needle))
  const insertTable = (name: string) => {
    if (dataStore.getState().sql.trim()) onInsert(quoteSqlName(name))
    else dataStore.setState({ sql: selectFrom(name) })
  }
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
              <TableEntry key={dataset.id} dataset={dataset} onTable={insertTable} onColumn={(name) => onInsert(quoteSqlName(name))} />
            ))}
          </ul>
        )}
        {matching.length > shown && (
          <Button size="sm" variant="ghost" onClick={() => setShown(shown + STEP)}>
            Show more of {matching.length}
          </Button>
        )}
      </div>
    </nav>
  )
}

const entryClass = 'flex h-7 min-w-0 flex-1 items-center gap-1.5 rounded-sm px-1.5 text-left hover:bg-surface-2'

function TableEntry({
  dataset,
  onTable,
  onColumn
}: {
  dataset: DatasetSummary
  onTable: (name: string) => void
  onColumn: (name: string) => void
}) {
  const mentioned = useDataState((state) => state.sql.toLowerCase().includes(dataset.name.toLowerCase()))
  const [toggled, setToggled] = useState<boolean | null>(null)
  const open = toggled ?? mentioned
  const detail = useHostQuery('datasets.get', { ref: dataset.name }, { enabled: open })
  const Chevron = open ? ChevronDown : ChevronRight
  return (
    <li>
      <div className="flex items-center">
        <button
          type="button"
          aria-expanded={open}
          aria-label={`Columns of ${dataset.name}`}
          className="flex size-6 shrink-0 items-center justify-center rounded-sm text-muted hover:bg-surface-2"
          onClick={() => setToggled(!open)}
        >
          <Chevron aria-hidden className="size-3.5" />
        </button>
        <Tooltip content={`${dataset.latest.rows.toLocaleString('en-US')} rows, version ${dataset.latest.number}`} side="right">
          <button type="button" className={entryClass} aria-label={`Insert table ${dataset.name}`} onClick={() => onTable(dataset.name)}>
            <Table aria-hidden className="size-3.5 shrink-0 text-muted" />
            <span className="truncate font-medium">{dataset.name}</span>
          </button>
        </Tooltip>
      </div>
      {open && detail.data && (
        <ul className="mb-1 ml-6">
          {detail.data.version.columns.slice(0, STEP).map((column) => (
            <li key={column.name} className="flex">
              <button
                type="button"
                className={classNames(entryClass, 'h-6')}
                aria-label={`Insert column ${column.name}`}
                onClick={() => onColumn(column.name)}
              >
                <span className="min-w-0 flex-1 truncate">{column.name}</span>
                <span className="shrink-0 font-mono text-micro text-muted">{column.type}</span>
              </button>
            </li>
          ))}
          {detail.data.version.columns.length > STEP && (
            <li className="px-1.5 text-caption text-muted">
              and {(detail.data.version.columns.length - STEP).toLocaleString('en-US')} more; the Columns tab of the dataset lists all
            </li>
          )}
        </ul>
      )}
    </li>
  )
}
