import { ArrowLeft, Copy, EllipsisVertical, ShieldCheck, TableProperties, Trash2 } from 'lucide-react'
import { useEffect } from 'react'
import type { DatasetDetail } from '../../../main/model/dataset'
import { useHostQuery } from '../../host'
import {
  Badge,
  Button,
  copyText,
  ErrorState,
  formatCount,
  HashChip,
  IconButton,
  Menu,
  navigate,
  Page,
  PageHeader,
  Select,
  shortHash,
  showToast,
  Skeleton,
  Tabs,
  useActions,
  useLocation,
  type TabItem
} from '../../ui'
import { AboutTab } from './about-tab'
import { BadRowsTab } from './bad-rows-tab'
import { labelOf, sensitivityChoices } from './column-choices'
import { ColumnsTab } from './columns-tab'
import { dataStore, useDataState } from './data-store'
import { QualityTab } from './quality-tab'
import { RowsTab } from './rows-tab'
import { selectFrom } from './sql-names'
import { useTrashDataset } from './trash-dataset'
import { VersionsTab } from './versions-tab'

type TabName = 'rows' | 'columns' | 'quality' | 'versions' | 'bad-rows' | 'about'
const tabNames: readonly TabName[] = ['rows', 'columns', 'quality', 'versions', 'bad-rows', 'about']

/** One dataset, by default its newest version; the address names version and tab. */
export function DatasetPage({ name, version }: { name: string; version: string | null }) {
  const digest = version?.replace(/^sha256:/, '') ?? null
  const ref = digest ? `${name}@${digest}` : name
  const detail = useHostQuery('datasets.get', { ref })
  const back = <IconButton icon={ArrowLeft} label="Back to all datasets" onClick={() => navigate('data')} />
  if (detail.error)
    return (
      <Page header={<PageHeader back={back} title={name} />}>
        <ErrorState
          error={detail.error}
          onRetry={() => void detail.refetch()}
          action={<Button onClick={() => navigate('data')}>Show all datasets</Button>}
        />
      </Page>
    )
  if (!detail.data)
    return (
      <Page header={<PageHeader back={back} title={name} />}>
        <Skeleton lines={8} />
      </Page>
    )
  return <LoadedDataset detail={detail.data} pinned={digest !== null} />
}

function LoadedDataset({ detail, pinned }: { detail: DatasetDetail; pinned: boolean }) {
  const { query } = useLocation()
  const trash = useTrashDataset()
  const unsaved = useDataState((state) => state.aboutDrafts[detail.id] !== undefined)
  const { version } = detail
  const isLatest = version.sha256 === detail.latest.sha256
  const path = pinned && !isLatest ? [detail.name, version.sha256] : [detail.name]
  const tab = tabNames.find((known) => known === query['tab'] && (known !== 'bad-rows' || version.badRows > 0)) ?? 'rows'
  const show = (next: TabName) => navigate('data', path, { tab: next === 'rows' ? null : next }, { replace: true })
  useEffect(() => dataStore.setState({ selected: detail.id }), [detail.id])
  const openSql = () => {
    dataStore.setState({ sql: selectFrom(isLatest ? detail.name : `${detail.name}@${shortHash(version.sha256)}`) })
    navigate('data', [], { view: 'sql' })
  }
  const moveToTrash = () => {
    void trash(detail).then((moved) => {
      if (moved) navigate('data')
    })
  }
  const copyReference = () => {
    void copyText(version.ref).then((done) => {
      if (done) showToast({ status: 'ok', title: 'The reference is on the clipboard.', text: version.ref })
    })
  }
  useActions([
    { id: 'data.check', title: `Check the quality of ${detail.name}`, group: 'Data', icon: ShieldCheck, run: () => show('quality') },
    { id: 'data.sql-here', title: `Query ${detail.name} with SQL`, group: 'Data', icon: TableProperties, run: openSql },
    { id: 'data.copy-reference', title: 'Copy the reference of this version', group: 'Data', icon: Copy, run: copyReference },
    { id: 'data.trash-selected', title: `Move ${detail.name} to the trash`, group: 'Data', icon: Trash2, run: moveToTrash }
  ])
  const items: TabItem<TabName>[] = [
    { value: 'rows', label: 'Rows', mark: version.rows.toLocaleString('en-US'), content: <RowsTab detail={detail} /> },
    { value: 'columns', label: 'Columns', mark: version.columns.length, content: <ColumnsTab detail={detail} /> },
    { value: 'quality', label: 'Quality', content: <QualityTab detail={detail} /> },
    { value: 'versions', label: 'Versions', mark: detail.versions.length, content: <VersionsTab detail={detail} /> },
    ...(version.badRows > 0
      ? [
          {
            value: 'bad-rows' as const,
            label: 'Bad rows',
            mark: version.badRows.toLocaleString('en-US'),
            content: <BadRowsTab reference={version.ref} source={version.source} />
          }
        ]
      : []),
    { value: 'about', label: 'About', mark: unsaved ? 'not saved' : undefined, content: <AboutTab detail={detail} key={detail.id} /> }
  ]
  return (
    <Page
      header={
        <PageHeader
          back={<IconButton icon={ArrowLeft} label="Back to all datasets" onClick={() => navigate('data')} />}
          title={detail.name}
          status={
            <>
              {detail.versions.length > 1 ? (
                <Select
                  aria-label="Version shown"
                  className="w-40!"
                  value={version.sha256}
                  choices={detail.versions.map((each) => ({
                    value: each.sha256,
                    label: `Version ${each.number}`,
                    hint: `${shortHash(each.sha256)}, ${formatCount(each.rows, 'row')}`
                  }))}
                  onChange={(sha256) =>
                    navigate('data', sha256 === detail.latest.sha256 ? [detail.name] : [detail.name, sha256], { tab: query['tab'] })
                  }
                />
              ) : (
                <span className="whitespace-nowrap">Version {version.number}</span>
              )}
              <HashChip hash={version.sha256} label="Version" />
              {!isLatest && (
                <Badge status="warn" tooltip={`Version ${detail.latest.number} is newer.`}>
                  Not the latest
                </Badge>
              )}
              <Badge status="neutral">{labelOf(sensitivityChoices, detail.sensitivity)}</Badge>
            </>
          }
          actions={
            <>
              <Menu
                align="end"
                trigger={<IconButton icon={EllipsisVertical} label="More for this dataset" />}
                entries={[
                  { id: 'copy', label: 'Copy the reference', icon: Copy, onSelect: copyReference },
                  'separator',
                  { id: 'trash', label: 'Move to trash', icon: Trash2, onSelect: moveToTrash }
                ]}
              />
              <Button icon={TableProperties} onClick={openSql}>
                Query with SQL
              </Button>
            </>
          }
          primary={
            tab === 'quality' ? undefined : (
              <Button variant="primary" icon={ShieldCheck} onClick={() => show('quality')}>
                Check quality
              </Button>
            )
          }
        />
      }
    >
      <Tabs aria-label={`Parts of ${detail.name}`} className="h-full" items={items} value={tab} onChange={show} />
    </Page>
  )
}
