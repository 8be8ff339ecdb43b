import { formatAuto } from '../ui'
import { ChartFrame, type ChartProps } from './chart-frame'
import { ChartScroll } from './chart-scroll'
import { extentOf, linearScale } from './scale'
import { sequentialColour } from './sequential-colour'
import { FittedLabel, HorizontalAxis } from './svg-parts'
import { useWidth } from './use-width'

export interface StripPoint {
  /** Of the column; a text has no place between low and high, and null is missing. */
  value: number | string | null
  /** Where the point lies. */
  at: number
}

export interface Strip {
  label: string
  points: readonly StripPoint[]
}

export interface ValueStripsProps extends ChartProps {
  strips: readonly Strip[]
  axis: string
  /** What a strip stands for, for the table: "Column". */
  category: string
}

const ROW = 26
const DOT = 2.4

/** A strip of dots for each column, those at the same place above each other, coloured from the lowest value of the column to the highest. */
export function ValueStrips({ strips, axis, category, ...frame }: ValueStripsProps) {
  const [box, width] = useWidth<HTMLDivElement>()
  const labelWidth = Math.min(220, Math.max(60, width * 0.3))
  const left = labelWidth + 12
  const right = Math.max(left + 60, width - 14)
  const bottom = strips.length * ROW + 4
  const x = linearScale(
    extentOf(
      strips.flatMap(({ points }) => points.map(({ at }) => at)),
      [0]
    ),
    [left, right],
    Math.max(3, Math.floor((right - left) / 60))
  )
  return (
    <ChartFrame
      {...frame}
      isEmpty={strips.length === 0}
      table={{
        columns: [{ header: category }, { header: 'Value' }, { header: axis, numeric: true }],
        rows: strips.flatMap(({ label, points }) =>
          points.map(({ value, at }) => [label, typeof value === 'number' ? formatAuto(value) : (value ?? 'missing'), formatAuto(at)])
        )
      }}
    >
      <ValueLegend />
      <ChartScroll box={box} title={frame.title} height={bottom + 38} most={frame.height ?? 320}>
        <svg
          data-chart
          role="img"
          aria-label={`${frame.title}: ${strips.length} strips`}
          width={width}
          height={bottom + 38}
          className="block"
        >
          <HorizontalAxis scale={x} title={axis} left={left} right={right} top={0} bottom={bottom} />
          <line x1={x(0)} x2={x(0)} y1={0} y2={bottom} stroke="var(--line-strong)" />
          {strips.map(({ label, points }, index) => {
            const middle = index * ROW + ROW / 2 + 2
            const colourOf = colours(points)
            return (
              <g key={label}>
                <FittedLabel text={label} x={labelWidth} y={middle} width={labelWidth} />
                {placed(points, x).map(({ point, left: cx, up }, at) => {
                  const fill = colourOf(point.value)
                  return (
                    <circle
                      key={at}
                      cx={cx}
                      cy={middle + up}
                      r={DOT}
                      fill={fill ?? 'var(--surface-1)'}
                      stroke={fill === null ? 'var(--muted)' : 'none'}
                      fillOpacity={0.9}
                    />
                  )
                })}
              </g>
            )
          })}
        </svg>
      </ChartScroll>
    </ChartFrame>
  )
}

function ValueLegend() {
  const steps = [0, 0.2, 0.4, 0.6, 0.8, 1]
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-0.5 pb-1 text-caption text-muted">
      <span className="flex items-center gap-1.5">
        lowest value
        <svg aria-hidden width={steps.length * 10} height="8">
          {steps.map((share, index) => (
            <rect key={share} x={index * 10} width="10" height="8" fill={sequentialColour(share)} />
          ))}
        </svg>
        highest
      </span>
      <span className="flex items-center gap-1.5">
        <Dot fill="var(--muted)" /> text
      </span>
      <span className="flex items-center gap-1.5">
        <Dot fill="var(--surface-1)" /> missing
      </span>
    </p>
  )
}

const Dot = ({ fill }: { fill: string }) => (
  <svg aria-hidden width="8" height="8">
    <circle cx="4" cy="4" r="3" fill={fill} stroke="var(--muted)" />
  </svg>
)

/** By rank, so that one far value does not take all of the scale; null for a missing value. */
function colours(points: readonly StripPoint[]): (value: StripPoint['value']) => string | null {
  const ranks = new Map<number, number>()
  const numbers = points.flatMap(({ value }) => (typeof value === 'number' ? [value] : [])).sort((a, b) => a - b)
  numbers.forEach((value, rank) => ranks.has(value) || ranks.set(value, rank))
  const last = Math.max(1, ...ranks.values())
  return (value) => (value === null ? null : typeof value === 'string' ? 'var(--muted)' : sequentialColour(ranks.get(value)! / last))
}

/** Points side by side where they would lie over one another: in turn above and below the middle, as far as the strip goes. */
function placed(points: readonly StripPoint[], x: (at: number) => number): { point: StripPoint; left: number; up: number }[] {
  const taken = new Map<number, number>()
  const most = Math.floor((ROW / 2 - DOT) / 2)
  return points.map((point) => {
    const left = x(point.at)
    const bin = Math.round(left / (DOT * 1.6))
    const before = taken.get(bin) ?? 0
    taken.set(bin, before + 1)
    const step = Math.min(most, Math.ceil(before / 2))
    return { point, left, up: (before % 2 === 0 ? 1 : -1) * step * 2 }
  })
}
