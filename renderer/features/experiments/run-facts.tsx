import { FileCode2 } from 'lucide-react'
import type { RunArtifact, RunDetail, RunInput } from '../../../main/model/run'
import { RefLink } from '../../evidence'
import { useHostQuery } from '../../host'
import {
  Button,
  CodeEditor,
  EmptyState,
  ErrorState,
  formatSize,
  HashChip,
  navigate,
  SizeText,
  Skeleton,
  VirtualTable,
  type Column
} from '../../ui'

interface Fact {
  key: string
  value: string
}
const factsOf = (record: Readonly<Record<string, string>>): Fact[] => Object.entries(record).map(([key, value]) => ({ key, value }))
const factColumns = (header: string): Column<Fact>[] => [
  { id: 'key', header, value: (fact) => fact.key, width: 260 },
  {
    id: 'value',
    header: 'Value',
    value: (fact) => fact.value,
    grow: true,
    width: 300,
    cell: (fact) => (
      <span className="truncate font-mono text-caption" title={fact.value}>
        {fact.value}
      </span>
    )
  }
]
const byName = { column: 'key', direction: 'ascending' } as const
const factKey = (fact: Fact) => fact.key

export function RunParameters({ run }: { run: RunDetail }) {
  const seed: Record<string, string> = run.seed === null ? {} : { seed: String(run.seed) }
  return (
    <VirtualTable
      label="Parameters"
      columns={factColumns('Parameter')}
      rows={factsOf({ algorithm: run.algorithm, ...run.parameters, ...seed })}
      rowKey={factKey}
      initialSort={byName}
      empty={<p className="p-4 text-muted">This run has no parameters.</p>}
    />
  )
}

export function RunEnvironment({ run }: { run: RunDetail }) {
  return (
    <VirtualTable
      label="Environment"
      columns={factColumns('Part')}
      rows={factsOf(run.environment)}
      rowKey={factKey}
      initialSort={byName}
      empty={<p className="p-4 text-muted">The environment of this run was not recorded.</p>}
    />
  )
}

const inputColumns: Column<RunInput>[] = [
  { id: 'role', header: 'Role', value: (input) => input.role, width: 140 },
  { id: 'name', header: 'Name', value: (input) => input.name, width: 240 },
  {
    id: 'reference',
    header: 'Reference',
    value: (input) => input.reference,
    width: 320,
    grow: true,
    cell: (input) => <RefLink reference={input.reference} />
  },
  { id: 'sha256', header: 'SHA-256', value: (input) => input.sha256, width: 140, cell: (input) => <HashChip hash={input.sha256} /> }
]

export function RunData({ run }: { run: RunDetail }) {
  return (
    <VirtualTable
      label="Data that the run read"
      columns={inputColumns}
      rows={run.inputs}
      rowKey={(input) => `${input.role} ${input.reference}`}
      empty={
        <EmptyState
          icon={FileCode2}
          title="No inputs were recorded"
          text="Runs record the tables they read by content. This one read none."
          action={<Button onClick={() => navigate('data')}>Open the data</Button>}
        />
      }
    />
  )
}

const artifactColumns: Column<RunArtifact>[] = [
  { id: 'name', header: 'Name', value: (artifact) => artifact.name, width: 260, grow: true },
  { id: 'kind', header: 'Kind', value: (artifact) => artifact.kind, width: 160 },
  {
    id: 'size',
    header: 'Size',
    numeric: true,
    value: (artifact) => artifact.size,
    width: 100,
    cell: (artifact) => <SizeText bytes={artifact.size} />
  },
  {
    id: 'sha256',
    header: 'SHA-256',
    value: (artifact) => artifact.sha256,
    width: 140,
    cell: (artifact) => <HashChip hash={artifact.sha256} />
  }
]

export function RunArtifacts({ run }: { run: RunDetail }) {
  const total = run.artifacts.reduce((sum, artifact) => sum + artifact.size, 0)
  return (
    <div className="flex h-full flex-col">
      <p className="shrink-0 px-4 py-2 text-caption text-muted">
        {formatSize(total)} in the workspace, named by content. They leave it with a bundle of the registered model.
      </p>
      <div className="min-h-0 flex-1">
        <VirtualTable
          label="Artifacts"
          columns={artifactColumns}
          rows={run.artifacts}
          rowKey={(artifact) => artifact.name}
          empty={<p className="p-4 text-muted">This run left no artifacts.</p>}
        />
      </div>
    </div>
  )
}

/** The pipeline document and code as they were when the run started. */
export function RunCode({ run }: { run: RunDetail }) {
  const code = useHostQuery('experiments.code', { id: run.id })
  if (code.error) return <ErrorState error={code.error} onRetry={() => void code.refetch()} />
  if (!code.data) return <Skeleton lines={10} />
  if (code.data.sha256 === null)
    return (
      <EmptyState
        icon={FileCode2}
        title="No code snapshot"
        text="This run was recorded without its pipeline, so it cannot be repeated from here."
        action={<Button onClick={() => navigate('pipelines')}>Open the pipelines</Button>}
      />
    )
  return (
    <div className="flex h-full flex-col gap-2 p-4">
      <p className="flex shrink-0 items-center gap-2 text-caption text-muted">
        Frozen when the run started; it cannot change any more. <HashChip hash={code.data.sha256} label="Code snapshot" />
      </p>
      <CodeEditor className="flex-1" aria-label="Frozen pipeline" language="yaml" readOnly value={code.data.text} />
    </div>
  )
}
