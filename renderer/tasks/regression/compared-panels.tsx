import { LineChart } from '../../charts'
import { Panel } from '../../ui'
import { calibrationSeries } from './calibration-panel'
import type { JudgedAmounts, NamedRun } from './judged'

/** The curves of several runs over each other, as cells of a grid. */
export function ComparedPanels({ judged }: { judged: readonly { run: NamedRun; evaluation: JudgedAmounts }[] }) {
  return (
    <>
      <Panel>
        <LineChart
          title="Calibration by tenths"
          series={judged.map(({ run, evaluation }) => calibrationSeries(run, evaluation))}
          xAxis="Mean prediction of the tenth"
          yAxis="Outcome"
          reference="diagonal"
          height={300}
          empty="None of these runs was evaluated."
        />
      </Panel>
      <Panel>
        <LineChart
          title="Distribution of residuals"
          series={judged.map(({ run, evaluation: { errors } }) => ({
            key: run.id,
            label: run.name,
            points: errors.bins.map(({ from, to, count }) => ({ x: (from + to) / 2, y: count / (to - from) }))
          }))}
          xAxis="Outcome minus prediction"
          yAxis="Rows per unit of the target"
          height={300}
          empty="None of these runs was evaluated."
        />
      </Panel>
    </>
  )
}
