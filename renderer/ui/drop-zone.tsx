import { FileUp } from 'lucide-react'
import { useRef, useState, type DragEvent, type ReactNode } from 'react'
import { classNames } from './class-names'

export interface DropZoneProps {
  /** Lower-case endings with the dot: `['.csv', '.parquet']`; empty accepts every file. */
  accept: readonly string[]
  onFiles: (files: File[]) => void
  /** Files that were dropped but have another ending. */
  onRejected?: (names: string[]) => void
  /** Folders that were dropped; without it they are treated like files. */
  onFolders?: (folders: File[]) => void
  /** The content that files may be dropped on, for instance a whole page. */
  children: ReactNode
  text: string
  className?: string
}

/** The dropped things that are folders; only now, while the event lasts, can that be asked. */
function foldersOf(transfer: DataTransfer): ReadonlySet<File> {
  const items = Array.from(transfer.items ?? []).filter((item) => item.kind === 'file')
  return new Set(Array.from(transfer.files).filter((_, index) => items[index]?.webkitGetAsEntry()?.isDirectory))
}

/** Lays a frame over its content while files are dragged over it. A zone inside of another one takes what is dropped on it. */
export function DropZone({ accept, onFiles, onRejected, onFolders, children, text, className }: DropZoneProps) {
  const [over, setOver] = useState(false)
  const depth = useRef(0)
  const carriesFiles = (event: DragEvent) => Array.from(event.dataTransfer.types).includes('Files')
  const drop = (event: DragEvent) => {
    if (!carriesFiles(event)) return
    event.preventDefault()
    event.stopPropagation()
    depth.current = 0
    setOver(false)
    const folders = onFolders ? foldersOf(event.dataTransfer) : new Set<File>()
    const files = Array.from(event.dataTransfer.files).filter((file) => !folders.has(file))
    if (folders.size) onFolders?.([...folders])
    const fits = (file: File) => accept.length === 0 || accept.some((ending) => file.name.toLowerCase().endsWith(ending))
    const rejected = files.filter((file) => !fits(file))
    if (rejected.length) onRejected?.(rejected.map((file) => file.name))
    if (files.length > rejected.length) onFiles(files.filter(fits))
  }
  return (
    <div
      className={classNames('relative', className)}
      onDragEnter={(event) => {
        if (!carriesFiles(event)) return
        event.stopPropagation()
        depth.current++
        setOver(true)
      }}
      onDragLeave={(event) => {
        event.stopPropagation()
        depth.current = Math.max(0, depth.current - 1)
        if (depth.current === 0) setOver(false)
      }}
      onDragOver={(event) => {
        if (!carriesFiles(event)) return
        event.preventDefault()
        event.stopPropagation()
        event.dataTransfer.dropEffect = 'copy'
      }}
      onDrop={drop}
    >
      {children}
      {over && (
        <div className="pointer-events-none absolute inset-2 z-30 flex flex-col items-center justify-center gap-2 rounded-md border-2 border-dashed border-accent bg-accent-soft/90 text-title font-semibold">
          <FileUp aria-hidden className="size-6" />
          {text}
        </div>
      )}
    </div>
  )
}
