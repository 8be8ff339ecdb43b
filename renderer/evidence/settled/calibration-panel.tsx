import { calibrationMethods, countsAs, gainWords, type CalibrationRecord, type ProbabilityMap } from '../../../main/model/calibration'
import { CalibrationChart, keepApart } from '../../charts'
import { formatCount, formatNumber, KeyValueList, Panel } from '../../ui'
import { Warnings } from './warnings'

const series = { before: 'probabilities before', after: 'probabilities after' } as const

/** What was stated against what came, before and after the correction, and what it is worth. */
export function CalibrationPanel({ record }: { record: CalibrationRecord }) {
  const { method, rows, figures, curves, parity, maps, warnings } = record
  keepApart(Object.values(series))
  const both = (before: number, after: number): string => `${formatNumber(before, 4)} before, ${formatNumber(after, 4)} after`
  return (
    <Panel title="Calibration before and after" hint={calibrationMethods[method]}>
      <CalibrationChart
        title={`Reliability of ${curves.of}`}
        series={(['before', 'after'] as const).map((side) => ({
          key: series[side],
          label: side === 'before' ? 'Before' : 'After',
          bins: curves[side].map(({ lower, upper, ...bin }) => ({ ...bin, low: lower, high: upper }))
        }))}
        height={280}
      />
      <KeyValueList
        className="mt-2 tabular-nums"
        labelWidth={140}
        items={[
          { label: 'Verdict', value: gainWords(figures.gain) },
          { label: 'Log loss', value: both(figures.before.logLoss, figures.after.logLoss) },
          { label: 'Brier score', value: both(figures.before.brier, figures.after.brier) },
          {
            label: 'Rows used',
            value: `${formatNumber(rows.used)} of ${formatNumber(rows.read)}${countsAs(rows.weight)}: ${rows.outcomes.map((each) => `${formatNumber(each.rows)} ${each.name}`).join(', ')}`
          },
          {
            label: 'Correction',
            value: maps.length === 1 ? mapWords(maps[0]!) : `a curve for each of ${formatCount(maps.length, 'class', 'classes')}`
          },
          {
            label: 'Exported model',
            value: `differs from it by at most ${parity.maxDifference.toExponential(1)} over ${formatCount(parity.rows, 'row')}`
          }
        ]}
      />
      <p className="mt-1 text-caption text-muted">
        Each row was corrected by what the others of {figures.folds} parts say, so no row corrects itself. Bars are 95% intervals (Wilson);
        on the dashed line probabilities come true.
      </p>
      <Warnings of={warnings} />
    </Panel>
  )
}

function mapWords(map: ProbabilityMap): string {
  const short = (value: number): string => formatNumber(value, 4)
  if (map.method === 'isotonic') return `a rising curve through ${formatCount(map.x.length, 'point')}`
  const added = (value: number): string => `${value < 0 ? '−' : '+'} ${short(Math.abs(value))}`
  if (map.method === 'platt') return `logistic(${short(map.slope)} × log-odds ${added(map.intercept)})`
  if (map.method === 'beta') return `logistic(${short(map.a)} × ln p − ${short(map.b)} × ln(1 − p) ${added(map.c)})`
  return `temperature ${short(map.temperature)}`
}
