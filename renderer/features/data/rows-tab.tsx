import { Table } from 'lucide-react'
import { useDeferredValue, useEffect, useMemo, useState } from 'react'
import type { DatasetDetail } from '../../../main/model/dataset'
import { usePagedRows } from '../../host'
import { Button, dataColumns, EmptyState, formatCount, SearchInput, Toolbar, VirtualTable, type DataRow, type SortOrder } from '../../ui'
import { knownWhenChoices, labelOf, roleChoices } from './column-choices'
import { RowDialog } from './row-dialog'

const keyOf = (row: DataRow) => String(row.number)

/** The value once it has not changed for a moment, so that typing does not ask for every letter. */
function useSettled(value: string, milliseconds = 250): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds)
    return () => clearTimeout(timer)
  }, [value, milliseconds])
  return settled
}

/** Rows of a version, loaded where one looks; sorted and searched in the host. */
export function RowsTab({ detail }: { detail: DatasetDetail }) {
  const { version } = detail
  const [typed, setTyped] = useState('')
  const [sort, setSort] = useState<SortOrder | null>(null)
  const [opened, setOpened] = useState<number | null>(null)
  const search = useSettled(useDeferredValue(typed)).trim()
  const columns = useMemo(
    () =>
      dataColumns(
        version.columns.map((column) => ({
          name: column.name,
          type: column.type,
          unit: column.unit,
          hint: (
            <span className="block [overflow-wrap:anywhere]">
              <span className="block font-medium">{column.name}</span>
              <span className="block font-mono">{column.type}</span>
              <span className="block">
                {labelOf(roleChoices, column.role)}, known {labelOf(knownWhenChoices, column.knownWhen).toLowerCase()}
              </span>
              {column.description && <span className="block text-muted">{column.description}</span>}
            </span>
          )
        })),
        { sortable: true, numbered: 'Row' }
      ),
    [version.columns]
  )
  const order = sort && { column: version.columns[Number(sort.column.slice(1))]?.name ?? '', descending: sort.direction === 'descending' }
  const page = usePagedRows('datasets.rows', {
    resetKey: JSON.stringify([version.ref, order, search]),
    input: (offset, limit) => ({ ref: version.ref, offset, limit, ...(order && { sort: order }), ...(search && { search }) }),
    rows: (output) => output.rows.map((cells, index): DataRow => ({ number: output.rowNumbers[index] ?? 0, cells })),
    total: (output) => output.total
  })
  return (
    <div className="flex h-full flex-col">
      <Toolbar aria-label="Row options">
        <SearchInput value={typed} onChange={(text) => setTyped(text.slice(0, 200))} placeholder="Search in all columns" className="w-72" />
        <span className="text-caption text-muted" role="status">
          {page.loading
            ? ''
            : search
              ? `${page.total.toLocaleString('en-US')} of ${formatCount(version.rows, 'row')}`
              : formatCount(version.rows, 'row')}
        </span>
      </Toolbar>
      <div className="min-h-0 flex-1">
        <VirtualTable
          label={`Rows of ${detail.name}`}
          name={`rows.${detail.id}`}
          columns={columns}
          rows={page.rows}
          rowKey={keyOf}
          rowHeight={28}
          sort={sort}
          onSortChange={setSort}
          onVisibleRange={page.onVisibleRange}
          onOpen={(row) => setOpened(row.number)}
          loading={page.loading}
          error={page.error}
          onRetry={page.retry}
          empty={
            search ? (
              <EmptyState
                icon={Table}
                title="No row matches"
                text={`No column of any row contains "${search}".`}
                action={<Button onClick={() => setTyped('')}>Clear the search</Button>}
              />
            ) : (
              <EmptyState icon={Table} title="No rows" text="This version has columns and no rows." />
            )
          }
        />
      </div>
      <RowDialog version={version} row={opened} onClose={() => setOpened(null)} />
    </div>
  )
}
