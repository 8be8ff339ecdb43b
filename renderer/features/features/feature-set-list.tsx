import { Gauge, Workflow } from 'lucide-react'
import { RefLink } from '../../evidence'
import { useHostQuery, type HostOutput } from '../../host'
import { Badge, Button, formatCount, HashChip, KeyValueList, Link, ListPage, navigate, TimeText, useListRows, type Column } from '../../ui'
import { featureStore } from './feature-store'

type FeatureSet = HostOutput<'features.list'>[number]

/** The same bytes may come from several steps; each place counts. */
const keyOf = (set: FeatureSet) => `${set.pipelineRun}/${set.step}/${set.sha256}`
const textsOf = (set: FeatureSet) => [set.name, set.pipeline, set.step, set.sha256, ...set.sources]
const open = (set: FeatureSet) => navigate('features', [set.sha256])

const columns: Column<FeatureSet>[] = [
  {
    id: 'step',
    header: 'Step',
    value: (set) => set.step,
    cell: (set) => <span className="truncate font-medium">{set.step}</span>,
    width: 104,
    pinned: true
  },
  { id: 'pipeline', header: 'Pipeline', value: (set) => set.pipeline, width: 146, grow: true },
  { id: 'rows', header: 'Rows', value: (set) => set.rows, numeric: true, width: 76 },
  {
    id: 'columns',
    header: 'Columns',
    value: (set) => set.columns,
    cell: (set) => set.columns ?? <Badge status="error">unreadable</Badge>,
    numeric: true,
    width: 96
  },
  { id: 'hash', header: 'SHA-256', cell: (set) => <HashChip hash={set.sha256} label="Feature set" />, width: 108 },
  {
    id: 'sources',
    header: 'Sources',
    cell: (set) => <Sources references={set.sources.slice(0, 2)} more={set.sources.length - 2} />,
    width: 256,
    grow: true
  },
  {
    id: 'created',
    header: 'Created',
    value: (set) => set.createdAt,
    cell: (set) => <TimeText value={set.createdAt} relative />,
    width: 96
  }
]

const shapeOf = ({ rows, columns: count }: FeatureSet): string =>
  count === null ? `${formatCount(rows, 'row')}; its file cannot be read` : `${formatCount(rows, 'row')}, ${formatCount(count, 'column')}`

function Sources({ references, more }: { references: readonly string[]; more: number }) {
  if (references.length === 0) return <span className="text-muted">None recorded</span>
  return (
    <span className="flex min-w-0 items-center gap-1">
      {references.map((reference) => (
        <RefLink key={reference} reference={reference} />
      ))}
      {more > 0 && <span className="text-caption text-muted">and {more} more</span>}
    </span>
  )
}

/** Every table that a pipeline step made and that models learn from. */
export function FeatureSetList() {
  const sets = useHostQuery('features.list', {})
  const list = useListRows({ store: featureStore, query: sets, all: sets.data, rowKey: keyOf, textsOf })
  const { selected } = list
  return (
    <ListPage
      {...list}
      title="Features"
      label="Feature sets"
      noun="feature set"
      inspectorName="features"
      filterPlaceholder="Filter by pipeline, step, source"
      filteredBy="its pipeline, step or sources"
      columns={columns}
      initialSort={{ column: 'created', direction: 'descending' }}
      onOpen={open}
      inspectorTitle={selected?.name ?? 'Feature set'}
      inspectorEmpty="Select a feature set to see where it comes from."
      inspector={selected && <FeatureSetInspector set={selected} />}
      icon={Gauge}
      firstDay={{
        title: 'No features yet',
        text: 'A feature set is the table that a pipeline step with SQL makes out of datasets. Add a source step and an SQL step to a pipeline and run it: its result appears here with statistics, the SQL that made it and the models that use it.',
        action: (
          <Button variant="primary" icon={Workflow} onClick={() => navigate('pipelines')}>
            Go to pipelines
          </Button>
        )
      }}
    />
  )
}

function FeatureSetInspector({ set }: { set: FeatureSet }) {
  return (
    <div className="flex flex-col gap-3">
      <div className="flex gap-2">
        <Button variant="primary" onClick={() => open(set)}>
          Open
        </Button>
        <Button icon={Workflow} onClick={() => navigate('pipelines', [set.pipeline])}>
          Open the pipeline
        </Button>
      </div>
      <KeyValueList
        labelWidth={92}
        items={[
          {
            label: 'Pipeline',
            value: (
              <Link area="pipelines" path={[set.pipeline]}>
                {set.pipeline}
              </Link>
            )
          },
          { label: 'Step', value: set.step, mono: true },
          { label: 'Shape', value: shapeOf(set) },
          { label: 'SHA-256', value: set.sha256, mono: true },
          { label: 'Created', value: <TimeText value={set.createdAt} /> }
        ]}
      />
      <div>
        <h3 className="mb-1 text-caption text-muted">Made from</h3>
        {set.sources.length === 0 ? (
          'No source recorded'
        ) : (
          <span className="flex flex-col gap-1">
            {set.sources.map((reference) => (
              <RefLink key={reference} reference={reference} />
            ))}
          </span>
        )}
      </div>
    </div>
  )
}
