import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { placeText } from '../../../main/model/place'
import { fileNameOf, IconButton } from '../../ui'

/** One line of the question. */
export function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 items-start gap-3">
      <span className="w-18 shrink-0 pt-1 text-caption text-muted">{label}</span>
      <div className="flex min-h-7 min-w-0 flex-1 flex-wrap items-center gap-x-2 gap-y-1">{children}</div>
    </div>
  )
}

/** Something that was given, with a way to take it back. */
export function Given({ what, name, title, onRemove }: { what?: string; name: string; title?: string; onRemove: () => void }) {
  return (
    <span className="inline-flex h-6 max-w-full min-w-0 items-center gap-1 rounded-md border bg-surface-0 pl-1.5" title={title ?? name}>
      {what && <span className="shrink-0 text-caption text-muted">{what}</span>}
      <span className="min-w-0 truncate text-caption font-medium">{name}</span>
      <IconButton icon={X} size="sm" label={`Take back ${what ? `${what} ` : ''}${name}`} onClick={onRemove} />
    </span>
  )
}

/** A file by its name; all of its path in the tooltip. */
export function GivenFile({ what, place, onRemove }: { what?: string; place: string; onRemove: () => void }) {
  return <Given what={what} name={fileNameOf(placeText(place))} title={placeText(place)} onRemove={onRemove} />
}
