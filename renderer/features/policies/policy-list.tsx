import { FilePlus2, Scale } from 'lucide-react'
import type { HostOutput } from '../../host'
import { useHostQuery } from '../../host'
import { Badge, Button, HashChip, ListPage, navigate, TimeText, useListRows, type Column } from '../../ui'
import { GateResults } from './gate-results'
import { policiesStore } from './policies-store'

type Summary = HostOutput<'policies.list'>[number]

function RulesBadge({ row }: { row: Summary }) {
  if (row.lost !== undefined) return <Badge status="error">Text lost</Badge>
  return row.blocking === 0 ? <Badge status="warn">No gate</Badge> : row.rules
}

function TestsBadge({ row }: { row: Summary }) {
  if (row.lost !== undefined) return null
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
  {
    id: 'rules',
    header: 'Rules',
    value: (row) => row.rules,
    cell: (row) => <RulesBadge row={row} />,
    numeric: true,
    width: 90
  },
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

const keyOf = (row: Summary) => row.name
const textsOf = (row: Summary) => [row.title, row.name]
const open = (row: Summary) => navigate('policies', [row.name])

/** The policies of the workspace and what they have decided. */
export function PolicyList() {
  const policies = useHostQuery('policies.list', {})
  const list = useListRows({ store: policiesStore, query: policies, all: policies.data, rowKey: keyOf, textsOf })
  const current = list.selected
  const create = (label: string) => (
    <Button variant="primary" icon={FilePlus2} onClick={() => navigate('policies', [], { view: 'new' })}>
      {label}
    </Button>
  )
  return (
    <ListPage
      {...list}
      title="Policies"
      label="Policies"
      noun="policy"
      inspectorName="policies"
      actions={
        <Button disabled={!current} onClick={() => current && open(current)}>
          Edit the policy
        </Button>
      }
      primary={create('New policy')}
      filterPlaceholder="Filter by title or name"
      filteredBy="its title or name"
      columns={columns}
      onOpen={open}
      inspectorTitle={current ? `Gates of ${current.name}` : 'Gates'}
      inspectorEmpty="Select a policy to see the runs it was applied to."
      inspector={current && <GateResults policy={current.name} />}
      icon={Scale}
      firstDay={{
        title: 'No policy yet',
        text: 'A policy says in expressions what a model must show before it may be approved: how well it ranks, how alike it treats groups, how fast it answers.',
        action: create('Write the first policy')
      }}
    />
  )
}
