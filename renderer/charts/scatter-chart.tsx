import { formatAuto, type Direction } from '../ui'
import { ChartFrame, type ChartProps } from './chart-frame'
import { extentOf, linearScale, type Scale } from './scale'
import { seriesColour } from './series-colour'
import { HorizontalAxis, VerticalAxis } from './svg-parts'
import { useWidth } from './use-width'

export interface ScatterValue {
  value: number
  low?: number | null
  high?: number | null
}
/** A filled square, a hollow one, a circle, a cross. */
export type ScatterMark = 'leads' | 'open' | 'behind' | 'left-out'
export interface ScatterPoint {
  /** Colour key, the same as on the other charts: usually the run id. */
  key: string
  label: string
  x: ScatterValue
  y: ScatterValue
  /** Leading points are joined by the dashed line; each way to stand has a form of its own. */
  mark?: ScatterMark
  /** Drawn in its colour and with its name, for instance when it is selected. */
  marked?: boolean
}

export interface ScatterAxis {
  /** With unit. */
  title: string
  direction?: Direction
  format?: (value: number) => string
}

export interface ScatterChartProps extends ChartProps {
  points: readonly ScatterPoint[]
  x: ScatterAxis
  y: ScatterAxis
  /** What each mark says, for tooltips and the table. */
  words: Readonly<Record<ScatterMark, string>>
  onSelect?: (key: string) => void
}

/** More points than this are drawn as one shape without names; the leading and marked ones always have theirs. */
const SINGLE_LIMIT = 300

/** Two metrics against one another with their intervals, and how each point stands beside the others. */
export function ScatterChart({ points, x: xAxis, y: yAxis, words, onSelect, ...frame }: ScatterChartProps) {
  const [box, width] = useWidth<HTMLDivElement>()
  const height = frame.height ?? 300
  const left = 62
  const right = Math.max(left + 60, width - 12)
  const bottom = height - 38
  const crowded = points.length > SINGLE_LIMIT
  const isNamed = (point: ScatterPoint): boolean => !crowded || point.mark === 'leads' || Boolean(point.marked)
  const single = points.filter(isNamed)
  const rest = points.filter((point) => !isNamed(point))
  const spread = (pick: (point: ScatterPoint) => ScatterValue) => [
    ...points.map((point) => pick(point).value),
    ...single.flatMap((point) => [pick(point).low, pick(point).high])
  ]
  const x = linearScale(
    extentOf(
      spread((point) => point.x),
      [],
      0.06
    ),
    [left, right],
    Math.max(3, Math.floor((right - left) / 70))
  )
  const y = linearScale(
    extentOf(
      spread((point) => point.y),
      [],
      0.08
    ),
    [bottom, 8],
    5
  )
  const show = (axis: ScatterAxis, value: number | null | undefined) =>
    value === null || value === undefined ? null : axis.format ? axis.format(value) : formatAuto(value)
  return (
    <ChartFrame
      {...frame}
      isEmpty={points.length === 0}
      table={{
        columns: [
          { header: 'Name' },
          { header: xAxis.title, numeric: true },
          { header: yAxis.title, numeric: true },
          { header: '95% CI low', numeric: true },
          { header: '95% CI high', numeric: true },
          { header: 'Beside the others' }
        ],
        rows: points.map((point) => [
          point.label,
          show(xAxis, point.x.value),
          show(yAxis, point.y.value),
          show(yAxis, point.y.low),
          show(yAxis, point.y.high),
          point.mark ? words[point.mark] : null
        ])
      }}
    >
      <div ref={box}>
        <svg data-chart role="img" aria-label={`${frame.title}: ${points.length} points`} width={width} height={height} className="block">
          <VerticalAxis scale={y} title={yAxis.title} left={left} right={right} top={8} bottom={bottom} format={yAxis.format} />
          <HorizontalAxis scale={x} title={xAxis.title} left={left} right={right} top={8} bottom={bottom} format={xAxis.format} />
          {rest.length > 0 && (
            <path
              d={rest.map((point) => `M${x(point.x.value).toFixed(1)} ${y(point.y.value).toFixed(1)}h0`).join('')}
              stroke="var(--line-strong)"
              strokeOpacity={0.6}
              strokeWidth={4}
              strokeLinecap="round"
            />
          )}
          <path
            d={frontPath(points, x, y, xAxis.direction ?? 'higher')}
            fill="none"
            stroke="var(--ink)"
            strokeWidth={1.25}
            strokeDasharray="5 3"
          />
          {[...single]
            .sort((a, b) => Number(Boolean(a.marked)) - Number(Boolean(b.marked)))
            .map((point) => (
              <Dot
                key={point.key}
                point={point}
                x={x}
                y={y}
                right={right}
                onSelect={onSelect}
                text={[...[xAxis, yAxis].map(textOf(point)), ...(point.mark ? [words[point.mark]] : [])]}
              />
            ))}
        </svg>
      </div>
    </ChartFrame>
  )

  function textOf(point: ScatterPoint) {
    return (axis: ScatterAxis, index: number) => `${axis.title} ${show(axis, index === 0 ? point.x.value : point.y.value)}`
  }
}

interface DotProps {
  point: ScatterPoint
  x: Scale
  y: Scale
  right: number
  text: string[]
  onSelect?: (key: string) => void
}

function Dot({ point, x, y, right, text, onSelect }: DotProps) {
  const isUpFront = point.mark === 'leads' || point.mark === 'open'
  const colour = isUpFront || point.marked ? seriesColour(point.key) : 'var(--line-strong)'
  const [cx, cy] = [x(point.x.value), y(point.y.value)]
  const toLeft = cx > right - 110
  return (
    <g onClick={() => onSelect?.(point.key)}>
      {typeof point.y.low === 'number' && typeof point.y.high === 'number' && (
        <line x1={cx} x2={cx} y1={y(point.y.low)} y2={y(point.y.high)} stroke={colour} strokeOpacity={0.7} strokeWidth={1.5} />
      )}
      {typeof point.x.low === 'number' && typeof point.x.high === 'number' && (
        <line x1={x(point.x.low)} x2={x(point.x.high)} y1={cy} y2={cy} stroke={colour} strokeOpacity={0.7} strokeWidth={1.5} />
      )}
      <Mark mark={point.mark} cx={cx} cy={cy} colour={colour} isLarge={Boolean(point.marked)} />
      {point.marked && (
        <text
          x={toLeft ? cx - 8 : cx + 8}
          y={cy - 8}
          textAnchor={toLeft ? 'end' : 'start'}
          fill="var(--ink)"
          fontSize={11}
          fontFamily="'Inter Variable', system-ui, sans-serif"
        >
          {point.label.length > 24 ? `${point.label.slice(0, 23)}\u2026` : point.label}
        </text>
      )}
      <title>{[point.label, ...text].join('\n')}</title>
    </g>
  )
}

function Mark({
  mark,
  cx,
  cy,
  colour,
  isLarge
}: {
  mark: ScatterMark | undefined
  cx: number
  cy: number
  colour: string
  isLarge: boolean
}) {
  if (mark === 'leads') return <rect x={cx - 4.5} y={cy - 4.5} width={9} height={9} fill={colour} stroke="var(--surface-1)" />
  if (mark === 'open') return <rect x={cx - 4} y={cy - 4} width={8} height={8} fill="var(--surface-1)" stroke={colour} strokeWidth={2} />
  if (mark === 'left-out')
    return <path d={`M${cx - 4} ${cy - 4}l8 8m0 -8l-8 8`} stroke={colour} strokeWidth={2} strokeLinecap="round" fill="none" />
  return <circle cx={cx} cy={cy} r={isLarge ? 5 : 4} fill={colour} stroke="var(--surface-1)" />
}

/** The staircase between leading points: what can be had, not a straight line that no run reaches. */
function frontPath(points: readonly ScatterPoint[], x: Scale, y: Scale, xDirection: Direction): string {
  const front = points.filter((point) => point.mark === 'leads').sort((a, b) => a.x.value - b.x.value)
  return front
    .map((point, index) => {
      const [px, py] = [x(point.x.value).toFixed(1), y(point.y.value).toFixed(1)]
      if (index === 0) return `M${px} ${py}`
      return xDirection === 'lower' ? `H${px}V${py}` : `V${py}H${px}`
    })
    .join('')
}
