import { formatAuto, formatNumber } from '../ui'
import { ChartFrame, type ChartProps } from './chart-frame'
import { linearScale } from './scale'
import { seriesColour } from './series-colour'
import { HorizontalAxis, VerticalAxis } from './svg-parts'
import { useWidth } from './use-width'

export interface HistogramSeries {
  key: string
  label: string
  /** One count per bin. */
  counts: readonly number[]
}

export interface HistogramProps extends ChartProps {
  /** Bin edges, one more than bins, rising. */
  edges: readonly number[]
  series: readonly HistogramSeries[]
  /** Name of the value, with its unit in `unit`. */
  axis: string
  countAxis?: string
}

/** Counts per bin; several series lie over one another as outlines. */
export function Histogram({ edges, series, axis, countAxis = 'Rows', ...frame }: HistogramProps) {
  const [box, width] = useWidth<HTMLDivElement>()
  const height = frame.height ?? 220
  const left = 64
  const right = width - 12
  const bottom = height - 38
  const bins = edges.length - 1
  const largest = Math.max(1, ...series.flatMap((each) => each.counts))
  const x = linearScale([edges[0] ?? 0, edges[bins] ?? 1], [left, right], Math.max(2, Math.floor((right - left) / 80)))
  const y = linearScale([0, largest * 1.04], [bottom, 8], 6)
  const single = series.length === 1
  return (
    <ChartFrame
      {...frame}
      isEmpty={bins < 1 || series.every((each) => each.counts.every((count) => count === 0))}
      legend={series.map((each) => ({ label: each.label, colour: seriesColour(each.key) }))}
      table={{
        columns: [
          { header: `${axis} from`, numeric: true },
          { header: 'to', numeric: true },
          ...series.map((each) => ({ header: each.label, numeric: true }))
        ],
        rows: Array.from({ length: Math.max(0, bins) }, (_, bin) => [
          formatAuto(edges[bin]),
          formatAuto(edges[bin + 1]),
          ...series.map((each) => each.counts[bin] ?? 0)
        ])
      }}
    >
      <div ref={box}>
        <svg data-chart role="img" aria-label={`${frame.title}: ${bins} bins`} width={width} height={height} className="block">
          <VerticalAxis
            scale={y}
            title={countAxis}
            left={left}
            right={right}
            top={8}
            bottom={bottom}
            format={(value) => formatNumber(value)}
          />
          <HorizontalAxis
            scale={x}
            title={frame.unit ? `${axis}, ${frame.unit}` : axis}
            left={left}
            right={right}
            top={bottom}
            bottom={bottom}
            format={formatAuto}
          />
          {series.map((each) => (
            <g key={each.key}>
              {each.counts.map((count, bin) => (
                <rect
                  key={bin}
                  x={x(edges[bin]) + (single ? 0.5 : 0)}
                  y={y(count)}
                  width={Math.max(1, x(edges[bin + 1]) - x(edges[bin]) - (single ? 1 : 0))}
                  height={Math.max(0, bottom - y(count))}
                  fill={single ? 'var(--data-1)' : seriesColour(each.key)}
                  fillOpacity={single ? 1 : 0.25}
                  stroke={single ? undefined : seriesColour(each.key)}
                >
                  <title>{`${each.label}: ${formatNumber(count)} from ${formatAuto(edges[bin])} to ${formatAuto(edges[bin + 1])}`}</title>
                </rect>
              ))}
            </g>
          ))}
        </svg>
      </div>
    </ChartFrame>
  )
}
