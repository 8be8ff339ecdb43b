import { formatAuto, formatNumber } from '../ui'
import { ChartFrame, type ChartProps } from './chart-frame'
import { ChartScroll } from './chart-scroll'
import { extentOf, linearScale } from './scale'
import { seriesColour } from './series-colour'
import { FittedLabel, HorizontalAxis, textWidth } from './svg-parts'
import { useWidth } from './use-width'

export interface ForestRow {
  /** Colour key, the same as on the other charts: usually the run id. */
  key: string
  label: string
  value: number | null
  /** Bounds of the confidence interval; null when there is none. */
  low?: number | null
  high?: number | null
  /** Drawn as a ring: it cannot be told from the reference. */
  isOpen?: boolean
  /** Said where there is no value, such as "not a number"; by default a dash. */
  words?: string
}

export interface ForestPlotProps extends ChartProps {
  rows: readonly ForestRow[]
  axis: string
  /** Draws a line, for instance 0 for differences or the baseline's value. */
  reference?: number
  /** Of every figure; null for as many as suit its size. */
  decimals?: number | null
  /** Rows are values of one thing, such as bins of a column, and share one colour. */
  plain?: boolean
  /** Said in the table's header, default "95% CI". */
  interval?: string
  onSelect?: (key: string) => void
}

const ROW = 24

/** One dot with its interval per run: the honest way to compare a metric. */
export function ForestPlot({ rows, axis, reference, decimals = 3, interval = '95% CI', plain, onSelect, ...frame }: ForestPlotProps) {
  const [box, width] = useWidth<HTMLDivElement>()
  const drawn = rows.filter((row) => row.value !== null)
  const labelWidth = Math.min(180, Math.max(60, width * 0.28))
  const show = (value: number | null) => (decimals === null ? formatAuto(value) : formatNumber(value, decimals))
  const intervalText = (row: ForestRow) =>
    typeof row.low === 'number' && typeof row.high === 'number' ? `${show(row.low)}${row.low < 0 ? ' to ' : '\u2013'}${show(row.high)}` : ''
  const texts = rows.map((row) => `${row.words ?? show(row.value)}  ${intervalText(row)}`)
  const valueWidth = Math.min(width * 0.45, Math.max(60, ...texts.map(textWidth)) + 22)
  const left = labelWidth + 8
  const right = Math.max(left + 60, width - valueWidth)
  const bottom = rows.length * ROW + 6
  const x = linearScale(
    extentOf(
      drawn.flatMap((row) => [row.value, row.low, row.high]),
      reference === undefined ? [] : [reference],
      0.06
    ),
    [left, right],
    Math.max(3, Math.floor((right - left) / 60))
  )
  return (
    <ChartFrame
      {...frame}
      isEmpty={drawn.length === 0}
      table={{
        columns: [
          { header: 'Name' },
          { header: axis, numeric: true },
          { header: `${interval} low`, numeric: true },
          { header: `${interval} high`, numeric: true }
        ],
        rows: rows.map((row) => [row.label, row.words ?? row.value, row.low ?? null, row.high ?? null])
      }}
    >
      <ChartScroll box={box} title={frame.title} height={bottom + 38} most={frame.height ?? 320}>
        <svg
          data-chart
          role="img"
          aria-label={`${frame.title}: ${drawn.length} values`}
          width={width}
          height={bottom + 38}
          className="block"
        >
          <HorizontalAxis scale={x} title={axis} left={left} right={right} top={0} bottom={bottom} />
          {reference !== undefined && (
            <line x1={x(reference)} x2={x(reference)} y1={0} y2={bottom} stroke="var(--ink)" strokeDasharray="4 3" />
          )}
          {rows.map((row, index) => {
            const y = index * ROW + ROW / 2 + 3
            const colour = plain ? 'var(--data-1)' : seriesColour(row.key)
            return (
              <g key={row.key} onClick={() => onSelect?.(row.key)}>
                {onSelect && <rect x={0} y={y - ROW / 2} width={width} height={ROW} fill="transparent" />}
                <FittedLabel text={row.label} x={labelWidth} y={y} width={labelWidth} />
                {row.value !== null && typeof row.low === 'number' && typeof row.high === 'number' && (
                  <>
                    <line x1={x(row.low)} x2={x(row.high)} y1={y} y2={y} stroke={colour} strokeWidth={2} />
                    <line x1={x(row.low)} x2={x(row.low)} y1={y - 4} y2={y + 4} stroke={colour} strokeWidth={2} />
                    <line x1={x(row.high)} x2={x(row.high)} y1={y - 4} y2={y + 4} stroke={colour} strokeWidth={2} />
                  </>
                )}
                {row.value !== null && (
                  <circle
                    cx={x(row.value)}
                    cy={y}
                    r={4.5}
                    fill={row.isOpen ? 'var(--surface-1)' : colour}
                    stroke={row.isOpen ? colour : 'var(--surface-1)'}
                    strokeWidth={row.isOpen ? 2 : 1}
                  />
                )}
                <text
                  x={right + 12}
                  y={y}
                  dominantBaseline="central"
                  fill="var(--ink)"
                  fontSize={11}
                  fontFamily="'Inter Variable', system-ui, sans-serif"
                  style={{ fontVariantNumeric: 'tabular-nums' }}
                >
                  {row.words ?? show(row.value)}
                  <tspan fill="var(--muted)" dx={6}>
                    {intervalText(row)}
                  </tspan>
                </text>
              </g>
            )
          })}
        </svg>
      </ChartScroll>
    </ChartFrame>
  )
}
