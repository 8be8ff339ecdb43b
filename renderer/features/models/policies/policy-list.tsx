import { ArrowLeft, FilePlus2, Scale } from 'lucide-react'
import { useState } from 'react'
import type { HostOutput } from '../../../host'
import { useHostQuery } from '../../../host'
import {
  Badge,
  Button,
  EmptyState,
  HashChip,
  IconButton,
  InspectorLayout,
  navigate,
  Page,
  PageHeader,
  TimeText,
  VirtualTable,
  type Column
} from '../../../ui'
import { GateResults } from './gate-results'

type Summary = HostOutput<'policies.list'>[number]

function TestsBadge({ row }: { row: Summary }) {
  if (row.tests === 0) return <Badge status="warn">No tests</Badge>
  return (
    <Badge status={row.testsPassed === row.tests ? 'ok' : 'error'}>
      {row.testsPassed} of {row.tests} pass
    </Badge>
  )
}

const columns: readonly Column<Summary>[] = [
  { id: 'title', header: 'Policy', value: (row) => row.title, width: 240, grow: true },
  {
    id: 'name',
    header: 'Name',
    value: (row) => row.name,
    cell: (row) => <span className="truncate font-mono text-caption">{row.name}</span>,
    width: 200
  },
  { id: 'rules', header: 'Rules', value: (row) => row.rules, numeric: true, width: 72 },
  { id: 'tests', header: 'Tests', value: (row) => row.testsPassed - row.tests, cell: (row) => <TestsBadge row={row} />, width: 140 },
  {
    id: 'version',
    header: 'Version',
    value: (row) => row.sha256,
    cell: (row) => <HashChip hash={row.sha256} label="Policy digest" />,
    width: 112,
    sortable: false
  },
  { id: 'updated', header: 'Saved', value: (row) => row.updatedAt, cell: (row) => <TimeText value={row.updatedAt} relative />, width: 110 }
]

const open = (row: Summary) => navigate('models', ['policies', row.name])

/** The policies of the workspace and what they have decided. */
export function PolicyList() {
  const policies = useHostQuery('policies.list', {})
  const [selected, setSelected] = useState<string | null>(null)
  const current = policies.data?.find((row) => row.name === selected) ?? null
  const create = () => navigate('models', ['policies'], { view: 'new' })
  return (
    <Page
      header={
        <PageHeader
          back={<IconButton icon={ArrowLeft} label="Back to the models" onClick={() => navigate('models')} />}
          title="Policies"
          status={<span>rules that a model must meet, with tests beside them</span>}
          actions={
            <Button disabled={!current} onClick={() => current && open(current)}>
              Edit the policy
            </Button>
          }
          primary={
            <Button variant="primary" icon={FilePlus2} onClick={create}>
              New policy
            </Button>
          }
        />
      }
    >
      <InspectorLayout
        name="policies"
        title={current ? `Gates of ${current.name}` : 'Gates'}
        inspector={current && <GateResults policy={current.name} />}
        emptyText="Select a policy to see the runs it was applied to."
      >
        <VirtualTable
          label="Policies"
          columns={columns}
          rows={policies.data ?? []}
          rowKey={(row) => row.name}
          loading={policies.isPending}
          error={policies.error}
          onRetry={() => void policies.refetch()}
          activeKey={selected}
          onActiveChange={(row) => setSelected(row?.name ?? null)}
          onOpen={open}
          empty={
            <EmptyState
              icon={Scale}
              title="No policy yet"
              text="A policy says in expressions what a model must show before it may be approved: how well it ranks, how alike it treats groups, how fast it answers."
              action={
                <Button variant="primary" icon={FilePlus2} onClick={create}>
                  Write the first policy
                </Button>
              }
            />
          }
        />
      </InspectorLayout>
    </Page>
  )
}
