import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDownToLine, Copy } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { classNames } from './class-names'
import { copyText } from './copy-text'
import { formatCount } from './format'
import { IconButton } from './icon-button'

const LINE_HEIGHT = 18

export interface LogViewProps {
  text: string
  /** Accessible name. */
  label: string
  /** Whether more is to come; the view then stays at the end until somebody scrolls up. */
  live?: boolean
  /** Begins at the first line and stays where it is when more comes. */
  fromTop?: boolean
  /** Said while there is no line. */
  empty: string
}

/** Lines of a log; only those in view are in the document. Follows the end while it is at the end. */
export function LogView({ text, label, live, fromTop = false, empty }: LogViewProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const lines = useMemo(() => (text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/)), [text])
  const [follows, setFollows] = useState(!fromTop)
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 20
  })
  useEffect(() => {
    if (follows && lines.length) rows.scrollToIndex(lines.length - 1, { align: 'end' })
  }, [follows, lines.length, rows])
  if (lines.length === 0) return <p className="p-3 text-muted">{empty}</p>
  return (
    <div className="flex h-full flex-col">
      <div className="flex h-6 shrink-0 items-center justify-end gap-2 border-b px-3 text-caption text-muted">
        {live && <span>{follows ? 'following' : 'paused'}</span>}
        <span className="tabular-nums">{formatCount(lines.length, 'line')}</span>
        <IconButton size="sm" icon={Copy} label="Copy the log" onClick={() => void copyText(text)} />
        {!follows && (
          <IconButton
            size="sm"
            icon={ArrowDownToLine}
            label="Go to the end"
            onClick={() => rows.scrollToIndex(lines.length - 1, { align: 'end' })}
          />
        )}
      </div>
      <div
        ref={scroller}
        role="log"
        aria-label={label}
        aria-live="off"
        tabIndex={0}
        onScroll={(event) => {
          const { scrollTop, scrollHeight, clientHeight } = event.currentTarget
          setFollows(!fromTop && scrollHeight - scrollTop - clientHeight < LINE_HEIGHT * 2)
        }}
        className="control-focus min-h-0 flex-1 overflow-auto bg-surface-1 py-1 font-mono text-caption"
      >
        <div className="relative" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((item) => (
            <div
              key={item.key}
              data-selectable
              className={classNames('absolute left-0 min-w-full px-3 whitespace-pre', toneOf(lines[item.index]))}
              style={{ top: item.start, height: LINE_HEIGHT, lineHeight: `${LINE_HEIGHT}px` }}
            >
              {lines[item.index]}
            </div>
          ))}
        </div>
      </div>
    </div>
  )
}

const toneOf = (line: string): string | false =>
  /^\s*(\[?error\]?|fatal|traceback)\b/i.test(line) ? 'text-error' : /^\s*\[?warn(ing)?\]?\b/i.test(line) ? 'text-warn' : false
