import type { BinaryEvaluation } from '../../../main/model/evaluation'
import { CalibrationChart, LineChart } from '../../charts'
import { Panel } from '../../ui'
import type { JudgedRun } from '../task'
import { calibrationBins, rocSeries } from './evaluation-series'

/** The curves of several runs over each other, as cells of a grid. */
export function ComparedPanels({ judged }: { judged: readonly JudgedRun<BinaryEvaluation>[] }) {
  return (
    <>
      <Panel>
        <LineChart
          title="ROC curves"
          series={judged.map(({ run, evaluation }) => rocSeries(run, evaluation))}
          xAxis="False positive rate"
          yAxis="Recall (true positive rate)"
          reference="diagonal"
          xRange={[0, 1]}
          yRange={[0, 1]}
          height={300}
          empty="None of these runs was evaluated."
        />
      </Panel>
      <Panel>
        <CalibrationChart
          title="Calibration"
          series={judged.map(({ run, evaluation }) => ({
            key: run.id,
            label: run.name,
            bins: calibrationBins(evaluation)
          }))}
          height={300}
          empty="None of these runs was evaluated."
        />
      </Panel>
    </>
  )
}
