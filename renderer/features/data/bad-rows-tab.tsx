import { CheckCircle2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { BadRow, SourceFile } from '../../../main/model/dataset'
import { useHostQuery } from '../../host'
import { Button, EmptyState, ErrorState, formatCount, SearchInput, Skeleton, Toolbar, Tooltip, VirtualTable, type Column } from '../../ui'

interface NumberedBadRow extends BadRow {
  index: number
}

const columns: Column<NumberedBadRow>[] = [
  {
    id: 'line',
    header: 'Line',
    hint: 'Where the record starts in the source file',
    value: (row) => row.line,
    numeric: true,
    width: 84,
    pinned: true
  },
  { id: 'reason', header: 'Reason', value: (row) => row.reason, width: 320 },
  { id: 'column', header: 'Column', value: (row) => row.column, width: 160 },
  {
    id: 'raw',
    header: 'As written in the file',
    value: (row) => row.raw,
    cell: (row) => (
      <Tooltip content={<span className="font-mono [overflow-wrap:anywhere] whitespace-pre-wrap">{row.raw}</span>}>
        <span className="truncate font-mono text-caption">{row.raw}</span>
      </Tooltip>
    ),
    width: 400,
    grow: true
  }
]
const keyOf = (row: NumberedBadRow) => String(row.index)

/** Rows of the source file that did not parse and are not in the dataset. */
export function BadRowsTab({ reference, source }: { reference: string; source: SourceFile | null }) {
  const report = useHostQuery('datasets.badRows', { ref: reference })
  const [filter, setFilter] = useState('')
  const [reason, setReason] = useState<string | null>(null)
  const rows = useMemo(() => {
    const needle = filter.trim().toLowerCase()
    return (report.data?.rows ?? [])
      .map((row, index): NumberedBadRow => ({ ...row, index }))
      .filter(
        (row) =>
          (reason === null || row.reason === reason) && `${row.raw}\n${row.reason}\n${row.column ?? ''}`.toLowerCase().includes(needle)
      )
  }, [report.data, filter, reason])
  if (report.error) return <ErrorState error={report.error} onRetry={() => void report.refetch()} />
  if (!report.data) return <Skeleton lines={6} />
  const { count, reasons } = report.data
  return (
    <div className="flex h-full flex-col">
      <div className="flex shrink-0 flex-col gap-1 border-b px-4 py-2">
        <p>
          {formatCount(count, 'row')} of {source?.name ?? 'the source file'} did not parse and {count === 1 ? 'is' : 'are'} not in this
          version.
          {count > report.data.rows.length && ` The first ${report.data.rows.length.toLocaleString('en-US')} are listed.`} Correct the file,
          or import it again with other settings.
        </p>
        <div className="flex flex-wrap gap-1" role="group" aria-label="Reasons">
          {reasons.slice(0, 12).map((each) => (
            <Button
              key={each.reason}
              size="sm"
              aria-pressed={reason === each.reason}
              className="max-w-100 aria-pressed:bg-surface-3"
              onClick={() => setReason(reason === each.reason ? null : each.reason)}
            >
              <span className="truncate">{each.reason}</span>
              <span className="text-muted">{each.count.toLocaleString('en-US')}</span>
            </Button>
          ))}
        </div>
      </div>
      <Toolbar aria-label="Bad-row options">
        <SearchInput value={filter} onChange={setFilter} placeholder="Filter the bad rows" className="w-72" />
        <span className="text-caption text-muted">
          {rows.length.toLocaleString('en-US')} of {formatCount(report.data.rows.length, 'listed row')}
        </span>
      </Toolbar>
      <div className="min-h-0 flex-1">
        <VirtualTable
          label="Bad rows"
          columns={columns}
          rows={rows}
          rowKey={keyOf}
          empty={<EmptyState icon={CheckCircle2} title="No bad row matches" text="Clear the filter or choose another reason." />}
        />
      </div>
    </div>
  )
}
