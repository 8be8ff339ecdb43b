import { GitFork, Minus, Plus, ScanLine, Table2, Waypoints } from 'lucide-react'
import { useMemo, useState } from 'react'
import { digestOf, runReference } from '../../../main/model/reference'
import type { Lineage, ModelVersionDetail } from '../../../main/model/registry'
import { RefLink } from '../../evidence'
import {
  Button,
  EmptyState,
  HashChip,
  IconButton,
  InspectorLayout,
  KeyValueList,
  navigateTo,
  Toolbar,
  VirtualTable,
  type Column
} from '../../ui'
import { hrefOfNode, kindWord, nodeName } from './lineage-kinds'
import { LineageGraph } from './lineage-graph'

type Node = Lineage['nodes'][number]

/** Above this a drawing says nothing any more and the table is shown first. */
const readable = 300

/** Everything upstream of the model, as a graph or as a table. */
export function LineageTab({ model }: { model: ModelVersionDetail }) {
  const { lineage } = model
  const [view, setView] = useState<'graph' | 'table'>(lineage.nodes.length > readable ? 'table' : 'graph')
  const [selected, setSelected] = useState<string | null>(null)
  const [zoom, setZoom] = useState<number | null>(null)
  const current = lineage.nodes.find((node) => node.id === selected) ?? null
  if (lineage.nodes.length === 0)
    return (
      <EmptyState
        icon={GitFork}
        title="No step of this workspace made this model"
        text="Lineage is recorded by pipelines. This model came from elsewhere; its run names what it was trained on."
        action={<RefLink reference={runReference(model.run)} />}
      />
    )
  const step = (factor: number) => setZoom(Math.min(2, Math.max(0.25, (zoom ?? 1) * factor)))
  return (
    <InspectorLayout
      name="lineage"
      title={current ? kindWord(current.kind) : 'Details'}
      inspector={current && <NodeDetails node={current} lineage={lineage} onSelect={setSelected} />}
      emptyText="Select a thing or a step to see what it was made from and to go to it."
    >
      <div className="flex h-full flex-col">
        <Toolbar aria-label="Lineage view">
          <IconButton icon={Waypoints} label="As a graph" pressed={view === 'graph'} onClick={() => setView('graph')} />
          <IconButton icon={Table2} label="As a table" pressed={view === 'table'} onClick={() => setView('table')} />
          <span className="text-muted">
            {lineage.nodes.length} things and steps, {lineage.edges.length} links
          </span>
          {view === 'graph' && (
            <span className="ml-auto flex items-center gap-1">
              <IconButton icon={Minus} label="Smaller" onClick={() => step(0.8)} />
              <IconButton icon={Plus} label="Larger" onClick={() => step(1.25)} />
              <IconButton icon={ScanLine} label="Fit to the window" onClick={() => setZoom(null)} />
            </span>
          )}
        </Toolbar>
        <div className="min-h-0 flex-1">
          {view === 'graph' ? (
            <LineageGraph lineage={lineage} modelSha256={model.modelSha256} selected={selected} onSelect={setSelected} zoom={zoom} />
          ) : (
            <LineageTable lineage={lineage} selected={selected} onSelect={setSelected} />
          )}
        </div>
      </div>
    </InspectorLayout>
  )
}

const columns: readonly Column<Node>[] = [
  { id: 'kind', header: 'Kind', value: (row) => kindWord(row.kind), width: 120 },
  { id: 'label', header: 'Name', value: nodeName, width: 220, grow: true },
  {
    id: 'detail',
    header: 'Reference or step',
    value: (row) => row.detail,
    cell: (row) => <span className="truncate font-mono text-caption">{row.detail}</span>,
    width: 340,
    grow: true
  }
]

function LineageTable({
  lineage,
  selected,
  onSelect
}: {
  lineage: Lineage
  selected: string | null
  onSelect: (id: string | null) => void
}) {
  return (
    <VirtualTable
      label="Lineage"
      columns={columns}
      rows={lineage.nodes}
      rowKey={(row) => row.id}
      activeKey={selected}
      onActiveChange={(row) => onSelect(row?.id ?? null)}
      onOpen={(row) => {
        const href = hrefOfNode(row)
        if (href) navigateTo(href)
      }}
      empty={null}
    />
  )
}

function NodeDetails({ node, lineage, onSelect }: { node: Node; lineage: Lineage; onSelect: (id: string) => void }) {
  const href = hrefOfNode(node)
  const digest = digestOf(node.id)
  const related = useMemo(() => {
    const find = (ids: readonly string[]) => lineage.nodes.filter((other) => ids.includes(other.id))
    return {
      before: find(lineage.edges.filter((edge) => edge.to === node.id).map((edge) => edge.from)),
      after: find(lineage.edges.filter((edge) => edge.from === node.id).map((edge) => edge.to))
    }
  }, [node, lineage])
  const list = (nodes: readonly Node[]) => (
    <ul className="flex flex-col items-start">
      {nodes.map((other) => (
        <li key={other.id} className="max-w-full">
          <button
            type="button"
            className="max-w-full truncate rounded-sm text-left text-accent hover:underline"
            onClick={() => onSelect(other.id)}
          >
            {nodeName(other)}
          </button>
        </li>
      ))}
    </ul>
  )
  return (
    <div className="flex flex-col gap-3">
      <p className="font-medium [overflow-wrap:anywhere]">{nodeName(node)}</p>
      <KeyValueList
        labelWidth={88}
        items={[
          digest !== undefined && { label: 'SHA-256', value: <HashChip hash={digest} /> },
          { label: node.kind === 'step' ? 'Step' : 'Reference', value: node.detail, mono: node.kind !== 'step' },
          related.before.length > 0 && { label: node.kind === 'step' ? 'Used' : 'Made by', value: list(related.before) },
          related.after.length > 0 && { label: node.kind === 'step' ? 'Made' : 'Used by', value: list(related.after) }
        ]}
      />
      {href && (
        <div>
          <Button onClick={() => navigateTo(href)}>Open the {kindWord(node.kind).toLowerCase()}</Button>
        </div>
      )}
    </div>
  )
}
