import { ArrowLeft, Table, Workflow } from 'lucide-react'
import { useMemo, useState } from 'react'
import { modelReference } from '../../../main/model/reference'
import { RefLink } from '../../evidence'
import { useHostQuery, usePagedRows, type HostOutput } from '../../host'
import {
  Button,
  CodeEditor,
  dataColumns,
  EmptyState,
  formatCount,
  HashChip,
  IconButton,
  KeyValueList,
  navigate,
  Page,
  PageHeader,
  PendingPage,
  Tabs,
  TimeText,
  useLocation,
  VirtualTable,
  type DataRow
} from '../../ui'
import { FeatureStatisticsView } from './feature-statistics'

type Detail = HostOutput<'features.get'>
const tabNames = ['features', 'rows', 'origin'] as const

/** One feature set: statistics of each feature, its rows, and where it comes from. */
export function FeatureSetPage({ sha256 }: { sha256: string }) {
  const detail = useHostQuery('features.get', { sha256 })
  const { query } = useLocation()
  const back = <IconButton icon={ArrowLeft} label="Back to all feature sets" onClick={() => navigate('features')} />
  if (detail.error || !detail.data)
    return (
      <PendingPage
        header={<PageHeader back={back} title="Feature set" />}
        query={detail}
        action={<Button onClick={() => navigate('features')}>Show all feature sets</Button>}
      />
    )
  const set = detail.data
  const tab = tabNames.find((known) => known === query['tab']) ?? 'features'
  return (
    <Page
      header={
        <PageHeader
          back={back}
          title={set.name}
          status={
            <>
              <HashChip hash={set.sha256} label="Feature set" />
              <span className="whitespace-nowrap">
                {formatCount(set.rows, 'row')}, {formatCount(set.statistics.length, 'column')}
              </span>
              <TimeText value={set.createdAt} relative />
            </>
          }
          primary={
            <Button icon={Workflow} variant="primary" onClick={() => navigate('pipelines', [set.pipeline])}>
              Open the pipeline
            </Button>
          }
        />
      }
    >
      <Tabs
        aria-label={`Parts of ${set.name}`}
        className="h-full"
        value={tab}
        onChange={(next) => navigate('features', [sha256], { tab: next === 'features' ? null : next }, { replace: true })}
        items={[
          {
            value: 'features',
            label: 'Features',
            mark: set.statistics.length,
            content: <FeatureStatisticsView statistics={set.statistics} rows={set.rows} />
          },
          { value: 'rows', label: 'Rows', mark: set.rows.toLocaleString('en-US'), content: <RowsView set={set} /> },
          { value: 'origin', label: 'Origin', content: <OriginView set={set} /> }
        ]}
      />
    </Page>
  )
}

function OriginView({ set }: { set: Detail }) {
  const models = [...new Set(set.statistics.flatMap((feature) => feature.usedBy))].sort()
  const [showing, setShowing] = useState(50)
  return (
    <div className="flex max-w-280 flex-col gap-4 p-4">
      <KeyValueList
        items={[
          { label: 'Pipeline', value: <RefLink reference={`pipeline:${set.pipeline}`} /> },
          { label: 'Step', value: set.step, mono: true },
          { label: 'Pipeline run', value: set.pipelineRun, mono: true },
          { label: 'Created', value: <TimeText value={set.createdAt} /> },
          { label: 'SHA-256', value: set.sha256, mono: true },
          {
            label: 'Sources',
            value:
              set.sources.length === 0 ? (
                'None recorded'
              ) : (
                <span className="flex flex-wrap gap-1">
                  {set.sources.map((reference) => (
                    <RefLink key={reference} reference={reference} />
                  ))}
                </span>
              )
          },
          {
            label: 'Used by models',
            value:
              models.length === 0 ? (
                'No registered model reads these features.'
              ) : (
                <span className="flex flex-wrap gap-1">
                  {models.slice(0, showing).map((model) => (
                    <RefLink key={model} reference={modelReference(model)} />
                  ))}
                  {models.length > showing && (
                    <Button size="sm" onClick={() => setShowing(showing + 50)}>
                      Show more of {models.length}
                    </Button>
                  )}
                </span>
              )
          }
        ]}
      />
      <section>
        <h2 className="mb-2 font-semibold">SQL that made it</h2>
        {set.sql === null ? (
          <p className="text-muted">This step has no SQL: a script or a split made the table. The pipeline shows its settings.</p>
        ) : (
          <CodeEditor
            aria-label="SQL that made the features"
            language="sql"
            value={set.sql}
            readOnly
            height={Math.min(420, set.sql.split('\n').length * 18 + 24)}
          />
        )}
      </section>
    </div>
  )
}

const keyOfRow = (row: DataRow) => String(row.number)

function RowsView({ set }: { set: Detail }) {
  const page = usePagedRows('features.rows', {
    resetKey: set.sha256,
    input: (offset, limit) => ({ sha256: set.sha256, offset, limit }),
    rows: (output) => output.rows.map((cells, index): DataRow => ({ number: output.offset + index + 1, cells })),
    total: (output) => output.total
  })
  const columns = useMemo(() => dataColumns(set.statistics, { sortable: false, numbered: 'Row' }), [set.statistics])
  return (
    <VirtualTable
      label={`Rows of ${set.name}`}
      name={`features.${set.pipeline}.${set.step}`}
      columns={columns}
      rows={page.rows}
      rowKey={keyOfRow}
      rowHeight={28}
      onVisibleRange={page.onVisibleRange}
      loading={page.loading}
      error={page.error}
      onRetry={page.retry}
      empty={<EmptyState icon={Table} title="No rows" text="The step made a table with columns and no rows." />}
    />
  )
}
