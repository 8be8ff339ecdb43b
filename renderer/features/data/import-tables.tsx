import { useMemo } from 'react'
import { datasetNameKey, type ImportPreview, type PreviewColumn } from '../../../main/model/dataset'
import {
  Badge,
  Checkbox,
  dataColumns,
  EmptyState,
  formatCount,
  NO_VALUE,
  Select,
  SplitPane,
  Tooltip,
  VirtualTable,
  type Column,
  type DataRow
} from '../../ui'
import { Table } from 'lucide-react'
import { dateFormatChoices, importTypeChoices, knownWhenChoices, knownWhenText, labelOf, roleChoices } from './column-choices'
import { changeDraftColumn, draftName, repeatedNames, type ImportDraft } from './data-store'
import { InlineText } from './inline-text'

const keyOfColumn = (column: PreviewColumn) => column.source
const keyOfRow = (row: DataRow) => String(row.number)

/** The columns with what can be decided about them, and the first rows as they would be stored. */
export function ImportTables({ draft, preview, refreshing }: { draft: ImportDraft; preview: ImportPreview; refreshing: boolean }) {
  const repeated = useMemo(() => repeatedNames(draft, preview.columns), [draft, preview.columns])
  const hasDates = preview.columns.some((column) => isDate(draft, column))
  const columns = useMemo(() => columnTable(draft, repeated, hasDates), [draft, repeated, hasDates])
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

const isDropped = (draft: ImportDraft, column: PreviewColumn) => draft.columns[column.source]?.drop === true
const typeOf = (draft: ImportDraft, column: PreviewColumn) => draft.columns[column.source]?.type ?? column.importType
const isDate = (draft: ImportDraft, column: PreviewColumn) => ['date', 'timestamp'].includes(typeOf(draft, column) ?? '')

function columnTable(draft: ImportDraft, repeated: ReadonlySet<string>, hasDates: boolean): Column<PreviewColumn>[] {
  return [
    {
      id: 'keep',
      header: 'Keep',
      cell: (column) => (
        <Checkbox
          checked={!isDropped(draft, column)}
          onChange={(keep) => changeDraftColumn(column.source, { drop: keep ? undefined : true })}
          aria-label={`Keep ${column.source}`}
        />
      ),
      width: 56,
      pinned: true
    },
    {
      id: 'name',
      header: 'Name',
      hint: 'What the column is called in the dataset. Type another name to rename it.',
      cell: (column) =>
        isDropped(draft, column) ? (
          <span className="truncate px-2 text-muted line-through">{column.source}</span>
        ) : (
          <InlineText
            value={draftName(draft, column)}
            label={`Name of ${column.source}`}
            maximum={200}
            invalid={repeated.has(datasetNameKey(draftName(draft, column)))}
            onCommit={(name) => changeDraftColumn(column.source, { name: name === null || name === column.name ? undefined : name })}
          />
        ),
      width: 172,
      pinned: true
    },
    {
      id: 'type',
      header: 'Type',
      cell: (column) =>
        column.importType ? (
          <Select
            value={typeOf(draft, column) ?? column.importType}
            choices={importTypeChoices}
            onChange={(type) => changeDraftColumn(column.source, { type, dateFormat: undefined })}
            disabled={isDropped(draft, column)}
            aria-label={`Type of ${column.source}`}
          />
        ) : (
          <span className="truncate font-mono text-caption">{column.type}</span>
        ),
      width: 116
    },
    ...(hasDates ? [dateFormatColumn(draft)] : []),
    {
      id: 'role',
      header: 'Role',
      hint: 'What the column is for. It can be changed later.',
      cell: (column) => (
        <Select
          value={draft.columns[column.source]?.role ?? column.role}
          choices={roleChoices}
          onChange={(role) => changeDraftColumn(column.source, { role })}
          disabled={isDropped(draft, column)}
          aria-label={`Role of ${column.source}`}
        />
      ),
      width: 112
    },
    {
      id: 'known',
      header: 'Known when',
      hint: knownWhenText,
      cell: (column) => (
        <Select
          value={draft.columns[column.source]?.knownWhen ?? column.knownWhen}
          choices={knownWhenChoices}
          onChange={(knownWhen) => changeDraftColumn(column.source, { knownWhen })}
          disabled={isDropped(draft, column)}
          aria-label={`${column.source} is known when`}
        />
      ),
      width: 112
    },
    { id: 'missing', header: 'Missing', value: (column) => column.missing, numeric: true, width: 76 },
    {
      id: 'unparsed',
      header: 'Do not fit',
      hint: 'Values of the looked-at rows that the type does not fit; their rows would go to the bad-row report',
      value: (column) => column.unparsed,
      cell: (column) =>
        column.unparsed > 0 ? (
          <Badge
            status="warn"
            tooltip={`${formatCount(column.unparsed, 'value')} cannot be read as ${labelOf(importTypeChoices, column.importType ?? 'text').toLowerCase()}`}
          >
            {column.unparsed.toLocaleString('en-US')}
          </Badge>
        ) : (
          '0'
        ),
      numeric: true,
      width: 88
    },
    {
      id: 'examples',
      header: 'Examples',
      cell: (column) => (
        <Tooltip
          content={column.examples.length > 0 ? <span className="[overflow-wrap:anywhere]">{column.examples.join(' \u00b7 ')}</span> : null}
        >
          <span className="truncate text-muted">{column.examples.join(' \u00b7 ') || NO_VALUE}</span>
        </Tooltip>
      ),
      width: 150,
      grow: true
    }
  ]
}

/** Day and month cannot be told apart in 03/04/2026: the person says how the dates are written. */
function dateFormatColumn(draft: ImportDraft): Column<PreviewColumn> {
  return {
    id: 'written',
    header: 'Written as',
    hint: 'How the dates stand in the file. The rows below show what comes of it.',
    cell: (column) =>
      isDate(draft, column) ? (
        <Select
          value={draft.columns[column.source]?.dateFormat ?? 'found'}
          choices={dateFormatChoices}
          // A format belongs to a type: with the type found alone, another format would not be tried.
          onChange={(format) =>
            changeDraftColumn(column.source, {
              type: typeOf(draft, column) ?? undefined,
              dateFormat: format === 'found' ? undefined : format
            })
          }
          disabled={isDropped(draft, column)}
          aria-label={`How ${column.source} is written`}
        />
      ) : null,
    width: 124
  }
}
