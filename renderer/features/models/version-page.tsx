import { ArrowLeft, PackageCheck } from 'lucide-react'
import { useEffect, useState } from 'react'
import { stageMoves, type ModelStage, type ModelVersionDetail } from '../../../main/model/registry'
import { GateBadge, GlassBoxTab, glassBoxTitle, hasSettled, SettledTab, settledTitle, TrustBadge, WhyTab } from '../../evidence'
import { useHostQuery } from '../../host'
import {
  Badge,
  Button,
  ErrorState,
  IconButton,
  Menu,
  navigate,
  Page,
  PageHeader,
  PendingPage,
  Select,
  Tabs,
  useActions,
  useLocation,
  type TabItem
} from '../../ui'
import { CardTab } from './card-tab'
import { ExportDialog } from './export-dialog'
import { GateTab } from './gate-tab'
import { HistoryTab } from './history-tab'
import { LineageTab } from './lineage-tab'
import { ScoreTab } from './score-tab'
import { StageBadge, stageIcon, stageWord } from './model-badges'
import { StageDialog } from './stage-dialog'
import { SummaryTab } from './summary-tab'
import { TestsTab } from './tests-tab'

const tabNames = ['summary', 'settled', 'model', 'why', 'score', 'tests', 'gate', 'lineage', 'card', 'history'] as const
type TabName = (typeof tabNames)[number]

/** One version of a model; without a number the newest. */
export function VersionPage({ name, version }: { name: string; version: number | null }) {
  const versions = useHostQuery('models.versions', { name })
  const chosen = version ?? versions.data?.[0]?.version
  const detail = useHostQuery('models.get', { name, version: chosen ?? 1 }, { enabled: chosen !== undefined && Number.isInteger(chosen) })
  if (versions.data?.length === 0 || (version !== null && !Number.isInteger(version)))
    return (
      <Page header={<PageHeader back={<Back />} title={name} />}>
        <ErrorState
          title={`The model ${name} is not registered here`}
          error="There is no such model or version in this workspace. See the list of models for what is registered."
          action={<Button onClick={() => navigate('models')}>Show the models</Button>}
        />
      </Page>
    )
  if (detail.error || !detail.data) {
    const query = {
      error: detail.error ?? (chosen === undefined ? versions.error : null),
      refetch: () => Promise.all([versions.refetch(), detail.refetch()])
    }
    return <PendingPage header={<PageHeader back={<Back />} title={name} />} query={query} />
  }
  const numbers = versions.data?.map((each) => each.version) ?? [detail.data.version]
  return <Version model={detail.data} versions={numbers} />
}

const Back = () => <IconButton icon={ArrowLeft} label="Back to the models" onClick={() => navigate('models')} />

function Version({ model, versions }: { model: ModelVersionDetail; versions: readonly number[] }) {
  const { query } = useLocation()
  const [exporting, setExporting] = useState(false)
  const [moveTo, setMoveTo] = useState<ModelStage | null>(null)
  const glassBox = glassBoxTitle(model.algorithm)
  const artifacts = useHostQuery('experiments.run', { id: model.run }).data?.artifacts ?? []
  const isSettled = hasSettled(artifacts)
  const shownTabs = tabNames.filter((each) => (each !== 'model' || glassBox !== null) && (each !== 'settled' || isSettled))
  const tab = shownTabs.find((each) => each === query['tab']) ?? 'summary'
  const show = (next: TabName) => navigate('models', [model.name, String(model.version)], { tab: next }, { replace: true })
  const moves = stageMoves[model.stage]
  const isAskedToExport = query['export'] === '1'
  useEffect(() => {
    if (!isAskedToExport) return
    setExporting(true)
    navigate('models', [model.name, String(model.version)], {}, { replace: true })
  }, [isAskedToExport, model.name, model.version])
  useActions([
    {
      id: 'models.export',
      title: `Export ${model.name}@${model.version} as a signed bundle`,
      group: 'Models',
      icon: PackageCheck,
      keywords: ['sign', 'drydock', 'release'],
      keys: 'Mod+E',
      run: () => setExporting(true)
    },
    ...moves.map((stage) => ({
      id: `models.stage.${stage}`,
      title: `Move ${model.name}@${model.version} to ${stageWord(stage).toLowerCase()}`,
      group: 'Models',
      icon: stageIcon(stage),
      keywords: ['stage'],
      run: () => setMoveTo(stage)
    })),
    ...shownTabs.map((each) => ({
      id: `models.tab.${each}`,
      title: each === 'settled' ? `Show "${settledTitle}" of this model` : `Show the ${each} of this model`,
      group: 'Models',
      run: () => show(each)
    }))
  ])
  const items = partsOf(model, isSettled, glassBox)
  return (
    <Page
      header={
        <PageHeader
          back={<Back />}
          title={model.name}
          status={<VersionState model={model} versions={versions} tab={tab} />}
          actions={
            moves.length > 0 && (
              <Menu
                align="end"
                trigger={<Button>Move to stage</Button>}
                entries={moves.map((stage) => ({
                  id: stage,
                  label: stageWord(stage),
                  icon: stageIcon(stage),
                  onSelect: () => setMoveTo(stage)
                }))}
              />
            )
          }
          primary={
            <Button variant="primary" icon={PackageCheck} onClick={() => setExporting(true)}>
              Export signed bundle
            </Button>
          }
        />
      }
    >
      <Tabs aria-label="Parts of this version" items={items} value={tab} onChange={show} className="min-h-0 flex-1" />
      <ExportDialog
        open={exporting}
        onOpenChange={setExporting}
        name={model.name}
        version={model.version}
        key={`${model.name}@${model.version}`}
      />
      {moveTo && <StageDialog model={model} to={moveTo} onClose={() => setMoveTo(null)} onShowGate={() => show('gate')} />}
    </Page>
  )
}

/** The tabs of a version: what was settled and the model itself only where there is something to show. */
function partsOf(model: ModelVersionDetail, isSettled: boolean, glassBox: string | null): TabItem<TabName>[] {
  return [
    { value: 'summary', label: 'Summary', content: <SummaryTab model={model} key={model.version} /> },
    ...(isSettled ? [{ value: 'settled' as const, label: settledTitle, content: <SettledTab run={model.run} key={model.version} /> }] : []),
    ...(glassBox === null
      ? []
      : [{ value: 'model' as const, label: glassBox, content: <GlassBoxTab run={model.run} key={model.version} /> }]),
    {
      value: 'why',
      label: 'Why',
      content: <WhyTab run={model.run} model={{ name: model.name, version: model.version }} hasModel key={model.version} />
    },
    { value: 'score', label: 'Score a file', content: <ScoreTab model={model} key={model.version} /> },
    { value: 'tests', label: 'Tests', content: <TestsTab model={model} key={model.version} /> },
    { value: 'gate', label: 'Gate', content: <GateTab model={model} /> },
    { value: 'lineage', label: 'Lineage', content: <LineageTab model={model} key={model.version} /> },
    { value: 'card', label: 'Card', content: <CardTab model={model} /> },
    { value: 'history', label: 'History', mark: model.history.length, content: <HistoryTab model={model} /> }
  ]
}

function VersionState({ model, versions, tab }: { model: ModelVersionDetail; versions: readonly number[]; tab: TabName }) {
  return (
    <>
      {versions.length > 1 ? (
        <Select
          aria-label="Version"
          className="w-28"
          value={String(model.version)}
          onChange={(next) => navigate('models', [model.name, next], { tab })}
          choices={versions.map((each) => ({ value: String(each), label: `Version ${each}` }))}
        />
      ) : (
        <span>Version {model.version}</span>
      )}
      <StageBadge stage={model.stage} withoutGate={model.withoutGate} />
      <GateBadge gate={model.gate} />
      {model.bundles === 0 ? (
        <TrustBadge state="unsigned" reason="No signed bundle of this version was exported from here. Signing happens at export." />
      ) : (
        <Badge status="info" icon={PackageCheck} tooltip="A bundle carries its own signature; verify it under Bundles.">
          {model.bundles === 1 ? '1 signed bundle' : `${model.bundles} signed bundles`}
        </Badge>
      )}
    </>
  )
}
