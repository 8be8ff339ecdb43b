import { Play, ShieldCheck } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { DatasetDetail } from '../../../main/model/dataset'
import { useHostQuery } from '../../host'
import { Button, navigate, Page, PageHeader, PendingPage, Tabs, useActions, useLocation, type TabItem } from '../../ui'
import { AboutTab } from './about-tab'
import { ColumnsTab } from './columns-tab'
import { dataStore, useDataState } from './data-store'
import { BackToDatasets, DatasetHeader } from './dataset-header'
import { misfitCount } from './misfit-words'
import { MisfitsTab } from './misfits-tab'
import { QualityTab } from './quality-tab'
import { RowsTab } from './rows-tab'
import { TrainDialog } from './train-dialog'
import { VersionsTab } from './versions-tab'

type TabName = 'rows' | 'columns' | 'quality' | 'versions' | 'misfits' | 'about'
const tabNames: readonly TabName[] = ['rows', 'columns', 'quality', 'versions', 'misfits', 'about']

/** One dataset, by default its newest version; the address names version and tab. */
export function DatasetPage({ name, version }: { name: string; version: string | null }) {
  const digest = version?.replace(/^sha256:/, '') ?? null
  const ref = digest ? `${name}@${digest}` : name
  const detail = useHostQuery('datasets.get', { ref })
  if (detail.error || !detail.data)
    return (
      <PendingPage
        header={<PageHeader back={<BackToDatasets />} title={name} />}
        query={detail}
        action={<Button onClick={() => navigate('data')}>Show all datasets</Button>}
      />
    )
  return <LoadedDataset detail={detail.data} pinned={digest !== null} />
}

function LoadedDataset({ detail, pinned }: { detail: DatasetDetail; pinned: boolean }) {
  const { query } = useLocation()
  const unsaved = useDataState((state) => state.aboutDrafts[detail.id] !== undefined)
  const { version } = detail
  const isLatest = version.sha256 === detail.latest.sha256
  const path = pinned && !isLatest ? [detail.name, version.sha256] : [detail.name]
  const misfits = misfitCount(version)
  const tab = tabNames.find((known) => known === query['tab'] && (known !== 'misfits' || misfits > 0)) ?? 'rows'
  const show = (next: TabName) => navigate('data', path, { tab: next === 'rows' ? null : next }, { replace: true })
  const [isTraining, setIsTraining] = useState(false)
  // The way from another page leads straight into the dialog; the address keeps no sign of it, so that going back does not open it again.
  const isAsked = query['train'] === 'baseline'
  if (isAsked && isLatest && !isTraining) setIsTraining(true)
  useEffect(() => {
    if (isAsked) show(tab)
  })
  const reports = useHostQuery('quality.list', { dataset: detail.name })
  const isChecked = reports.data?.some((report) => report.sha256 === version.sha256) ?? false
  useEffect(() => dataStore.setState({ selected: detail.id }), [detail.id])
  useActions([
    { id: 'data.check', title: `Check the quality of ${detail.name}`, group: 'Data', icon: ShieldCheck, run: () => show('quality') },
    {
      id: 'data.train',
      title: `Train a baseline on ${detail.name}`,
      group: 'Data',
      icon: Play,
      keywords: ['model', 'first', 'predict', 'baseline'],
      isAvailable: () => isLatest,
      run: () => setIsTraining(true)
    }
  ])
  const items: TabItem<TabName>[] = [
    { value: 'rows', label: 'Rows', mark: version.rows.toLocaleString('en-US'), content: <RowsTab detail={detail} /> },
    { value: 'columns', label: 'Columns', mark: version.columns.length, content: <ColumnsTab detail={detail} /> },
    { value: 'quality', label: 'Quality', content: <QualityTab detail={detail} /> },
    { value: 'versions', label: 'Versions', mark: detail.versions.length, content: <VersionsTab detail={detail} /> },
    ...(misfits > 0
      ? [
          {
            value: 'misfits' as const,
            label: 'Misfits',
            mark: misfits.toLocaleString('en-US'),
            content: <MisfitsTab detail={detail} key={version.sha256} />
          }
        ]
      : []),
    { value: 'about', label: 'About', mark: unsaved ? 'not saved' : undefined, content: <AboutTab detail={detail} key={detail.id} /> }
  ]
  return (
    <Page
      header={
        <DatasetHeader
          detail={detail}
          tab={query['tab']}
          primary={
            <>
              {isLatest && (
                <Button variant={isChecked ? 'primary' : 'secondary'} icon={Play} onClick={() => setIsTraining(true)}>
                  Train a baseline
                </Button>
              )}
              {!isChecked && tab !== 'quality' && (
                <Button variant="primary" icon={ShieldCheck} onClick={() => show('quality')}>
                  Check quality
                </Button>
              )}
            </>
          }
        />
      }
    >
      <Tabs aria-label={`Parts of ${detail.name}`} className="h-full" items={items} value={tab} onChange={show} />
      {isTraining && <TrainDialog detail={detail} onClose={() => setIsTraining(false)} />}
    </Page>
  )
}
