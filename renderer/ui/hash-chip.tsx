import { Check, Copy } from 'lucide-react'
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

/** The look of everything that shows an id and copies it. */
export const chipClass =
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
