import { useState } from 'react'
import type { ResidualBin } from '../../../main/model/tasks/regression'
import { ForestPlot, Histogram, LineChart } from '../../charts'
import { formatCount, formatNumber, Panel, Select } from '../../ui'
import type { JudgedAmounts, NamedRun } from './judged'

const rowsOf = (bins: readonly ResidualBin[]) =>
  bins.map((bin) => ({
    key: `bin:${bin.label}`,
    label: `${bin.label} (n=${formatNumber(bin.count)})`,
    value: bin.mean,
    low: bin.lower,
    high: bin.upper
  }))

/** So many decimals that the widest bound has about three figures. */
const decimalsFor = (bins: readonly ResidualBin[]): number => {
  const most = Math.max(...bins.flatMap(({ lower, upper }) => [Math.abs(lower ?? 0), Math.abs(upper ?? 0)]), 1e-9)
  return Math.max(0, Math.min(6, 2 - Math.floor(Math.log10(most))))
}

/** Mean of outcome minus prediction along the predictions, with where nine of ten residuals lie. */
export function ResidualPanel({ run, evaluation }: { run: NamedRun; evaluation: JudgedAmounts }) {
  const bins = evaluation.residuals.predicted.flatMap((bin) =>
    bin.from === undefined || bin.to === undefined ? [] : [{ ...bin, x: (bin.from + bin.to) / 2 }]
  )
  return (
    <Panel>
      <LineChart
        title="Residuals by prediction"
        series={[
          {
            key: run.id,
            label: 'mean residual',
            points: bins.map(({ x, mean, lower, upper }) => ({ x, y: mean, low: lower, high: upper }))
          },
          { key: 'residuals:low', label: '5% point', dashed: true, points: bins.map(({ x, low }) => ({ x, y: low })) },
          { key: 'residuals:high', label: '95% point', dashed: true, points: bins.map(({ x, high }) => ({ x, y: high })) }
        ]}
        xAxis="Prediction (middle of the bin)"
        yAxis="Outcome minus prediction"
        reference="zero"
        height={280}
        empty="There are too few rows for bins."
      />
      <p className="text-caption text-muted">
        The band is the 95% interval of the mean; nine of ten residuals lie between the dashed lines. Where the band leaves zero out, the
        model could have known better.
      </p>
    </Panel>
  )
}

/** The same by the values of one feature at a time. */
export function FeatureResidualPanel({ evaluation }: { evaluation: JudgedAmounts }) {
  const { features, unlisted } = evaluation.residuals
  const [chosen, setChosen] = useState(features[0]?.feature ?? '')
  const bins = features.find(({ feature }) => feature === chosen)?.bins ?? []
  return (
    <Panel title="Residuals by feature" hint={unlisted > 0 ? `${formatCount(unlisted, 'feature')} beyond the listed ones` : undefined}>
      <div className="mb-2 w-64">
        <Select
          aria-label="Feature of the chart"
          value={chosen}
          onChange={setChosen}
          choices={features.map(({ feature }) => ({ value: feature, label: feature }))}
        />
      </div>
      <ForestPlot
        title={`Residuals by ${chosen}`}
        axis="Outcome minus prediction"
        reference={0}
        height={300}
        empty="There is no feature to look at."
        decimals={decimalsFor(bins)}
        plain
        rows={rowsOf(bins)}
      />
    </Panel>
  )
}

/** How the residuals spread, and how outcomes and predictions do. */
export function DistributionPanels({ evaluation }: { evaluation: JudgedAmounts }) {
  const { errors, amounts } = evaluation
  const beyond = errors.below + errors.above
  const edges = (bins: readonly { from: number; to: number }[]) => [...bins.map(({ from }) => from), ...bins.slice(-1).map(({ to }) => to)]
  return (
    <>
      <Panel>
        <Histogram
          title="Distribution of residuals"
          axis="Outcome minus prediction"
          height={280}
          edges={edges(errors.bins)}
          series={[{ key: 'amounts:residual', label: 'residual', counts: errors.bins.map(({ count }) => count) }]}
        />
        {beyond > 0 && (
          <p className="text-caption text-muted">
            {formatNumber(errors.below)} rows lie below and {formatNumber(errors.above)} above what is drawn.
          </p>
        )}
      </Panel>
      <Panel>
        <Histogram
          title="Outcomes and predictions"
          axis={evaluation.target.name}
          height={280}
          edges={edges(amounts)}
          series={[
            { key: 'amounts:observed', label: 'outcomes', counts: amounts.map(({ observed }) => observed) },
            { key: 'amounts:predicted', label: 'predictions', counts: amounts.map(({ predicted }) => predicted) }
          ]}
        />
      </Panel>
    </>
  )
}
