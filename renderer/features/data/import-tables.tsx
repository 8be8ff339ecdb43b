import { useMemo } from 'react'
import type { ImportPreview, PreviewColumn } from '../../../main/model/dataset'
import { dataColumns, EmptyState, formatCount, SplitPane, VirtualTable, type DataRow } from '../../ui'
import { Table } from 'lucide-react'
import { draftName, repeatedNames, type ImportDraft } from './data-store'
import { importColumns } from './import-columns'

const keyOfColumn = (column: PreviewColumn) => column.source
const keyOfRow = (row: DataRow) => String(row.number)

/** The columns with what can be decided about them, and the first rows as they would be stored. */
export function ImportTables({ draft, preview, refreshing }: { draft: ImportDraft; preview: ImportPreview; refreshing: boolean }) {
  const repeated = useMemo(() => repeatedNames(draft, preview.columns), [draft, preview.columns])
  const columns = useMemo(() => importColumns(draft, preview.columns, repeated), [draft, preview.columns, repeated])
  const kept = preview.columns.filter((column) => !draft.columns[column.source]?.drop)
  const rowColumns = useMemo(
    () =>
      dataColumns(
        preview.columns.map((column) => ({ name: draftName(draft, column), type: column.type })),
        { sortable: false, numbered: 'Row' }
      ),
    [preview.columns, draft]
  )
  const shownColumns = useMemo(
    () => rowColumns.filter((_, index) => index === 0 || !draft.columns[preview.columns[index - 1]?.source ?? '']?.drop),
    [rowColumns, draft.columns, preview.columns]
  )
  const rows = useMemo(() => preview.rows.map((cells, index): DataRow => ({ number: index + 1, cells })), [preview.rows])
  return (
    <div className="min-w-0 flex-1" aria-busy={refreshing || undefined}>
      <SplitPane
        name="import preview"
        orientation="column"
        size={300}
        min={120}
        max={1600}
        first={
          <div className="flex h-full flex-col">
            <TableTitle
              title="Columns"
              text={`${kept.length === preview.columns.length ? formatCount(kept.length, 'column') : `${kept.length} of ${formatCount(preview.columns.length, 'column')}`} will be kept`}
              error={
                repeated.size > 0
                  ? 'Two columns have the same name (letter case does not count). Rename one of them or leave it out.'
                  : null
              }
            />
            <div className="min-h-0 flex-1">
              <VirtualTable
                label="Columns of the file"
                columns={columns}
                rows={preview.columns}
                rowKey={keyOfColumn}
                rowHeight={36}
                empty={
                  <EmptyState
                    icon={Table}
                    title="No columns"
                    text="With these settings the file has no columns. Change the delimiter or the lines to skip."
                  />
                }
              />
            </div>
          </div>
        }
        second={
          <div className="flex h-full flex-col">
            <TableTitle title="First rows" text={`${formatCount(rows.length, 'row')} as they would be stored`} />
            <div className="min-h-0 flex-1">
              <VirtualTable
                label="First rows of the file"
                columns={shownColumns}
                rows={rows}
                rowKey={keyOfRow}
                empty={
                  <EmptyState
                    icon={Table}
                    title="No rows"
                    text="With these settings no row of the file can be read. The notices at the left say why."
                  />
                }
              />
            </div>
          </div>
        }
      />
    </div>
  )
}

function TableTitle({ title, text, error }: { title: string; text: string; error?: string | null }) {
  return (
    <div className="flex min-h-8 shrink-0 items-center gap-2 border-b px-3">
      <h2 className="font-semibold">{title}</h2>
      <span className="text-caption text-muted">{text}</span>
      {error && (
        <span role="alert" className="text-caption text-error">
          {error}
        </span>
      )}
    </div>
  )
}
