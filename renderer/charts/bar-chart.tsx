import { formatAuto, formatNumber } from '../ui'
import { ChartFrame, type ChartProps } from './chart-frame'
import { ChartScroll } from './chart-scroll'
import { extentOf, linearScale } from './scale'
import { seriesColour } from './series-colour'
import { FittedLabel, HorizontalAxis } from './svg-parts'
import { useWidth } from './use-width'

export interface Bar {
  label: string
  value: number
  /** Colours the bar like this run or class on other charts; without it all bars share one colour. */
  key?: string
  low?: number | null
  high?: number | null
}

export interface BarChartProps extends ChartProps {
  bars: readonly Bar[]
  axis: string
  /** What a bar stands for, for the table: "Group", "Column". */
  category: string
  decimals?: number
  onSelect?: (label: string) => void
}

const ROW = 22

/** Horizontal bars from zero, so that long names stay readable; negative values go left of the zero line. */
export function BarChart({ bars, axis, category, decimals, onSelect, ...frame }: BarChartProps) {
  const [box, width] = useWidth<HTMLDivElement>()
  const labelWidth = Math.min(220, Math.max(60, width * 0.32))
  const left = labelWidth + 8
  const right = Math.max(left + 60, width - 72)
  const bottom = bars.length * ROW + 4
  const x = linearScale(
    extentOf(
      bars.flatMap((bar) => [bar.value, bar.low, bar.high]),
      [0]
    ),
    [left, right],
    Math.max(3, Math.floor((right - left) / 60))
  )
  const show = (value: number) => (decimals === undefined ? formatAuto(value) : formatNumber(value, decimals))
  const shown = (value: number | null | undefined) => (typeof value === 'number' ? show(value) : null)
  const hasIntervals = bars.some(({ low, high }) => typeof low === 'number' && typeof high === 'number')
  return (
    <ChartFrame
      {...frame}
      isEmpty={bars.length === 0}
      table={{
        columns: [
          { header: category },
          { header: axis, numeric: true },
          ...(hasIntervals ? ['95% CI low', '95% CI high'].map((header) => ({ header, numeric: true })) : [])
        ],
        rows: bars.map((bar) => [bar.label, ...[bar.value, ...(hasIntervals ? [bar.low, bar.high] : [])].map((each) => shown(each))])
      }}
    >
      <ChartScroll box={box} title={frame.title} height={bottom + 38} most={frame.height ?? 320}>
        <svg data-chart role="img" aria-label={`${frame.title}: ${bars.length} bars`} width={width} height={bottom + 38} className="block">
          <HorizontalAxis scale={x} title={axis} left={left} right={right} top={0} bottom={bottom} />
          {bars.map((bar, index) => {
            const y = index * ROW + 4
            const from = Math.min(x(0), x(bar.value))
            const colour = bar.key === undefined ? 'var(--data-1)' : seriesColour(bar.key)
            return (
              <g key={`${bar.label}-${index}`} onClick={() => onSelect?.(bar.label)}>
                <FittedLabel text={bar.label} x={labelWidth} y={y + 8} width={labelWidth} />
                <rect x={from} y={y} width={Math.max(1, Math.abs(x(bar.value) - x(0)))} height={16} rx={2} fill={colour}>
                  <title>{`${bar.label}: ${show(bar.value)}`}</title>
                </rect>
                {typeof bar.low === 'number' && typeof bar.high === 'number' && (
                  <line x1={x(bar.low)} x2={x(bar.high)} y1={y + 8} y2={y + 8} stroke="var(--ink)" strokeWidth={1.5} />
                )}
                <text
                  x={Math.max(x(bar.value), x(bar.high ?? bar.value), x(0)) + 6}
                  y={y + 8}
                  dominantBaseline="central"
                  fill="var(--ink)"
                  fontSize={11}
                  fontFamily="'Inter Variable', system-ui, sans-serif"
                >
                  {show(bar.value)}
                </text>
              </g>
            )
          })}
          <line x1={x(0)} x2={x(0)} y1={0} y2={bottom} stroke="var(--line-strong)" />
        </svg>
      </ChartScroll>
    </ChartFrame>
  )
}
