import { formatAuto } from '../ui'
import { ChartFrame, type ChartProps } from './chart-frame'
import { extentOf, linearScale } from './scale'
import { chartFont, fitText, HorizontalAxis, VerticalAxis } from './svg-parts'
import { useWidth } from './use-width'

type Value = number | string | null

export interface DependencePoint {
  value: Value
  at: number
}

/** A curve over the values of `grid`; null where it has no height. */
export interface DependenceCurveLine {
  label: string
  heights: readonly (number | null)[]
  low?: readonly (number | null)[]
  high?: readonly (number | null)[]
}

export interface DependenceChartProps extends ChartProps {
  xAxis: string
  yAxis: string
  /** Dots of rows. */
  points?: readonly DependencePoint[]
  /** Values that the curves are known at: numbers rising, or texts; missing last. */
  grid?: readonly Value[]
  curve?: DependenceCurveLine
  /** Thin lines of single rows behind the curve. */
  lines?: readonly (readonly number[])[]
  format?: (value: number) => string
}

/** Against the values of a column: what rows have, or how the answer goes on average and for single rows. */
export function DependenceChart({ xAxis, yAxis, points = [], grid = [], curve, lines = [], format, ...frame }: DependenceChartProps) {
  const [box, width] = useWidth<HTMLDivElement>()
  const height = frame.height ?? 280
  const [left, right, top] = [62, Math.max(140, width - 12), 8]
  const place = placesOf([...grid, ...points.map(({ value }) => value)], left, right)
  // Names that would be cut to a letter stand aslant, with room below.
  const isSlanted = place.scale === null && place.names.some(({ room }) => room < 56)
  const bottom = height - (isSlanted ? 104 : 40)
  const y = linearScale(
    extentOf(
      [
        ...points.map(({ at }) => at),
        ...(curve ? [...curve.heights, ...(curve.low ?? []), ...(curve.high ?? [])] : []),
        ...(place.scale ? lines.flat() : [])
      ],
      [],
      0.06
    ),
    [bottom, top],
    5
  )
  return (
    <ChartFrame
      {...frame}
      isEmpty={points.length === 0 && grid.length === 0}
      table={{
        columns: [
          { header: xAxis, numeric: place.scale !== null },
          { header: curve?.label ?? yAxis, numeric: true },
          ...(curve?.low
            ? [
                { header: '95% CI low', numeric: true },
                { header: '95% CI high', numeric: true }
              ]
            : [])
        ],
        rows: curve
          ? grid.map((value, at) => [
              wordsOf(value),
              ...[curve.heights[at], ...(curve.low ? [curve.low[at], curve.high?.[at]] : [])].map((each) => each ?? null)
            ])
          : points.map(({ value, at }) => [wordsOf(value), at])
      }}
    >
      <div ref={box}>
        <svg
          data-chart
          role="img"
          aria-label={`${frame.title}: ${points.length + grid.length} values`}
          width={width}
          height={height}
          className="block"
        >
          <VerticalAxis scale={y} title={yAxis} left={left} right={right} top={top} bottom={bottom} />
          {place.scale ? (
            <HorizontalAxis scale={place.scale} title={xAxis} left={left} right={right} top={top} bottom={bottom} format={format} />
          ) : (
            <g {...chartFont}>
              <text x={(left + right) / 2} y={isSlanted ? height - 6 : bottom + 30} textAnchor="middle" fill="var(--muted)">
                {xAxis}
              </text>
              <line x1={left} x2={right} y1={bottom} y2={bottom} stroke="var(--line-strong)" />
            </g>
          )}
          {place.names.map(({ text, x, room }) => (
            <text
              key={text}
              {...(isSlanted
                ? { transform: `translate(${x + 3} ${bottom + 12}) rotate(-50)`, textAnchor: 'end' as const }
                : { x, y: bottom + 14, textAnchor: 'middle' as const })}
              fill="var(--muted)"
              {...chartFont}
            >
              {fitText(text, isSlanted ? 96 : room)}
              <title>{text}</title>
            </text>
          ))}
          {y.domain[0] < 0 && y.domain[1] > 0 && <line x1={left} x2={right} y1={y(0)} y2={y(0)} stroke="var(--line-strong)" />}
          {(place.scale ? lines : []).map((line, at) => (
            <path key={at} d={pathOf(grid, line, place.x, y)} fill="none" stroke="var(--muted)" strokeOpacity={0.25} />
          ))}
          {points.map(({ value, at }, index) => (
            <circle
              key={index}
              cx={place.x(value) + shift(index, value, place.scale !== null)}
              cy={y(at)}
              r={2.6}
              fill="var(--data-1)"
              fillOpacity={0.55}
            />
          ))}
          {curve && <Curve grid={grid} curve={curve} x={place.x} y={y} />}
        </svg>
      </div>
    </ChartFrame>
  )
}

const wordsOf = (value: Value): string => (value === null ? 'missing' : typeof value === 'number' ? formatAuto(value) : value)

/** Dots of the same text lie beside each other, by their number, and those of a number exactly where it is. */
const shift = (index: number, value: Value, isNumber: boolean): number => (isNumber && value !== null ? 0 : ((index * 7) % 17) - 8)

/** Numbers on a scale, with missing values right of it; or texts side by side. */
function placesOf(values: readonly Value[], left: number, right: number) {
  const numbers = values.filter((value) => typeof value === 'number')
  const hasMissing = values.includes(null)
  if (numbers.length > 0) {
    const end = hasMissing ? right - 64 : right
    const scale = linearScale(extentOf(numbers), [left, end], Math.max(3, Math.floor((end - left) / 70)))
    const at = right - 28
    const names = hasMissing ? [{ text: 'missing', x: at, room: 60 }] : []
    return { scale, names, x: (value: Value) => (typeof value === 'number' ? scale(value) : at) }
  }
  const texts = [...new Set(values)]
  const room = (right - left) / Math.max(1, texts.length)
  const xOf = (value: Value): number => left + (texts.indexOf(value) + 0.5) * room
  return { scale: null, names: texts.map((value) => ({ text: wordsOf(value), x: xOf(value), room: room - 6 })), x: xOf }
}

const pathOf = (
  grid: readonly Value[],
  heights: readonly (number | null)[],
  x: (value: Value) => number,
  y: (at: number) => number
): string => {
  const drawn = grid.map((value, at) => (value === null ? null : (heights[at] ?? null)))
  return grid
    .map((value, at) => {
      const height = drawn[at]
      return typeof height === 'number'
        ? `${typeof drawn[at - 1] === 'number' ? 'L' : 'M'}${x(value).toFixed(1)} ${y(height).toFixed(1)}`
        : ''
    })
    .join('')
}

interface CurveProps {
  grid: readonly Value[]
  curve: DependenceCurveLine
  x: (value: Value) => number
  y: (at: number) => number
}

function Curve({ grid, curve, x, y }: CurveProps) {
  return (
    <g>
      {grid.map((value, at) => {
        const [low, high] = [curve.low?.[at], curve.high?.[at]]
        if (typeof low !== 'number' || typeof high !== 'number') return null
        return (
          <line key={at} x1={x(value)} x2={x(value)} y1={y(low)} y2={y(high)} stroke="var(--data-1)" strokeOpacity={0.5} strokeWidth={2} />
        )
      })}
      {grid.some((value) => typeof value === 'number') && (
        <path d={pathOf(grid, curve.heights, x, y)} fill="none" stroke="var(--data-1)" strokeWidth={2} />
      )}
      {grid.map((value, at) => {
        const height = curve.heights[at]
        if (typeof height !== 'number') return null
        return (
          <circle key={at} cx={x(value)} cy={y(height)} r={3} fill="var(--data-1)">
            <title>{`${wordsOf(value)}: ${formatAuto(height)}`}</title>
          </circle>
        )
      })}
    </g>
  )
}
