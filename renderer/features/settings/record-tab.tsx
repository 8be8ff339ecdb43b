import { ScrollText } from 'lucide-react'
import { useState } from 'react'
import { describeRecord } from '../../../main/model/record'
import type { AuditEvent } from '../../../main/model/workspace'
import { useHostQuery } from '../../host'
import { Badge, Button, EmptyState, ErrorState, HashChip, Skeleton, TimeText, VirtualTable, type Column } from '../../ui'

const PAGE = 200
const columns: Column<AuditEvent>[] = [
  { id: 'index', header: '#', width: 60, numeric: true, value: (event) => event.index },
  { id: 'at', header: 'Time', unit: 'UTC', width: 190, value: (event) => event.at, cell: (event) => <TimeText value={event.at} /> },
  { id: 'actor', header: 'Who', width: 190, value: (event) => event.actor },
  { id: 'action', header: 'What', width: 150, value: (event) => event.action },
  {
    id: 'subject',
    header: 'Subject',
    width: 260,
    value: (event) => event.subject,
    cell: (event) => <span className="font-mono text-caption">{event.subject}</span>
  },
  {
    id: 'detail',
    header: 'Detail',
    width: 320,
    grow: true,
    value: (event) => JSON.stringify(event.detail),
    cell: (event) => <span className="font-mono text-caption text-muted">{JSON.stringify(event.detail)}</span>
  },
  { id: 'hash', header: 'Hash', width: 110, value: (event) => event.hash, cell: (event) => <HashChip hash={event.hash} /> }
]

/** Who did what, when, to which hashes; newest first. */
export function RecordTab() {
  const [page, setPage] = useState(0)
  const record = useHostQuery('workspace.events', { offset: page * PAGE, limit: PAGE })
  if (record.isError) return <ErrorState error={record.error} title="The record cannot be shown" onRetry={() => void record.refetch()} />
  if (!record.data) return <Skeleton lines={10} />
  const { events, total, intact } = record.data
  const pages = Math.ceil(total / PAGE)
  return (
    <div className="flex h-full flex-col">
      <div className="flex items-center gap-3 border-b px-4 py-2">
        {intact ? <Badge status="ok">Record consistent</Badge> : <Badge status="error">Record changed</Badge>}
        <p className="min-w-0 flex-1 text-caption text-muted">{describeRecord(record.data)}</p>
        {pages > 1 && (
          <span className="ml-auto flex items-center gap-2">
            <Button size="sm" disabled={page === 0} onClick={() => setPage(page - 1)}>
              Newer
            </Button>
            <span className="text-caption text-muted tabular-nums">
              {page + 1} of {pages}
            </span>
            <Button size="sm" disabled={page >= pages - 1} onClick={() => setPage(page + 1)}>
              Older
            </Button>
          </span>
        )}
      </div>
      <div className="min-h-0 flex-1">
        <VirtualTable
          label="Record of events"
          columns={columns}
          rows={events}
          rowKey={(event) => String(event.index)}
          empty={
            <EmptyState
              icon={ScrollText}
              title="Nothing was recorded yet"
              text="Everything that people and pipelines do to models, policies and bundles appears here."
            />
          }
        />
      </div>
    </div>
  )
}
