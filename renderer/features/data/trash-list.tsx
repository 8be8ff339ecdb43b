import { ArrowLeft, RotateCcw, Trash2 } from 'lucide-react'
import { useMemo } from 'react'
import type { DatasetSummary } from '../../../main/model/dataset'
import { useHostCommand, useHostQuery } from '../../host'
import {
  Button,
  EmptyState,
  formatCount,
  HashChip,
  IconButton,
  navigate,
  Page,
  PageHeader,
  SizeText,
  TimeText,
  VirtualTable,
  type Column
} from '../../ui'

const keyOf = (dataset: DatasetSummary) => dataset.id

/** Datasets in the trash, to be restored. */
export function TrashList() {
  const trashed = useHostQuery('datasets.list', { trashed: true })
  const { run: restore } = useHostCommand('datasets.restore', { success: (restored) => `${restored.name} was restored.` })
  const columns = useMemo(
    (): Column<DatasetSummary>[] => [
      { id: 'name', header: 'Name', value: (dataset) => dataset.name, grow: true, width: 200 },
      { id: 'rows', header: 'Rows', value: (dataset) => dataset.latest.rows, numeric: true, width: 92 },
      {
        id: 'size',
        header: 'Size',
        value: (dataset) => dataset.latest.bytes,
        cell: (dataset) => <SizeText bytes={dataset.latest.bytes} />,
        numeric: true,
        width: 92
      },
      { id: 'version', header: 'Version', cell: (dataset) => <HashChip hash={dataset.latest.sha256} label="Version" />, width: 120 },
      {
        id: 'trashed',
        header: 'Moved to trash',
        value: (dataset) => dataset.trashedAt,
        cell: (dataset) => <TimeText value={dataset.trashedAt} relative />,
        width: 140
      },
      {
        id: 'restore',
        header: 'Action',
        cell: (dataset) => (
          <Button size="sm" icon={RotateCcw} aria-label={`Restore ${dataset.name}`} onClick={() => void restore({ id: dataset.id })}>
            Restore
          </Button>
        ),
        width: 110
      }
    ],
    [restore]
  )
  return (
    <Page
      header={
        <PageHeader
          back={<IconButton icon={ArrowLeft} label="Back to all datasets" onClick={() => navigate('data')} />}
          title="Trash"
          status={trashed.data ? formatCount(trashed.data.length, 'dataset') : undefined}
        />
      }
    >
      <VirtualTable
        label="Datasets in the trash"
        columns={columns}
        rows={trashed.data ?? []}
        rowKey={keyOf}
        initialSort={{ column: 'trashed', direction: 'descending' }}
        onOpen={(dataset) => void restore({ id: dataset.id })}
        loading={trashed.isPending}
        error={trashed.error}
        onRetry={() => void trashed.refetch()}
        empty={
          <EmptyState
            icon={Trash2}
            title="The trash is empty"
            text="Datasets that are moved to the trash wait here and can be restored."
            action={<Button onClick={() => navigate('data')}>Show all datasets</Button>}
          />
        }
      />
    </Page>
  )
}
