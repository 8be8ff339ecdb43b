import { useMemo, useState } from 'react'
import type { RunSummary } from '../../../main/model/run'
import { useHostQuery } from '../../host'
import { classNames, ErrorState, formatCount, Select, Skeleton, Switch } from '../../ui'
import { distinctNames } from './addresses'
import { diffLines, type DiffLine } from './line-diff'

/** The frozen pipelines of two runs, line by line. */
export function CodeComparison({ runs }: { runs: readonly RunSummary[] }) {
  const [left, setLeft] = useState(runs[0].id)
  const [right, setRight] = useState(runs[1]?.id ?? runs[0].id)
  const [whole, setWhole] = useState(false)
  const known = (id: string, otherwise: number) => (runs.some((run) => run.id === id) ? id : runs[otherwise].id)
  const [a, b] = [known(left, 0), known(right, 1)]
  const before = useHostQuery('experiments.code', { id: a })
  const after = useHostQuery('experiments.code', { id: b })
  const lines = useMemo(() => (before.data && after.data ? diffLines(before.data.text, after.data.text) : null), [before.data, after.data])
  const error = before.error ?? after.error
  const names = distinctNames(runs)
  const choices = runs.map((run) => ({ value: run.id, label: names.get(run.id) ?? run.name }))
  const changes = lines?.filter((line) => line.kind !== 'same').length ?? 0
  return (
    <div className="flex h-full flex-col">
      <div className="flex shrink-0 flex-wrap items-center gap-3 border-b px-4 py-2">
        <div className="w-72">
          <Select aria-label="Old pipeline" value={a} choices={choices} onChange={setLeft} />
        </div>
        <span className="text-muted">against</span>
        <div className="w-72">
          <Select aria-label="New pipeline" value={b} choices={choices} onChange={setRight} />
        </div>
        <Switch label="Whole document" checked={whole} onChange={setWhole} />
        {lines && (
          <span className="text-caption text-muted">
            {changes === 0 ? 'The frozen pipelines are the same.' : `${formatCount(changes, 'line')} changed`}
          </span>
        )}
      </div>
      <div tabIndex={0} role="region" aria-label="Difference of the pipelines" className="min-h-0 flex-1 overflow-auto">
        {error ? (
          <ErrorState
            error={error}
            onRetry={() => {
              void before.refetch()
              void after.refetch()
            }}
          />
        ) : !lines ? (
          <Skeleton lines={8} />
        ) : before.data?.text === '' && after.data?.text === '' ? (
          <p className="p-4 text-muted">Neither run kept its pipeline.</p>
        ) : (
          <DiffLines lines={lines} whole={whole} />
        )}
      </div>
    </div>
  )
}

const CONTEXT = 3
const marks: Record<DiffLine['kind'], string> = { same: ' ', removed: '\u2212', added: '+' }
const tones: Record<DiffLine['kind'], string> = { same: '', removed: 'bg-error-soft', added: 'bg-ok-soft' }
const words: Record<DiffLine['kind'], string> = { same: '', removed: 'removed: ', added: 'added: ' }

function DiffLines({ lines, whole }: { lines: readonly DiffLine[]; whole: boolean }) {
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
