import { Database, FileDown, ShieldCheck, TableProperties, Trash2 } from 'lucide-react'
import { useMemo } from 'react'
import type { DatasetSummary } from '../../../main/model/dataset'
import type { QualityReportSummary } from '../../../main/model/quality'
import { RefChip, QualityBadges } from '../../evidence'
import { useHostQuery } from '../../host'
import {
  Button,
  formatCount,
  formatSize,
  HashChip,
  KeyValueList,
  ListPage,
  navigate,
  SizeText,
  TimeText,
  useActions,
  useListRows,
  type Column
} from '../../ui'
import { askForFile } from './actions'
import { labelOf, sensitivityChoices } from './column-choices'
import { dataStore } from './data-store'
import { misfitCount } from './misfit-words'
import { useTrashDataset } from './trash-dataset'

interface DatasetRow {
  dataset: DatasetSummary
  report: QualityReportSummary | null
}

const columns: Column<DatasetRow>[] = [
  {
    id: 'name',
    header: 'Name',
    value: ({ dataset }) => dataset.name,
    cell: ({ dataset }) => <span className="truncate font-medium">{dataset.name}</span>,
    width: 200,
    grow: true,
    pinned: true
  },
  { id: 'rows', header: 'Rows', value: ({ dataset }) => dataset.latest.rows, numeric: true, width: 92 },
  { id: 'columns', header: 'Columns', value: ({ dataset }) => dataset.latest.columnCount, numeric: true, width: 92 },
  {
    id: 'size',
    header: 'Size',
    value: ({ dataset }) => dataset.latest.bytes,
    cell: ({ dataset }) => <SizeText bytes={dataset.latest.bytes} />,
    numeric: true,
    width: 92
  },
  {
    id: 'version',
    header: 'Version',
    value: ({ dataset }) => dataset.latest.number,
    cell: ({ dataset }) => (
      <span className="flex items-center gap-2">
        <span className="w-4 text-right">{dataset.latest.number}</span>
        <HashChip hash={dataset.latest.sha256} label="Version" />
      </span>
    ),
    width: 132
  },
  {
    id: 'quality',
    header: 'Quality',
    hint: 'Errors, warnings and notes of the newest quality report',
    value: ({ report }) => (report ? report.counts.error * 1e6 + report.counts.warning * 1e3 + report.counts.info : null),
    cell: ({ dataset, report }) =>
      report ? (
        <QualityBadges counts={report.counts} outdated={report.sha256 !== dataset.latest.sha256} />
      ) : (
        <span className="text-muted">Not checked</span>
      ),
    width: 152
  },
  {
    id: 'updated',
    header: 'Updated',
    value: ({ dataset }) => dataset.updatedAt,
    cell: ({ dataset }) => <TimeText value={dataset.updatedAt} relative />,
    width: 104
  }
]

const keyOf = (row: DatasetRow) => row.dataset.id
const textsOf = ({ dataset }: DatasetRow) => [dataset.name, dataset.owner ?? '', dataset.description, ...dataset.tags]
const open = (row: DatasetRow) => navigate('data', [row.dataset.name])

/** Every dataset of the workspace, with the newest version and what its quality report counts. */
export function DatasetList() {
  const datasets = useHostQuery('datasets.list', { trashed: false })
  const reports = useHostQuery('quality.list', {})
  const trash = useTrashDataset()
  const all = useMemo(() => {
    const newest = new Map<string, QualityReportSummary>()
    for (const report of reports.data ?? []) if (!newest.has(report.dataset)) newest.set(report.dataset, report)
    return datasets.data?.map((dataset): DatasetRow => ({ dataset, report: newest.get(dataset.name) ?? null }))
  }, [datasets.data, reports.data])
  const list = useListRows({ store: dataStore, query: datasets, all, rowKey: keyOf, textsOf })
  const { selected } = list
  useActions([
    {
      id: 'data.trash-selected',
      title: 'Move the selected dataset to the trash',
      group: 'Data',
      icon: Trash2,
      isAvailable: () => selected !== null,
      run: () => selected && void trash(selected.dataset)
    }
  ])
  const importButton = (
    <Button variant="primary" icon={FileDown} onClick={askForFile}>
      Import a file
    </Button>
  )
  return (
    <ListPage
      {...list}
      title="Datasets"
      label="Datasets"
      noun="dataset"
      inspectorName="datasets"
      actions={
        <>
          <Button icon={Trash2} variant="ghost" onClick={() => navigate('data', [], { view: 'trash' })}>
            Trash
          </Button>
          <Button icon={TableProperties} onClick={() => navigate('data', [], { view: 'sql' })}>
            SQL
          </Button>
        </>
      }
      primary={importButton}
      filterPlaceholder="Filter by name, owner, tag"
      filteredBy="its name, owner, tags or description"
      columns={columns}
      initialSort={{ column: 'updated', direction: 'descending' }}
      onOpen={open}
      onDelete={({ dataset }) => void trash(dataset)}
      inspectorTitle={selected?.dataset.name ?? 'Dataset'}
      inspectorEmpty="Select a dataset to see what it holds."
      inspector={selected && <DatasetInspector row={selected} onTrash={() => void trash(selected.dataset)} />}
      icon={Database}
      firstDay={{
        title: 'No data yet',
        text: 'A dataset is a table that Drydock keeps in unchangeable versions, each named by its SHA-256. Import a CSV, TSV, Parquet, JSON or Arrow file, or drop it here.',
        action: importButton
      }}
    />
  )
}

function DatasetInspector({ row, onTrash }: { row: DatasetRow; onTrash: () => void }) {
  const { dataset, report } = row
  const { latest } = dataset
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap gap-2">
        <Button variant="primary" onClick={() => open(row)}>
          Open
        </Button>
        <Button icon={ShieldCheck} onClick={() => navigate('data', [dataset.name], { tab: 'quality' })}>
          Quality
        </Button>
        <Button icon={Trash2} variant="ghost" onClick={onTrash}>
          Move to trash
        </Button>
      </div>
      {dataset.description && <p className="line-clamp-6 [overflow-wrap:anywhere] whitespace-pre-line text-muted">{dataset.description}</p>}
      <RefChip reference={latest.ref} />
      <KeyValueList
        labelWidth={92}
        items={[
          {
            label: 'Quality',
            value: report ? <QualityBadges counts={report.counts} outdated={report.sha256 !== latest.sha256} /> : 'Not checked'
          },
          { label: 'Shape', value: `${formatCount(latest.rows, 'row')}, ${formatCount(latest.columnCount, 'column')}` },
          { label: 'Misfits', value: misfitCount(latest) === 0 ? 'None' : misfitCount(latest).toLocaleString('en-US') },
          { label: 'Versions', value: String(dataset.versionCount) },
          { label: 'Source', value: latest.source ? `${latest.source.name}, ${formatSize(latest.source.size)}` : 'Made by a pipeline' },
          { label: 'Owner', value: dataset.owner ?? 'Not set' },
          { label: 'Licence', value: dataset.licence ?? 'Not set' },
          { label: 'Sensitivity', value: labelOf(sensitivityChoices, dataset.sensitivity) },
          dataset.tags.length > 0 && { label: 'Tags', value: dataset.tags.join(', ') },
          { label: 'Updated', value: <TimeText value={dataset.updatedAt} /> }
        ]}
      />
    </div>
  )
}
