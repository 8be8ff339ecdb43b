import { Check, Copy, CornerUpRight } from 'lucide-react'
import { chipClass, classNames, shortHash, Tooltip, useCopied } from '../ui'

/** `dataset:strikes@sha256:ab12...` as kind, name and a version cut to eight characters. */
export function splitReference(reference: string): { kind: string; name: string; version: string } {
  const match = /^([a-z-]+):([^@]*)(?:@(.*))?$/s.exec(reference)
  if (!match) return { kind: '', name: reference, version: '' }
  const [, kind = '', name = '', version = ''] = match
  return { kind, name, version }
}

/** A reference: copies, and with onOpen also leads to the thing it names. */
export function RefChip({ reference, onOpen }: { reference: string; onOpen?: () => void }) {
  const [copied, copy] = useCopied()
  const { kind, name, version } = splitReference(reference)
  const shownName = /^[0-9a-f-]{20,}$/i.test(name) ? name.slice(0, 8) : name
  const shownVersion = /^\d+$/.test(version) ? version : shortHash(version)
  const Icon = copied ? Check : Copy
  return (
    <span className="inline-flex max-w-full items-center">
      <Tooltip content={<span className="font-mono [overflow-wrap:anywhere]">{reference}</span>}>
        <button
          type="button"
          aria-label={onOpen ? `Open ${reference}` : `Copy ${reference}`}
          onClick={(event) => {
            event.stopPropagation()
            if (onOpen) onOpen()
            else copy(reference)
          }}
          className={classNames(chipClass, onOpen && 'rounded-r-none')}
        >
          {kind && <span className="min-w-0 shrink-[99] truncate text-muted">{kind}</span>}
          <span className="truncate">{shownName}</span>
          {version && <span className="min-w-0 shrink-[9] truncate text-muted">@{shownVersion}</span>}
          {onOpen ? (
            <CornerUpRight aria-hidden className="size-3 shrink-0 text-muted" />
          ) : (
            <Icon aria-hidden className="size-3 shrink-0 text-muted" />
          )}
        </button>
      </Tooltip>
      {onOpen && (
        <Tooltip content={copied ? 'Copied' : 'Copy the reference'}>
          <button
            type="button"
            aria-label={`Copy ${reference}`}
            onClick={(event) => {
              event.stopPropagation()
              copy(reference)
            }}
            className={classNames(chipClass, 'shrink-0 rounded-l-none border-l-0 px-1')}
          >
            <Icon aria-hidden className="size-3 shrink-0 text-muted" />
          </button>
        </Tooltip>
      )}
    </span>
  )
}
