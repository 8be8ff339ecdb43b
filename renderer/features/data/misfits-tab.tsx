import { CheckCircle2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { DatasetDetail, Misfit, MisfitPage } from '../../../main/model/dataset'
import { useHostQuery, usePagedRows } from '../../host'
import { Badge, Button, EmptyState, ErrorState, NO_VALUE, Skeleton, Tooltip, VirtualTable, type Column } from '../../ui'
import { misfitSentence } from './misfit-words'
import { RowDialog } from './row-dialog'

const columns: Column<Misfit>[] = [
  {
    id: 'line',
    header: 'Line',
    hint: 'Where it stands in the source file',
    value: (misfit) => misfit.line,
    numeric: true,
    width: 84,
    pinned: true
  },
  {
    id: 'row',
    header: 'Row',
    hint: 'The row of the dataset in which the cell is missing; a row that was left out has none',
    value: (misfit) => misfit.row,
    cell: (misfit) => misfit.row?.toLocaleString('en-US') ?? NO_VALUE,
    numeric: true,
    width: 84
  },
  { id: 'column', header: 'Column', value: (misfit) => misfit.column, width: 172 },
  {
    id: 'text',
    header: 'As written in the file',
    value: (misfit) => misfit.text,
    cell: (misfit) => (
      <Tooltip content={<span className="font-mono [overflow-wrap:anywhere] whitespace-pre-wrap">{misfit.text}</span>}>
        <span className="truncate font-mono text-caption">{misfit.text}</span>
      </Tooltip>
    ),
    width: 260,
    grow: true
  },
  { id: 'reason', header: 'Reason', value: (misfit) => misfit.reason, width: 220 },
  {
    id: 'became',
    header: 'Became',
    value: (misfit) => misfit.what,
    cell: (misfit) => (
      <Badge status={misfit.what === 'row' ? 'warn' : 'neutral'}>{misfit.what === 'row' ? 'Row left out' : 'Missing'}</Badge>
    ),
    width: 116
  }
]
const keyOf = ({ line, row, column }: Misfit) => `${line} ${row} ${column}`

/** Which of the misfits are listed. */
type Part = { column?: string; what?: Misfit['what'] }

/** Cells that did not fit the type of their column, and rows that could not be read, in the order of the file. */
export function MisfitsTab({ detail }: { detail: DatasetDetail }) {
  const { version } = detail
  const [part, setPart] = useState<Part>({})
  const [opened, setOpened] = useState<number | null>(null)
  const counts = useHostQuery('datasets.misfits', { ref: version.ref, limit: 1 })
  const page = usePagedRows('datasets.misfits', {
    resetKey: JSON.stringify([version.ref, part]),
    input: (offset, limit) => ({ ref: version.ref, offset, limit, ...part }),
    rows: (output) => output.misfits,
    total: (output) => output.total
  })
  const listed = counts.data?.total ?? 0
  const all = (counts.data?.cells ?? 0) + (counts.data?.rowsLost ?? 0)
  if (counts.error) return <ErrorState error={counts.error} onRetry={() => void counts.refetch()} />
  if (!counts.data) return <Skeleton lines={6} />
  return (
    <div className="flex h-full flex-col">
      <div className="flex shrink-0 flex-col gap-1 border-b px-4 py-2">
        <p>
          {misfitSentence(version)}
          {all > listed && ` The first ${listed.toLocaleString('en-US')} are listed.`} Choose another type or another way to read a column
          when you import the file again, or correct the file.
        </p>
        <Parts counts={counts.data} part={part} onChange={setPart} />
      </div>
      <div className="min-h-0 flex-1">
        <VirtualTable
          label="Misfits"
          columns={columns}
          rows={page.rows}
          rowKey={keyOf}
          onVisibleRange={page.onVisibleRange}
          onOpen={(misfit) => setOpened(misfit.row)}
          loading={page.loading}
          error={page.error}
          onRetry={page.retry}
          empty={<EmptyState icon={CheckCircle2} title="No misfit here" text="Choose another column, or all of them." />}
        />
      </div>
      <RowDialog version={version} row={opened} onClose={() => setOpened(null)} />
    </div>
  )
}

/** Buttons that narrow the list to a column or to the rows that were left out. */
function Parts({ counts, part, onChange }: { counts: MisfitPage; part: Part; onChange: (part: Part) => void }) {
  const choices = useMemo(
    (): { label: string; reason: string; count: number; part: Part }[] => [
      ...(counts.rowsLost > 0
        ? [
            {
              label: 'Rows left out',
              reason: counts.losses.map(({ reason, count }) => `${reason} (${count.toLocaleString('en-US')})`).join('; '),
              count: counts.rowsLost,
              part: { what: 'row' as const }
            }
          ]
        : []),
      ...counts.columns.map(({ column, cells, reason }) => ({ label: column, reason, count: cells, part: { column } }))
    ],
    [counts]
  )
  if (choices.length < 2) return null
  const isChosen = (each: Part) => each.column === part.column && each.what === part.what
  return (
    <div className="flex max-h-20 flex-wrap gap-1 overflow-y-auto" role="group" aria-label="Parts of the list">
      {choices.map((each) => (
        <Tooltip key={`${each.part.what ?? ''} ${each.part.column ?? ''}`} content={each.reason}>
          <Button
            size="sm"
            aria-pressed={isChosen(each.part)}
            className="max-w-60 aria-pressed:bg-surface-3"
            onClick={() => onChange(isChosen(each.part) ? {} : each.part)}
          >
            <span className="truncate">{each.label}</span>
            <span className="text-muted">{each.count.toLocaleString('en-US')}</span>
          </Button>
        </Tooltip>
      ))}
    </div>
  )
}
