import { Check, Copy, CornerUpRight } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { classNames } from './class-names'
import { copyText } from './copy-text'
import { shortHash } from './format'
import { Tooltip } from './tooltip'

/** Copies and says so for a moment. */
export function useCopied(): [boolean, (text: string) => void] {
  const [copied, setCopied] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const copy = (text: string) => {
    void copyText(text).then((done) => {
      if (!done) return
      setCopied(true)
      clearTimeout(timer.current)
      timer.current = setTimeout(() => setCopied(false), 1500)
    })
  }
  return [copied, copy]
}

const chipClass =
  'inline-flex h-5 min-w-0 max-w-full items-center gap-1 rounded-sm border bg-surface-0 px-1.5 font-mono text-caption whitespace-nowrap text-ink hover:border-line-strong'

/** The first eight characters of a digest; a click copies all of it. */
export function HashChip({ hash, label }: { hash: string; label?: string }) {
  const [copied, copy] = useCopied()
  const Icon = copied ? Check : Copy
  return (
    <Tooltip content={<span className="font-mono [overflow-wrap:anywhere]">{hash}</span>}>
      <button
        type="button"
        aria-label={`${label ?? 'Digest'} ${shortHash(hash)}, copy all of it`}
        onClick={(event) => {
          event.stopPropagation()
          copy(hash)
        }}
        className={chipClass}
      >
        {shortHash(hash)}
        <Icon aria-hidden className={classNames('size-3 shrink-0', copied ? 'text-ok' : 'text-muted')} />
      </button>
    </Tooltip>
  )
}

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
