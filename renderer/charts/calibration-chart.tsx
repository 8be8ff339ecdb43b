import { formatNumber } from '../ui'
import { ChartFrame, type ChartProps } from './chart-frame'
import { linearScale } from './scale'
import { seriesColour } from './series-colour'
import { HorizontalAxis, VerticalAxis } from './svg-parts'
import { useWidth } from './use-width'

export interface CalibrationBin {
  /** Mean predicted probability of the bin. */
  predicted: number
  /** Share of positives that was observed. */
  observed: number
  count: number
  low?: number | null
  high?: number | null
}

export interface CalibrationChartProps extends ChartProps {
  series: readonly { key: string; label: string; bins: readonly CalibrationBin[] }[]
}

/** Predicted against observed probability; on the dashed diagonal a model says what happens. Dot area grows with the count. */
export function CalibrationChart({ series, ...frame }: CalibrationChartProps) {
  const [box, width] = useWidth<HTMLDivElement>()
  const height = frame.height ?? 280
  const left = 52
  const right = Math.max(left + 80, Math.min(width - 12, left + (height - 46) * 1.5))
  const bottom = height - 38
  const bins = series.flatMap((each) => each.bins)
  const top = Math.min(1, Math.max(0.1, ...bins.flatMap((bin) => [bin.predicted, bin.observed, bin.high ?? 0])) * 1.05)
  const x = linearScale([0, top], [left, right])
  const y = linearScale([0, top], [bottom, 8])
  const largest = Math.max(1, ...bins.map((bin) => bin.count))
  return (
    <ChartFrame
      {...frame}
      isEmpty={bins.length === 0}
      legend={series.map((each) => ({ label: each.label, colour: seriesColour(each.key) }))}
      table={{
        columns: [
          { header: 'Model' },
          ...['Predicted', 'Observed', '95% CI low', '95% CI high', 'Rows'].map((header) => ({ header, numeric: true }))
        ],
        rows: series.flatMap((each) =>
          each.bins.map((bin) => [
            each.label,
            formatNumber(bin.predicted, 3),
            formatNumber(bin.observed, 3),
            formatNumber(bin.low ?? null, 3),
            formatNumber(bin.high ?? null, 3),
            bin.count
          ])
        )
      }}
    >
      <div ref={box}>
        <svg data-chart role="img" aria-label={`${frame.title}: ${bins.length} bins`} width={width} height={height} className="block">
          <VerticalAxis scale={y} title="Observed share" left={left} right={right} top={8} bottom={bottom} />
          <HorizontalAxis scale={x} title="Predicted probability" left={left} right={right} top={8} bottom={bottom} />
          <line x1={x(0)} y1={y(0)} x2={x(top)} y2={y(top)} stroke="var(--muted)" strokeDasharray="4 3" />
          {series.map((each) => {
            const colour = seriesColour(each.key)
            const drawn = each.bins.filter((bin) => bin.count > 0)
            return (
              <g key={each.key}>
                <polyline
                  points={drawn.map((bin) => `${x(bin.predicted)},${y(bin.observed)}`).join(' ')}
                  fill="none"
                  stroke={colour}
                  strokeWidth={1.5}
                />
                {drawn.map((bin, index) => (
                  <g key={index}>
                    {typeof bin.low === 'number' && typeof bin.high === 'number' && (
                      <line
                        x1={x(bin.predicted)}
                        x2={x(bin.predicted)}
                        y1={y(bin.low)}
                        y2={y(bin.high)}
                        stroke={colour}
                        strokeWidth={1.5}
                      />
                    )}
                    <circle
                      cx={x(bin.predicted)}
                      cy={y(bin.observed)}
                      r={2.5 + 4 * Math.sqrt(bin.count / largest)}
                      fill={colour}
                      stroke="var(--surface-1)"
                    >
                      <title>{`${each.label}: predicted ${formatNumber(bin.predicted, 3)}, observed ${formatNumber(bin.observed, 3)}, ${formatNumber(bin.count)} rows`}</title>
                    </circle>
                  </g>
                ))}
              </g>
            )
          })}
        </svg>
      </div>
    </ChartFrame>
  )
}
