import { useEffect, useMemo, useState } from 'react'
import type { HostOutput } from '../../host'
import { defaultColumns, runColumns } from './run-columns'
import type { useBaseline, useRuns } from './use-runs'
import { useRunsView } from './view-store'

type Experiments = HostOutput<'experiments.list'>

interface Shown {
  facts: ReturnType<typeof useRuns>['facts']
  baseline: ReturnType<typeof useBaseline>
  known: Experiments
  current: Experiments[number] | undefined
  rankedBy: string
}

/** The columns of the runs: as somebody chose them for this experiment, else those that its first page of runs suggests. */
export function useChosenColumns({ facts, baseline, known, current, rankedBy }: Shown) {
  const view = useRunsView((state) => state)
  const [automatic, setAutomatic] = useState<{ for: string; columns: ReturnType<typeof defaultColumns> } | null>(null)
  const scope = view.experiment ?? ''
  useEffect(() => {
    if (facts && facts.runs.length > 0 && automatic?.for !== scope)
      setAutomatic({ for: scope, columns: defaultColumns(current?.primaryMetric, facts.metricKeys, facts.runs) })
  }, [facts, automatic, scope, current])
  const chosen = useMemo(
    () => view.columns[scope] ?? automatic?.columns ?? { metrics: [], parameters: [] },
    [view.columns, scope, automatic]
  )
  const columns = useMemo(
    () =>
      runColumns({ chosen, ranges: facts?.ranges ?? {}, baseline, withExperiment: known.length > 1 && view.experiment === null, rankedBy }),
    [chosen, facts?.ranges, baseline, known.length, view.experiment, rankedBy]
  )
  return { chosen, columns }
}
