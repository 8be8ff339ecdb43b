import { useMemo, useState } from 'react'
import type { RunSummary } from '../../../main/model/run'
import { useHostQuery } from '../../host'
import { diffLines, ErrorState, formatCount, Select, Skeleton, Switch, TextDiff } from '../../ui'
import { distinctNames } from './addresses'

/** The frozen pipelines of two runs, line by line. */
export function CodeComparison({ runs }: { runs: readonly RunSummary[] }) {
  const [left, setLeft] = useState<string>(runs[0].id)
  const [right, setRight] = useState<string>(runs[1]?.id ?? runs[0].id)
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
          <TextDiff lines={lines} whole={whole} />
        )}
      </div>
    </div>
  )
}
