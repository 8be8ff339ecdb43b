import { useMemo } from 'react'
import { classNames } from './class-names'
import { formatCount } from './format'
import type { DiffLine } from './line-diff'

const CONTEXT = 3
const marks: Record<DiffLine['kind'], string> = { same: ' ', removed: '\u2212', added: '+' }
const tones: Record<DiffLine['kind'], string> = { same: '', removed: 'bg-error-soft', added: 'bg-ok-soft' }
const words: Record<DiffLine['kind'], string> = { same: '', removed: 'removed: ', added: 'added: ' }

/** Two texts line by line: what was removed and added, with a few equal lines around it, or the whole of both. */
export function TextDiff({ lines, whole = false }: { lines: readonly DiffLine[]; whole?: boolean }) {
  const near = useMemo(() => {
    const shown = new Set<number>()
    lines.forEach((line, index) => {
      if (line.kind !== 'same') for (let at = index - CONTEXT; at <= index + CONTEXT; at++) shown.add(at)
    })
    return shown
  }, [lines])
  const same = near.size === 0
  const parts: { from: number; to: number; shown: boolean }[] = []
  lines.forEach((_, index) => {
    const shown = whole || same || near.has(index)
    const last = parts.at(-1)
    if (last && last.shown === shown) last.to = index + 1
    else parts.push({ from: index, to: index + 1, shown })
  })
  return (
    <div className="min-w-fit py-1 font-mono text-caption" data-selectable>
      {parts.map((part) =>
        part.shown ? (
          lines.slice(part.from, part.to).map((line, offset) => (
            <div key={part.from + offset} className={classNames('flex whitespace-pre', tones[line.kind])}>
              <span aria-hidden className="w-10 shrink-0 pr-2 text-right text-muted select-none">
                {line.before}
              </span>
              <span aria-hidden className="w-10 shrink-0 pr-2 text-right text-muted select-none">
                {line.after}
              </span>
              <span aria-hidden className="w-5 shrink-0 select-none">
                {marks[line.kind]}
              </span>
              <span className="pr-4">
                {words[line.kind] && <span className="sr-only">{words[line.kind]}</span>}
                {line.text}
              </span>
            </div>
          ))
        ) : (
          <div key={part.from} className="border-y bg-surface-0 px-4 text-muted">
            {formatCount(part.to - part.from, 'equal line')}
          </div>
        )
      )}
    </div>
  )
}
