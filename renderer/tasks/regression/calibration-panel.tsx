import { statisticWords } from '../../../main/model/tasks/regression'
import { LineChart, type LineSeries } from '../../charts'
import { Panel } from '../../ui'
import type { JudgedAmounts, NamedRun } from './judged'
import { withInterval } from './words'

/** What came against what was predicted, by tenths of the rows. */
export const calibrationSeries = (run: NamedRun, { calibration }: Pick<JudgedAmounts, 'calibration'>): LineSeries => ({
  key: run.id,
  label: run.name,
  points: calibration.map(({ predicted, observed, lower, upper }) => ({ x: predicted, y: observed, low: lower, high: upper }))
})

/** Calibration by tenths, with bias, slope and intercept. */
export function CalibrationPanel({ run, evaluation }: { run: NamedRun; evaluation: JudgedAmounts }) {
  const { reliability, target } = evaluation
  const { bias, slope, intercept } = reliability
  return (
    <Panel>
      <LineChart
        title="Calibration by tenths"
        series={[calibrationSeries(run, evaluation)]}
        xAxis="Mean prediction of the tenth"
        yAxis={`Outcome (${statisticWords(target)})`}
        reference="diagonal"
        height={280}
        empty="There are too few rows for tenths."
      />
      <p className="text-caption text-muted">
        {withInterval('Bias', bias)}
        {slope && intercept
          ? `; ${withInterval('slope', slope)}, ${withInterval('intercept', intercept)}, where 1 and 0 are calibrated`
          : ''}
        ; 95% intervals. The band is the 95% interval of the outcome of each tenth; on the dashed line predictions come true.
      </p>
    </Panel>
  )
}
