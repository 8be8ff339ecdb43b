import { formatAuto } from '../ui'
import { ChartFrame, type ChartProps } from './chart-frame'
import { chartFont, FittedLabel } from './svg-parts'
import { useWidth } from './use-width'

export interface HeatMapProps extends ChartProps {
  /** Names stand in the table, and as labels where there are no shorter ones. */
  rows: { axis: string; names: readonly string[]; labels?: readonly string[] }
  columns: { axis: string; names: readonly string[]; labels?: readonly string[] }
  /** [row][column], around zero. */
  values: readonly (readonly number[])[]
  /** How many rows of data lie in each cell; an empty cell is hatched, because nothing was learned of it. */
  weights: readonly (readonly number[])[]
  /** What a value is, with its unit. */
  axis: string
}

const colourOf = (value: number, most: number): string =>
  `color-mix(in srgb, var(${value < 0 ? '--diverge-below' : '--diverge-above'}) ${((Math.abs(value) / most) * 100).toFixed(1)}%, var(--surface-1))`

/** Values of two sides as shades around zero, blue above and red below; the shade of the largest is full. */
export function HeatMap({ rows, columns, values, weights, axis, ...frame }: HeatMapProps) {
  const [box, width] = useWidth<HTMLDivElement>()
  const left = Math.min(150, Math.max(70, width * 0.28))
  const cell = Math.max(6, Math.min(56, (width - left - 12) / columns.names.length))
  const tall = Math.max(8, Math.min(22, 300 / rows.names.length))
  const bottom = 4 + rows.names.length * tall
  const most = Math.max(1e-12, ...values.flat().map(Math.abs))
  // Labels that would lie on each other are left out; the table has them all.
  const everyRow = Math.ceil(13 / tall)
  const everyColumn = Math.ceil(15 / cell)
  return (
    <ChartFrame
      {...frame}
      isEmpty={values.length === 0}
      table={{
        columns: [{ header: rows.axis }, { header: columns.axis }, { header: axis, numeric: true }, { header: 'Rows', numeric: true }],
        rows: values.flatMap((line, row) =>
          line.map((value, column) => [rows.names[row], columns.names[column], formatAuto(value), formatAuto(weights[row]?.[column] ?? 0)])
        )
      }}
    >
      <div ref={box} className="overflow-x-auto">
        <svg
          data-chart
          role="img"
          aria-label={`${frame.title}: ${values.length} by ${columns.names.length} cells`}
          width={Math.max(width, left + columns.names.length * cell + 12)}
          height={bottom + 146}
          className="block"
          {...chartFont}
        >
          {(rows.labels ?? rows.names).map(
            (name, row) =>
              row % everyRow === 0 && <FittedLabel key={row} text={name} x={left - 6} y={4 + (row + 0.5) * tall} width={left - 22} />
          )}
          <text transform={`translate(10 ${bottom / 2}) rotate(-90)`} textAnchor="middle" fill="var(--muted)">
            {rows.axis}
          </text>
          {values.map((line, row) =>
            line.map((value, column) => {
              const isEmpty = (weights[row]?.[column] ?? 0) === 0
              return (
                <rect
                  key={`${row}-${column}`}
                  x={left + column * cell}
                  y={4 + row * tall}
                  width={cell}
                  height={tall}
                  fill={colourOf(value, most)}
                  fillOpacity={isEmpty ? 0.35 : 1}
                  stroke="var(--line)"
                  strokeWidth={0.5}
                  strokeDasharray={isEmpty ? '2 2' : undefined}
                >
                  <title>{`${rows.names[row]}, ${columns.names[column]}: ${formatAuto(value)}${isEmpty ? ', no rows' : ''}`}</title>
                </rect>
              )
            })
          )}
          {(columns.labels ?? columns.names).map(
            (name, column) =>
              column % everyColumn === 0 && (
                <g key={column} transform={`translate(${left + (column + 0.5) * cell} ${bottom + 8}) rotate(-50)`}>
                  <FittedLabel text={name} x={0} y={0} width={88} />
                </g>
              )
          )}
          <text x={left + (columns.names.length * cell) / 2} y={bottom + 90} textAnchor="middle" fill="var(--muted)">
            {columns.axis}
          </text>
          <Scale left={left} top={bottom + 102} most={most} axis={axis} />
        </svg>
      </div>
    </ChartFrame>
  )
}

/** What the shades mean. */
function Scale({ left, top, most, axis }: { left: number; top: number; most: number; axis: string }) {
  const steps = [-1, -0.5, 0, 0.5, 1]
  return (
    <g>
      {steps.map((step, at) => (
        <g key={step}>
          <rect
            x={left + at * 34}
            y={top}
            width={34}
            height={10}
            fill={colourOf(step * most, most)}
            stroke="var(--line)"
            strokeWidth={0.5}
          />
          <text x={left + (at + 0.5) * 34} y={top + 22} textAnchor="middle" fill="var(--muted)">
            {formatAuto(Number((step * most).toPrecision(2)))}
          </text>
        </g>
      ))}
      <text x={left} y={top + 38} fill="var(--muted)">
        {axis}
      </text>
    </g>
  )
}
