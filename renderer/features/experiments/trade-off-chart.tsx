import { isBound } from '../../../main/model/tasks'
import { ScatterChart } from '../../charts'
import { formatMetric, metricFormat, metricTitle, scaledMetric, sortMetricKeys } from '../../evidence'
import { useHostQuery } from '../../host'
import { ErrorState, Select, Skeleton } from '../../ui'
import { distinctNames, openRun } from './addresses'
import { standingWords, tradeOffSentences } from './trade-off-words'
import { changeView, useRunsView } from './view-store'

export interface TradeOffChartProps {
  metricKeys: readonly string[]
  primary: string
  experiment: string | null
  filter: string
}

/** One metric against another, and which runs others leave behind: first by what comes at once, then by the verdicts. */
export function TradeOffChart({ metricKeys, primary, experiment, filter }: TradeOffChartProps) {
  const keys = sortMetricKeys(metricKeys.filter((key) => !isBound(key)))
  const chosen = useRunsView((view) => view.tradeOff)
  const selection = useRunsView((view) => view.selection)
  const baseline = useRunsView((view) => view.baseline)
  const { x, y } = chosen ?? axesOf(keys, primary)
  const asked = { experiment: experiment ?? undefined, filter, x, y }
  const options = { keepPrevious: true, enabled: keys.length > 0 }
  const quick = useHostQuery('experiments.tradeOff', { ...asked, rows: false }, options)
  const judged = useHostQuery('experiments.tradeOff', asked, options)
  const query = (judged.data && !judged.isPlaceholderData) || judged.error ? judged : quick
  const [xFormat, yFormat] = [metricFormat(x), metricFormat(y)]
  const found = query.data
  const names = distinctNames((found?.points ?? []).map(({ run, name }) => ({ id: run, name })))
  const points = (found?.points ?? []).map((point) => ({
    key: point.run,
    label: names.get(point.run) ?? point.name,
    x: scaledMetric(xFormat, point.x),
    y: scaledMetric(yFormat, point.y),
    mark: point.standing,
    marked: selection.has(point.run) || point.run === baseline
  }))
  const choices = keys.map((key) => ({ value: key, label: metricFormat(key).label }))
  const axis = (format: typeof xFormat) => ({
    title: metricTitle(format),
    direction: format.direction,
    format: (value: number) => formatMetric(format, value / format.factor)
  })
  return (
    <div className="flex flex-col gap-3 p-3">
      <div className="grid grid-cols-2 gap-2">
        <Select
          aria-label="Metric on the vertical axis"
          value={y}
          choices={choices}
          onChange={(next) => changeView({ tradeOff: { x, y: next } })}
        />
        <Select
          aria-label="Metric on the horizontal axis"
          value={x}
          choices={choices}
          onChange={(next) => changeView({ tradeOff: { x: next, y } })}
        />
      </div>
      {query.error ? (
        <ErrorState compact error={query.error} onRetry={() => void query.refetch()} />
      ) : query.isPending && keys.length > 0 ? (
        <Skeleton lines={5} />
      ) : (
        <>
          <ScatterChart
            title={`${yFormat.label} against ${xFormat.label.toLowerCase()}`}
            points={points}
            words={standingWords}
            x={axis(xFormat)}
            y={axis(yFormat)}
            height={340}
            onSelect={openRun}
            empty="No run has both metrics."
          />
          {found && (
            <div className="flex flex-col gap-1 text-caption text-muted" data-testid="trade-off-words">
              {tradeOffSentences(found).map((sentence) => (
                <p key={sentence}>{sentence}</p>
              ))}
            </div>
          )}
        </>
      )}
    </div>
  )
}

/** What is drawn before anybody chose: the figure that runs are ranked by, against the time of an answer. */
function axesOf(keys: readonly string[], primary: string): { x: string; y: string } {
  const y = keys.includes(primary) ? primary : (keys[0] ?? primary)
  const x = keys.includes('latency_p50') ? 'latency_p50' : (keys.find((key) => key !== y) ?? y)
  return { x, y }
}
