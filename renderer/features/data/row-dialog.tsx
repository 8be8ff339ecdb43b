import type { DatasetVersion } from '../../../main/model/dataset'
import { useHostQuery } from '../../host'
import { Dialog, ErrorState, KeyValueList, renderCell, Skeleton } from '../../ui'

export interface RowDialogProps {
  version: Pick<DatasetVersion, 'ref' | 'rows'>
  /** 1-based position in the version; null closes the dialog. */
  row: number | null
  /** Columns to show first, for instance those of a finding. */
  first?: readonly string[]
  onClose: () => void
}

/** One row with all its columns. */
export function RowDialog({ version, row, first = [], onClose }: RowDialogProps) {
  const page = useHostQuery('datasets.rows', { ref: version.ref, offset: Math.max(0, (row ?? 1) - 1), limit: 1 }, { enabled: row !== null })
  const cells = page.data?.rows[0]
  const ordered = (page.data?.columns ?? [])
    .map((column, index) => ({ ...column, index, rank: first.includes(column.name) ? 0 : 1 }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
  return (
    <Dialog
      open={row !== null}
      onOpenChange={(open) => !open && onClose()}
      title={`Row ${(row ?? 0).toLocaleString('en-US')}`}
      description={`of ${version.rows.toLocaleString('en-US')}`}
    >
      {page.error ? (
        <ErrorState compact error={page.error} onRetry={() => void page.refetch()} />
      ) : cells ? (
        <KeyValueList
          labelWidth={200}
          className="pb-2"
          items={ordered.map(({ name, index }) => ({
            label: <span className="[overflow-wrap:anywhere]">{name}</span>,
            value: renderCell(cells[index])
          }))}
        />
      ) : (
        <Skeleton lines={6} />
      )}
    </Dialog>
  )
}
