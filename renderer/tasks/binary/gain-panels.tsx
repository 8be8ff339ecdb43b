import type { BinaryEvaluation } from '../../../main/model/evaluation'
import { LineChart } from '../../charts'
import { formatNumber, Panel } from '../../ui'

/** How much of the events the highest scores hold, and how many times the average each tenth has; nothing for evaluations of before. */
export function GainPanels({ run, evaluation: { gains = [] } }: { run: { id: string; name: string }; evaluation: BinaryEvaluation }) {
  const [first] = gains
  if (!first) return null
  return (
    <>
      <Panel>
        <LineChart
          title="Cumulative gains"
          series={[{ key: run.id, label: run.name, points: [{ x: 0, y: 0 }, ...gains.map(({ share, gain }) => ({ x: share, y: gain }))] }]}
          xAxis="Share of the rows, highest scores first"
          yAxis="Share of the events"
          reference="diagonal"
          xRange={[0, 1]}
          yRange={[0, 1]}
          height={260}
        />
        <p className="text-caption text-muted">
          The tenth of the rows with the highest scores holds {formatNumber(first.gain * 100, 1)}% of the events; the dashed line is what
          rows at random hold.
        </p>
      </Panel>
      <Panel>
        <LineChart
          title="Lift by tenth"
          series={[
            {
              key: run.id,
              label: run.name,
              points: gains.map(({ share, lift, lower, upper }) => ({ x: Math.round(share * 10), y: lift, low: lower, high: upper }))
            }
          ]}
          xAxis="Tenth of the rows, highest scores first"
          yAxis="Events, times the average"
          reference={1}
          height={260}
        />
        <p className="text-caption text-muted">
          How many times as many events a tenth has as the rows at large.{' '}
          {first.lower === null ? '' : 'The band is the 95% Wilson interval of its share of events over the share in all rows. '}On the
          dashed line a tenth is like any other.
        </p>
      </Panel>
    </>
  )
}
