import { ArrowLeft, ClipboardCopy } from 'lucide-react'
import { taskOfMetrics } from '../../../main/model/tasks'
import { keepApart } from '../../charts'
import { useHostQuery } from '../../host'
import { copyAndTell, navigate, useActions, useRememberedChoice } from '../../ui'
import { distinctNames, RUN_LIMIT } from './addresses'
import { comparisonAnswer, comparisonSections, comparisonText } from './comparison-rows'

/** The comparison of runs, first what comes at once and then with its verdicts; what it says of the primary metric, which of its rows are shown, and the way to the clipboard. */
export function useComparison(ids: readonly string[], baseline: string | undefined) {
  const [filter, setFilter] = useRememberedChoice('experiments.compare', ['all', 'differences'] as const, 'differences')
  const asked = ids.slice(0, RUN_LIMIT)
  keepApart(asked)
  const input = { ids: asked, ...(baseline !== undefined && asked.includes(baseline) && { baseline }) }
  const options = { enabled: ids.length > 0, keepPrevious: true }
  const quick = useHostQuery('experiments.compare', { ...input, rows: false }, options)
  const judged = useHostQuery('experiments.compare', input, options)
  const query = judged.data && !judged.isPlaceholderData ? judged : judged.error ? judged : quick
  const experiments = useHostQuery('experiments.list', {})
  const onlyDifferences = filter === 'differences'
  const showOnlyDifferences = (on: boolean) => setFilter(on ? 'differences' : 'all')
  const comparison = query.data
  const sections = comparison ? comparisonSections(comparison, onlyDifferences) : []
  const experimentsOfRuns = new Set(comparison?.runs.map((run) => run.experiment))
  const measured = Object.fromEntries(comparison?.metrics.map(({ key }) => [key, 1]) ?? [])
  const primary = experiments.data?.find((each) => experimentsOfRuns.has(each.name))?.primaryMetric ?? taskOfMetrics(measured).primaryMetric
  const copy = async (form: 'tsv' | 'markdown') => {
    if (comparison) await copyAndTell(comparisonText(comparison, sections, form), 'The comparison is on the clipboard.')
  }
  const group = 'Comparison'
  useActions([
    {
      id: 'compare.differences',
      title: onlyDifferences ? 'Show every row' : 'Show only differences',
      group,
      keys: 'D',
      run: () => showOnlyDifferences(!onlyDifferences)
    },
    { id: 'compare.copy-tsv', title: 'Copy the comparison for a spreadsheet', group, icon: ClipboardCopy, run: () => void copy('tsv') },
    { id: 'compare.copy-markdown', title: 'Copy the comparison as Markdown', group, icon: ClipboardCopy, run: () => void copy('markdown') },
    { id: 'compare.back', title: 'Back to the runs', group, icon: ArrowLeft, run: () => navigate('experiments') }
  ])
  return {
    query,
    sections,
    onlyDifferences,
    showOnlyDifferences,
    answer: comparison ? comparisonAnswer(comparison, primary, distinctNames(comparison.runs)) : null,
    copy
  }
}
