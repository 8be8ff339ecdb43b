import { datasetNameKey, type PreviewColumn } from '../../../main/model/dataset'
import { Badge, Checkbox, formatCount, NO_VALUE, Select, Tooltip, type Choice, type Column } from '../../ui'
import { dateFormatChoices, importTypeChoices, knownWhenChoices, knownWhenText, labelOf, roleChoices } from './column-choices'
import { changeDraftColumn, draftName, type ImportDraft } from './data-store'
import { InlineText } from './inline-text'

const isDropped = (draft: ImportDraft, column: PreviewColumn) => draft.columns[column.source]?.drop === true
const typeOf = (draft: ImportDraft, column: PreviewColumn) => draft.columns[column.source]?.type ?? column.importType
const isDate = (draft: ImportDraft, column: PreviewColumn) => ['date', 'timestamp'].includes(typeOf(draft, column) ?? '')

/** The table of the columns of a file, with what can be decided about each. */
export function importColumns(
  draft: ImportDraft,
  columns: readonly PreviewColumn[],
  repeated: ReadonlySet<string>
): Column<PreviewColumn>[] {
  const hasDates = columns.some((column) => isDate(draft, column))
  return [
    ...nameColumns(draft, repeated),
    typeColumn(draft),
    ...(hasDates ? [dateFormatColumn(draft)] : []),
    ...meaningColumns(draft),
    ...foundColumns
  ]
}

/** Whether a column is kept, and under which name. */
function nameColumns(draft: ImportDraft, repeated: ReadonlySet<string>): Column<PreviewColumn>[] {
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
    }
  ]
}

function typeColumn(draft: ImportDraft): Column<PreviewColumn> {
  return {
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
  }
}

/** What a column is for, and when its value is known. */
function meaningColumns(draft: ImportDraft): Column<PreviewColumn>[] {
  return [
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
    }
  ]
}

/** What was found in the looked-at rows. */
const foundColumns: readonly Column<PreviewColumn>[] = [
  { id: 'missing', header: 'Missing', value: (column) => column.missing, numeric: true, width: 76 },
  {
    id: 'unparsed',
    header: 'Do not fit',
    hint: 'Values of the looked-at rows that the type does not fit; they would be missing, their text kept in the list of misfits',
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

/** A format that an offer brought may be none of the usual ones. */
const dateFormatsWith = (format: string | undefined): readonly Choice[] =>
  format === undefined || dateFormatChoices.some(({ value }) => value === format)
    ? dateFormatChoices
    : [...dateFormatChoices, { value: format, label: format }]

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
          choices={dateFormatsWith(draft.columns[column.source]?.dateFormat)}
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
