import { describeBeside, type EvaluatedMetric, type ModelEvaluation } from '../../../main/model/model-evaluation'
import { runReference } from '../../../main/model/reference'
import { verdictWords, type PairVerdict } from '../../../main/model/run'
import { taskOfMetrics } from '../../../main/model/tasks'
import { formatDifference, intervalText, KeyFigures, metricFormat, metricText, RefLink, sortMetricKeys } from '../../evidence'
import { Badge, formatCount, Panel, StatusIcon, TimeText, type Status } from '../../ui'
import { MetricsTable } from './metrics-table'

/** What one test of a version found; of a later one beside the first. */
export function EvaluationPanel({ evaluation }: { evaluation: ModelEvaluation }) {
  const { data, rows, at, by, beside, doubt, run, metrics } = evaluation
  const told = describeBeside(evaluation)
  const count = Object.keys(metrics).length
  return (
    <Panel
      title={data?.name ?? 'Rows that are not recorded'}
      hint={
        <>
          {rows !== null && `${formatCount(rows, 'row')}, `}
          <TimeText value={at} /> by {by}, <RefLink reference={runReference(run)} />
        </>
      }
      flush
    >
      <p className="px-3 py-2" data-selectable>
        {told[0]!.toUpperCase()}
        {told.slice(1)}.
      </p>
      {doubt !== null && (
        <p className="flex items-start gap-2 px-3 pb-2" data-selectable>
          <StatusIcon status="warn" className="mt-0.5" />
          {doubt}
        </p>
      )}
      {beside === null ? (
        <div className="px-3 pb-3">
          <KeyFigures metrics={metrics} primary={taskOfMetrics(metrics).primaryMetric} label={`All ${formatCount(count, 'metric')}`}>
            <MetricsTable metrics={metrics} />
          </KeyFigures>
        </div>
      ) : (
        <Beside metrics={beside.metrics} />
      )}
    </Panel>
  )
}

const looks: Record<PairVerdict, Status> = {
  better: 'ok',
  worse: 'error',
  same: 'neutral',
  'cannot-be-told': 'neutral',
  'not-comparable': 'neutral'
}
const cell = 'border-t px-3 py-1 align-top'

function Beside({ metrics }: { metrics: readonly EvaluatedMetric[] }) {
  return (
    <div className="overflow-x-auto">
      <table className="w-full border-collapse" data-selectable>
        <thead>
          <tr className="text-caption text-muted">
            {['Figure', 'First test', 'Here', 'Difference', 'Verdict'].map((title, index) => (
              <th key={title} scope="col" className={`${cell} font-medium ${index === 0 || index === 4 ? 'text-left' : 'text-right'}`}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sortMetricKeys(metrics.map(({ key }) => key)).map((key) => (
            <Figure key={key} figure={metrics.find((each) => each.key === key)!} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Figure({ figure: { key, label, first, here, difference, low, high, verdict, why } }: { figure: EvaluatedMetric }) {
  const pair = { difference, low, high, level: 0.95 }
  return (
    <tr>
      <th scope="row" className={`${cell} text-left font-normal`}>
        {label}
      </th>
      {[first, here].map((metric, index) => (
        <td key={index} className={`${cell} text-right whitespace-nowrap`}>
          {metricText(key, metric.value)} <span className="text-muted">{intervalText(key, metric)}</span>
        </td>
      ))}
      <td className={`${cell} text-right whitespace-nowrap`}>{formatDifference(metricFormat(key), pair)}</td>
      <td className={cell}>
        <Badge status={looks[verdict]}>{verdictWords[verdict]}</Badge>
        {why !== null && <span className="pl-2 text-muted">{why}</span>}
      </td>
    </tr>
  )
}
