import { ChevronDown, ChevronRight, FileText, Folder, PackageOpen } from 'lucide-react'
import { useMemo, useState } from 'react'
import { EmptyState, formatCount, SizeText, SplitPane, StatusIcon, VirtualTable, type Column } from '../../ui'
import { chooseFile, useBundlesState } from './bundles-store'
import { deriveTreeRows, fileStates, firstFile, type TreeRow } from './file-tree'
import { FileViewer } from './file-viewer'
import type { Reviewed } from './use-review'

/** The files of the bundle with their state, and the one being read. The model card comes first. */
export function EvidenceTab({ reviewed }: { reviewed: Reviewed }) {
  const chosen = useBundlesState((state) => state.files[reviewed.path])
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  /** A folder under the cursor; a file under it is the one shown. */
  const [folder, setFolder] = useState<string | null>(null)
  const rows = useMemo(() => deriveTreeRows(reviewed.files, closed), [reviewed.files, closed])
  const shown = chosen ?? firstFile(reviewed.files)
  const file = reviewed.files.find((each) => each.path === shown) ?? null
  const toggle = (id: string) =>
    setClosed((before) => {
      const next = new Set(before)
      if (!next.delete(id)) next.add(id)
      return next
    })
  const columns = useMemo<readonly Column<TreeRow>[]>(
    () => [
      {
        id: 'name',
        header: 'File',
        value: (row) => row.name,
        cell: (row) => <NameCell row={row} onToggle={toggle} />,
        width: 150,
        grow: true,
        sortable: false
      },
      {
        id: 'state',
        header: 'State',
        value: (row) => (row.kind === 'file' ? row.file.state : ''),
        cell: (row) => <StateCell row={row} />,
        width: 132,
        sortable: false
      },
      {
        id: 'size',
        header: 'Size',
        value: (row) => (row.kind === 'file' ? row.file.size : undefined),
        cell: (row) => (row.kind === 'file' && row.file.state !== 'missing' ? <SizeText bytes={row.file.size} /> : null),
        numeric: true,
        width: 78,
        sortable: false
      }
    ],
    []
  )
  if (reviewed.files.length === 0)
    return (
      <EmptyState
        icon={PackageOpen}
        title="No file of this bundle is shown"
        text="The container is not safe to read, so nothing in it was opened. The checks say why. Ask the sender for an unaltered copy."
      />
    )
  return (
    <SplitPane
      name="bundle files"
      fixed="first"
      size={400}
      min={240}
      first={
        <VirtualTable
          label="Files of the bundle"
          columns={columns}
          rows={rows}
          rowKey={(row) => row.id}
          rowHeight={26}
          activeKey={folder ?? shown}
          onActiveChange={(row) => {
            setFolder(row?.kind === 'folder' ? row.id : null)
            if (row?.kind === 'file') chooseFile(reviewed.path, row.id)
          }}
          onOpen={(row) => row.kind === 'folder' && toggle(row.id)}
          empty={null}
        />
      }
      second={file && <FileViewer bundle={reviewed.path} file={file} key={file.path} />}
    />
  )
}

function NameCell({ row, onToggle }: { row: TreeRow; onToggle: (id: string) => void }) {
  const indent = { paddingLeft: row.depth * 14 }
  if (row.kind === 'file')
    return (
      <span className="flex min-w-0 items-center gap-1.5" style={indent}>
        <FileText aria-hidden className="ml-4 size-3.5 shrink-0 text-muted" />
        <span className="truncate" title={row.id}>
          {row.name}
        </span>
      </span>
    )
  const Chevron = row.open ? ChevronDown : ChevronRight
  return (
    <span className="flex min-w-0 items-center gap-1" style={indent}>
      <button
        type="button"
        tabIndex={-1}
        aria-label={row.open ? `Close the folder ${row.name}` : `Open the folder ${row.name}`}
        aria-expanded={row.open}
        onClick={() => onToggle(row.id)}
        className="flex shrink-0 items-center text-muted"
      >
        <Chevron aria-hidden className="size-3.5" />
      </button>
      <Folder aria-hidden className="size-3.5 shrink-0 text-muted" />
      <span className="truncate font-medium">{row.name}</span>
    </span>
  )
}

function StateCell({ row }: { row: TreeRow }) {
  if (row.kind === 'folder')
    return row.problems > 0 ? (
      <span className="flex items-center gap-1 text-caption text-error">
        <StatusIcon status="error" /> {row.problems} altered
      </span>
    ) : (
      <span className="text-caption text-muted">{formatCount(row.files, 'file')}</span>
    )
  const { status, word, meaning } = fileStates[row.file.state]
  return (
    <span className="flex items-center gap-1 text-caption" title={meaning}>
      <StatusIcon status={status} /> {word}
    </span>
  )
}
