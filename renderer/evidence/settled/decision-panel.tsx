import { useMemo } from 'react'
import { countsAs } from '../../../main/model/calibration'
import {
  alternativesOf,
  isClassDecision,
  ruleWords,
  type DecisionAlternative,
  type DecisionRecord,
  type ThresholdRecord
} from '../../../main/model/decision'
import { keepApart, LineChart, type LineSeries } from '../../charts'
import { formatNumber, KeyValueList, NO_VALUE, Panel, VirtualTable, type Column } from '../../ui'
import { ClassDecisionPanel } from './class-decision-panel'
import { Warnings } from './warnings'

/** How it is decided by what the model states, by which rule, and what else could have been. */
export const DecisionPanel = ({ record }: { record: DecisionRecord }) =>
  isClassDecision(record) ? <ClassDecisionPanel record={record} /> : <ThresholdPanel record={record} />

/** Which threshold was chosen, what it does to the rows of the choice, and what others would. */
function ThresholdPanel({ record }: { record: ThresholdRecord }) {
  const { rule, rows, threshold, chosen, warnings } = record
  const hasCosts = chosen.cost !== undefined
  const series = useMemo(() => (hasCosts ? costSeries(record) : rateSeries(record)), [record, hasCosts])
  const alternatives = useMemo(() => alternativesOf(record), [record])
  return (
    <Panel title="Decision" hint={`threshold ${formatNumber(threshold, 4)}`}>
      <LineChart
        title={hasCosts ? 'Cost a row by threshold' : 'Rates by threshold'}
        series={series}
        xAxis="Threshold"
        yAxis={hasCosts ? 'Cost a row' : 'Share of rows'}
        xRange={[0, 1]}
        {...(!hasCosts && { yRange: [0, 1] as const })}
        height={240}
      />
      <KeyValueList
        className="mt-2 tabular-nums"
        labelWidth={140}
        items={[
          { label: 'Chosen by', value: ruleWords(rule) },
          {
            label: 'Rows used',
            value: `${formatNumber(rows.used)} of ${formatNumber(rows.read)}, ${formatNumber(rows.events)} of them the event${countsAs(rows.weight)}`
          },
          { label: 'Chosen rows', value: share(chosen.selection) },
          { label: 'Recall', value: share(chosen.recall) },
          { label: 'Precision', value: share(chosen.precision) },
          { label: 'Specificity', value: share(chosen.specificity) },
          chosen.cost !== undefined && { label: 'Cost a row', value: formatNumber(chosen.cost, 4) },
          chosen.perPeriod && {
            label: rule.by === 'capacity' && rule.period ? `Rows a ${rule.period}` : 'Rows of a period',
            value: `${formatNumber(chosen.perPeriod.value, 1)} (95%: ${formatNumber(chosen.perPeriod.lower, 1)} to ${formatNumber(chosen.perPeriod.upper, 1)})`
          }
        ]}
      />
      <div className="mt-2" style={{ height: 44 + 32 * alternatives.length }}>
        <VirtualTable
          label="What else could have been decided"
          columns={hasCosts ? [...columns, costColumn] : columns}
          rows={alternatives}
          rowKey={({ name }) => name}
          empty={<p>Nothing else.</p>}
        />
      </div>
      <p className="mt-1 text-caption text-muted">
        {rule.by === 'given'
          ? 'A person gave the threshold and no row chose it, so these rows only measure what it does.'
          : 'Chosen on these rows alone, so it looks a little better on them than it will be; the evaluation judges it on others.'}{' '}
        95% intervals (Wilson).
      </p>
      <Warnings of={warnings} />
    </Panel>
  )
}

type Rate = ThresholdRecord['chosen']['recall']
const percent = (value: number): string => formatNumber(value * 100, 1)
const share = (rate: Rate): string => (rate ? `${percent(rate.value)}% (95%: ${percent(rate.lower)} to ${percent(rate.upper)})` : NO_VALUE)

/** A line straight up where the choice fell. */
const marked = (threshold: number, top: number): LineSeries => ({
  key: 'chosen threshold',
  label: 'Chosen',
  dashed: true,
  points: [
    { x: threshold, y: 0 },
    { x: threshold, y: top }
  ]
})

function costSeries({ curve, threshold }: ThresholdRecord): LineSeries[] {
  keepApart(['cost a row', 'chosen threshold'])
  const points = curve.map(({ threshold: x, cost = null }) => ({ x, y: cost }))
  return [{ key: 'cost a row', label: 'Cost a row', points }, marked(threshold, Math.max(...points.map(({ y }) => y ?? 0)))]
}

function rateSeries({ curve, threshold }: ThresholdRecord): LineSeries[] {
  const rates = { recall: 'Recall', precision: 'Precision', selection: 'Chosen rows' } as const
  keepApart([...Object.keys(rates), 'chosen threshold'])
  return [
    ...Object.entries(rates).map(([key, label]): LineSeries => ({
      key,
      label,
      points: curve.map((point) => ({ x: point.threshold, y: point[key as keyof typeof rates] }))
    })),
    marked(threshold, 1)
  ]
}

const rateColumn = (id: 'selection' | 'recall' | 'precision', header: string): Column<DecisionAlternative> => ({
  ...{ id, header, width: id === 'precision' ? 94 : 82, numeric: true },
  value: (row) => row[id],
  cell: (row) => (row[id] === null ? NO_VALUE : percent(row[id]))
})

const columns: Column<DecisionAlternative>[] = [
  { id: 'name', header: 'Decision', value: ({ name }) => name, width: 128, grow: true, pinned: true },
  {
    ...{ id: 'threshold', header: 'From', width: 72, numeric: true },
    value: ({ threshold }) => threshold,
    cell: ({ threshold }) => formatNumber(threshold, 4)
  },
  rateColumn('selection', 'Chosen, %'),
  rateColumn('recall', 'Recall, %'),
  rateColumn('precision', 'Precision, %')
]

const costColumn: Column<DecisionAlternative> = {
  ...{ id: 'cost', header: 'Cost a row', width: 92, numeric: true },
  value: ({ cost }) => cost,
  cell: ({ cost }) => (cost === undefined ? NO_VALUE : formatNumber(cost, 4))
}
