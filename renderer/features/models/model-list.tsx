import { Boxes, FlaskConical, PackageOpen } from 'lucide-react'
import { useEffect } from 'react'
import { describeGate, describeStage } from '../../../main/model/gate-standing'
import type { RegisteredModel } from '../../../main/model/registry'
import { DecisionBadges, decisionWords, GateBadge, useDecisions, type Decided } from '../../evidence'
import { useHostQuery } from '../../host'
import {
  Button,
  ErrorState,
  formatCount,
  Link,
  ListPage,
  navigate,
  Skeleton,
  TimeText,
  useListRows,
  useLocation,
  type Column
} from '../../ui'
import { openImportPage } from './actions'
import { ExportChooser, openExport } from './export-chooser'
import { keyMetricOf, MetricCell } from './metric-values'
import { StageBadge } from './model-badges'
import { modelsStore } from './models-store'

type Row = RegisteredModel & { decided: Decided | null }

/** With the inspector open they fit into the smallest screen that people work at, 1366 px wide. */
const columns: readonly Column<Row>[] = [
  { id: 'name', header: 'Model', value: (row) => row.name, width: 120, grow: true, pinned: true },
  { id: 'version', header: 'Newest', value: (row) => row.latest.version, numeric: true, width: 60 },
  {
    id: 'released',
    header: 'Released',
    hint: 'The newest version that is released and not retired.',
    value: (row) => row.released,
    cell: (row) => (row.released === null ? <span className="text-muted">none</span> : row.released),
    numeric: true,
    width: 76
  },
  {
    id: 'stage',
    header: 'Stage',
    value: (row) => describeStage(row.latest),
    cell: (row) => <StageBadge stage={row.latest.stage} withoutGate={row.latest.withoutGate} plain />,
    width: 142
  },
  {
    id: 'gate',
    header: 'Policy gate',
    value: (row) => describeGate(row.latest.gate),
    cell: (row) => <GateBadge plain gate={row.latest.gate} />,
    width: 118
  },
  {
    id: 'metric',
    header: 'Key metric',
    unit: '95% CI',
    hint: 'On the judged split, with its 95% confidence interval where one was computed.',
    value: (row) => keyMetricOf(row.latest)?.metric.value,
    cell: (row) => <MetricCell version={row.latest} />,
    width: 180
  },
  { id: 'owner', header: 'Owner', value: (row) => row.latest.purpose.owner, width: 90 },
  {
    id: 'decisions',
    header: 'Decisions',
    hint: 'About exports of the newest version, by people of this workspace; unknown signers stand apart.',
    value: (row) => (row.decided ? decisionWords(row.decided) : null),
    cell: (row) => <DecisionBadges decided={row.decided} />,
    width: 94
  }
]

const keyOf = (model: RegisteredModel) => model.name
const textsOf = ({ name, latest }: RegisteredModel) => [name, latest.stage, latest.purpose.owner, latest.algorithm]
const open = (model: RegisteredModel) => navigate('models', [model.name, String(model.latest.version)])

/** Every registered model with its newest version; the inspector lists the versions. */
export function ModelList() {
  const models = useHostQuery('models.list', {})
  const decisions = useDecisions()
  const rows = models.data?.map((model): Row => ({ ...model, decided: decisions.ofVersion(model.name, model.latest.version) }))
  const list = useListRows({ store: modelsStore, query: models, all: rows, rowKey: keyOf, textsOf })
  const current = list.selected
  const { query } = useLocation()
  const all = models.data
  const isExporting = query['export'] === '1' && all !== undefined && all.length > 0
  // With one model there is nothing to ask.
  const only = isExporting && all.length === 1 && all[0].latest.version === 1 ? all[0] : null
  useEffect(() => {
    if (only) openExport(only.name, only.latest.version)
  }, [only])
  return (
    <>
      <ListPage
        {...list}
        title="Models"
        label="Registered models"
        noun="model"
        inspectorName="models"
        actions={
          <Button icon={PackageOpen} onClick={openImportPage}>
            Import a model
          </Button>
        }
        primary={
          <Button variant="primary" disabled={!current} onClick={() => current && open(current)}>
            Open the model
          </Button>
        }
        filterPlaceholder="Filter by name, stage or owner"
        filteredBy="its name, stage, owner or algorithm"
        columns={columns}
        onOpen={open}
        inspectorTitle={current?.name ?? 'Versions'}
        inspectorEmpty="Select a model to see its versions."
        inspector={current && <Versions name={current.name} />}
        icon={Boxes}
        firstDay={{
          title: 'No model is registered yet',
          text: 'Registering gives the model of a finished run a name, a version number, a stage and a card. A pipeline can do it with a register step. A model that was made with other tools comes in as an ONNX file.',
          action: (
            <>
              <Button variant="primary" icon={FlaskConical} onClick={() => navigate('experiments')}>
                Choose a run to register
              </Button>
              <Button icon={PackageOpen} onClick={openImportPage}>
                Import a model
              </Button>
            </>
          )
        }}
      />
      {isExporting && !only && <ExportChooser models={all} onClose={() => navigate('models', [], {}, { replace: true })} />}
    </>
  )
}

function Versions({ name }: { name: string }) {
  const decisions = useDecisions()
  const versions = useHostQuery('models.versions', { name })
  if (versions.error) return <ErrorState compact error={versions.error} onRetry={() => void versions.refetch()} />
  if (!versions.data) return <Skeleton lines={4} className="p-0" />
  return (
    <ul className="flex flex-col gap-2">
      {versions.data.map((version) => (
        <li key={version.version} className="flex flex-col gap-1 rounded-md border bg-surface-1 p-2">
          <span className="flex flex-wrap items-center gap-2">
            <Link area="models" path={[name, String(version.version)]}>
              Version {version.version}
            </Link>
            <StageBadge stage={version.stage} withoutGate={version.withoutGate} />
            <GateBadge gate={version.gate} />
            {decisions.ofVersion(name, version.version) && <DecisionBadges decided={decisions.ofVersion(name, version.version)} />}
          </span>
          <MetricCell version={version} />
          <span className="text-caption text-muted">
            {version.algorithm}, run {version.runName}, <TimeText value={version.createdAt} relative />
            {version.bundles > 0 && `, ${formatCount(version.bundles, 'signed bundle')}`}
          </span>
        </li>
      ))}
    </ul>
  )
}
