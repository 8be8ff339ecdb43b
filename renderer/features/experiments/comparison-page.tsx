import { ArrowLeft, ClipboardCopy, GitCompareArrows } from 'lucide-react'
import { baselineReasons, doubtsOf, type RunComparison } from '../../../main/model/run'
import { howPairsAreJudged } from '../../../main/model/tasks'
import {
  Button,
  classNames,
  EmptyState,
  ErrorState,
  formatCount,
  IconButton,
  Menu,
  navigate,
  Page,
  PageHeader,
  Skeleton,
  StatusIcon,
  Switch,
  Tabs,
  Tooltip,
  useLocation
} from '../../ui'
import { compareQuery, openComparison, RUN_LIMIT } from './addresses'
import { CodeComparison } from './code-comparison'
import { ComparisonCharts } from './comparison-charts'
import type { ComparisonSection } from './comparison-rows'
import { ComparisonTable } from './comparison-table'
import { useComparison } from './use-comparison'
import { chooseBaseline } from './view-store'

const tabs = ['table', 'charts', 'code'] as const
type ComparisonTab = (typeof tabs)[number]

/** Runs side by side; the baseline, chosen or named by a rule, comes first. */
export function ComparisonPage({ ids, baseline }: { ids: readonly string[]; baseline: string | undefined }) {
  const { query: address } = useLocation()
  const tab = tabs.find((known) => known === address['tab']) ?? 'table'
  const { query, sections, onlyDifferences, showOnlyDifferences, answer, copy } = useComparison(ids, baseline)
  if (ids.length < 2) return <TooFew />
  return (
    <Page
      header={
        <PageHeader
          back={<Back />}
          title="Comparison"
          status={
            <span>
              {formatCount(ids.length, 'run')}
              {query.data && `; "${query.data.runs[0].name}" is ${baselineReasons[query.data.baseline.reason]}`}
            </span>
          }
          actions={
            <>
              {tab === 'table' && <Switch label="Only differences" checked={onlyDifferences} onChange={showOnlyDifferences} />}
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
        <Remarks named={ids.length} comparison={query.data} answer={answer} />
        {query.error ? (
          <ErrorState
            error={query.error}
            onRetry={() => void query.refetch()}
            action={<Button onClick={() => navigate('experiments')}>Choose runs</Button>}
          />
        ) : query.data ? (
          <Views ids={ids} baseline={baseline} tab={tab} comparison={query.data} sections={sections} />
        ) : (
          <Skeleton lines={10} />
        )}
      </div>
    </Page>
  )
}

const Back = () => <IconButton icon={ArrowLeft} label="Back to the runs" onClick={() => navigate('experiments')} />

function TooFew() {
  return (
    <Page header={<PageHeader title="Comparison" back={<Back />} />}>
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
}

/** What keeps the runs from being compared, and which of them is better. */
function Remarks({ named, comparison, answer }: { named: number; comparison: RunComparison | undefined; answer: string | null }) {
  // As red as the mark of the run that it is about.
  const grave = new Set(comparison ? doubtsOf(comparison.runs) : [])
  return (
    <>
      {named > RUN_LIMIT && (
        <p className="flex shrink-0 items-center gap-2 border-b bg-warn-soft px-4 py-2">
          <StatusIcon status="warn" /> The address names {named} runs; the first {RUN_LIMIT} are shown.
        </p>
      )}
      {comparison?.warnings.map((warning) => (
        <p
          key={warning}
          role="note"
          className={classNames(
            'flex shrink-0 items-start gap-2 border-b px-4 py-2',
            grave.has(warning) ? 'bg-error-soft' : 'bg-warn-soft'
          )}
        >
          <StatusIcon status={grave.has(warning) ? 'error' : 'warn'} className="mt-1" /> {warning}
        </p>
      ))}
      {answer !== null && (
        <p className="flex shrink-0 items-start gap-2 border-b px-4 py-2" data-selectable>
          <span data-testid="comparison-answer">{answer}</span>
          <Tooltip content={howPairsAreJudged}>
            <button type="button" className="shrink-0 rounded-sm text-caption text-muted underline decoration-dotted underline-offset-2">
              How this is judged
            </button>
          </Tooltip>
        </p>
      )}
    </>
  )
}

interface ViewsProps {
  ids: readonly string[]
  baseline: string | undefined
  tab: ComparisonTab
  comparison: RunComparison
  sections: readonly ComparisonSection[]
}

function Views({ ids, baseline, tab, comparison, sections }: ViewsProps) {
  const without = (id: string) => ids.filter((other) => other !== id)
  const table = (
    <ComparisonTable
      comparison={comparison}
      sections={sections}
      onBaseline={(id) => {
        chooseBaseline(id)
        openComparison(ids, { baseline: id, replace: true })
      }}
      onRemove={(id) => openComparison(without(id), { baseline, replace: true })}
    />
  )
  return (
    <Tabs
      aria-label="Views of the comparison"
      className="min-h-75 flex-1"
      value={tab}
      onChange={(next) => navigate('experiments', ['compare'], { ...compareQuery(ids, baseline), tab: next }, { replace: true })}
      items={[
        { value: 'table', label: 'Side by side', content: table },
        { value: 'charts', label: 'Charts', content: <ComparisonCharts comparison={comparison} /> },
        { value: 'code', label: 'Code', content: <CodeComparison runs={comparison.runs} /> }
      ]}
    />
  )
}
