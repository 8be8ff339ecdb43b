import { usualTask } from '../../../main/model/tasks'
import { ArrowLeft, ClipboardCopy, GitCompareArrows } from 'lucide-react'
import { useHostQuery } from '../../host'
import {
  Button,
  copyText,
  EmptyState,
  ErrorState,
  formatCount,
  IconButton,
  Menu,
  navigate,
  Page,
  PageHeader,
  showToast,
  Skeleton,
  StatusIcon,
  Switch,
  Tabs,
  useActions,
  Tooltip,
  useLocation,
  useRememberedChoice
} from '../../ui'
import { compareQuery, distinctNames, openComparison, RUN_LIMIT } from './addresses'
import { CodeComparison } from './code-comparison'
import { ComparisonCharts } from './comparison-charts'
import { comparisonAnswer, comparisonSections, comparisonText } from './comparison-rows'
import { ComparisonTable } from './comparison-table'
import { chooseBaseline } from './view-store'

const tabs = ['table', 'charts', 'code'] as const

/** Runs side by side; the first is the baseline. */
export function ComparisonPage({ ids }: { ids: readonly string[] }) {
  const { query: address } = useLocation()
  const tab = tabs.find((known) => known === address['tab']) ?? 'table'
  const [filter, setFilter] = useRememberedChoice('experiments.compare', ['all', 'differences'] as const, 'differences')
  const comparison = useHostQuery('experiments.compare', { ids: ids.slice(0, RUN_LIMIT) }, { enabled: ids.length > 0, keepPrevious: true })
  const experiments = useHostQuery('experiments.list', {})
  const onlyDifferences = filter === 'differences'
  const sections = comparison.data ? comparisonSections(comparison.data, onlyDifferences) : []
  const asked = new Set(comparison.data?.runs.map((run) => run.experiment))
  const primary = experiments.data?.find((each) => asked.has(each.name))?.primaryMetric ?? usualTask.primaryMetric
  const answer = comparison.data ? comparisonAnswer(comparison.data, primary, distinctNames(comparison.data.runs)) : null
  const copy = async (form: 'tsv' | 'markdown') => {
    if (!comparison.data) return
    const done = await copyText(comparisonText(comparison.data, sections, form))
    showToast(
      done
        ? { status: 'ok', title: 'The comparison is on the clipboard.' }
        : { status: 'warn', title: 'The clipboard is not available now.' }
    )
  }
  const show = (next: (typeof tabs)[number]) => navigate('experiments', ['compare'], { ...compareQuery(ids), tab: next }, { replace: true })
  const group = 'Comparison'
  useActions([
    {
      id: 'compare.differences',
      title: onlyDifferences ? 'Show every row' : 'Show only differences',
      group,
      keys: 'D',
      run: () => setFilter(onlyDifferences ? 'all' : 'differences')
    },
    { id: 'compare.copy-tsv', title: 'Copy the comparison for a spreadsheet', group, icon: ClipboardCopy, run: () => void copy('tsv') },
    { id: 'compare.copy-markdown', title: 'Copy the comparison as Markdown', group, icon: ClipboardCopy, run: () => void copy('markdown') },
    { id: 'compare.back', title: 'Back to the runs', group, icon: ArrowLeft, run: () => navigate('experiments') }
  ])
  const back = <IconButton icon={ArrowLeft} label="Back to the runs" onClick={() => navigate('experiments')} />
  if (ids.length < 2)
    return (
      <Page header={<PageHeader title="Comparison" back={back} />}>
        <EmptyState
          icon={GitCompareArrows}
          title="Choose at least two runs"
          text="Select runs in the list with Space, then press X. A pinned baseline takes part by itself."
          action={
            <Button variant="primary" onClick={() => navigate('experiments')}>
              Choose runs
            </Button>
          }
        />
      </Page>
    )
  return (
    <Page
      header={
        <PageHeader
          back={back}
          title="Comparison"
          status={<span>{formatCount(ids.length, 'run')}</span>}
          actions={
            <>
              {tab === 'table' && (
                <Switch label="Only differences" checked={onlyDifferences} onChange={(on) => setFilter(on ? 'differences' : 'all')} />
              )}
              <Menu
                align="end"
                trigger={<Button icon={ClipboardCopy}>Copy as table</Button>}
                entries={[
                  { id: 'tsv', label: 'For a spreadsheet (tab-separated)', onSelect: () => void copy('tsv') },
                  { id: 'markdown', label: 'As Markdown', onSelect: () => void copy('markdown') }
                ]}
              />
            </>
          }
        />
      }
    >
      {/* In a low window, as at 200% zoom, what is said above the table scrolls away with it. */}
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
        {ids.length > RUN_LIMIT && (
          <p className="flex shrink-0 items-center gap-2 border-b bg-warn-soft px-4 py-2">
            <StatusIcon status="warn" /> The address names {ids.length} runs; the first {RUN_LIMIT} are shown.
          </p>
        )}
        {comparison.data?.warnings.map((warning) => (
          <p key={warning} role="note" className="flex shrink-0 items-start gap-2 border-b bg-warn-soft px-4 py-2">
            <StatusIcon status="warn" className="mt-1" /> {warning}
          </p>
        ))}
        {answer !== null && (
          <p className="flex shrink-0 items-start gap-2 border-b px-4 py-2" data-selectable>
            <span data-testid="comparison-answer">{answer}</span>
            <Tooltip content="The interval of a difference is made from the two 95% intervals as if the runs were independent; judged on the same rows they rarely are, and the true interval is narrower. It covers which rows were judged, not the luck of a seed. The best of several runs must differ from each of the others, at 95% over all these comparisons together.">
              <button type="button" className="shrink-0 rounded-sm text-caption text-muted underline decoration-dotted underline-offset-2">
                How this is judged
              </button>
            </Tooltip>
          </p>
        )}
        {comparison.error ? (
          <ErrorState
            error={comparison.error}
            onRetry={() => void comparison.refetch()}
            action={<Button onClick={() => navigate('experiments')}>Choose runs</Button>}
          />
        ) : !comparison.data ? (
          <Skeleton lines={10} />
        ) : (
          <Tabs
            aria-label="Views of the comparison"
            className="min-h-75 flex-1"
            value={tab}
            onChange={show}
            items={[
              {
                value: 'table',
                label: 'Side by side',
                content: (
                  <ComparisonTable
                    comparison={comparison.data}
                    sections={sections}
                    onBaseline={(id) => {
                      chooseBaseline(id)
                      openComparison([id, ...ids.filter((other) => other !== id)], { replace: true })
                    }}
                    onRemove={(id) =>
                      openComparison(
                        ids.filter((other) => other !== id),
                        { replace: true }
                      )
                    }
                  />
                )
              },
              { value: 'charts', label: 'Charts', content: <ComparisonCharts comparison={comparison.data} /> },
              { value: 'code', label: 'Code', content: <CodeComparison runs={comparison.data.runs} /> }
            ]}
          />
        )}
      </div>
    </Page>
  )
}
