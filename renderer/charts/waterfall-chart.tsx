import { formatAuto } from '../ui'
import { ChartFrame, type ChartProps } from './chart-frame'
import { ChartScroll } from './chart-scroll'
import { extentOf, linearScale, type Scale } from './scale'
import { FittedLabel, HorizontalAxis } from './svg-parts'
import { useWidth } from './use-width'

export interface WaterfallStep {
  label: string
  /** What it adds; below zero it takes away. */
  value: number
  /** Said in the table beside it, such as the value of the column. */
  detail?: string
}

export interface WaterfallChartProps extends ChartProps {
  start: { label: string; value: number }
  steps: readonly WaterfallStep[]
  end: { label: string; value: number }
  axis: string
  /** Headers of the table: what a step is, and what its detail says. */
  category: string
  detail?: string
}

const ROW = 24

/** From a start by what each step adds to an end: bars to the right raise, bars to the left lower. */
export function WaterfallChart({ start, steps, end, axis, category, detail = 'Value', ...frame }: WaterfallChartProps) {
  const [box, width] = useWidth<HTMLDivElement>()
  const labelWidth = Math.min(300, Math.max(80, width * 0.36))
  const left = labelWidth + 8
  const right = Math.max(left + 60, width - 70)
  const bottom = (steps.length + 2) * ROW + 4
  const sums = steps.reduce<number[]>((all, { value }) => [...all, all[all.length - 1]! + value], [start.value])
  const x = linearScale(extentOf([...sums, end.value], [], 0.06), [left, right], Math.max(3, Math.floor((right - left) / 70)))
  return (
    <ChartFrame
      {...frame}
      isEmpty={steps.length === 0}
      table={{
        columns: [{ header: category }, { header: detail }, { header: 'Added', numeric: true }, { header: 'Sum so far', numeric: true }],
        rows: [
          [start.label, '', null, formatAuto(start.value)],
          ...steps.map((step, at) => [step.label, step.detail ?? '', signed(step.value), formatAuto(sums[at + 1]!)]),
          [end.label, '', null, formatAuto(end.value)]
        ]
      }}
    >
      <ChartScroll box={box} title={frame.title} height={bottom + 38} most={frame.height ?? 420}>
        <svg
          data-chart
          role="img"
          aria-label={`${frame.title}: from ${formatAuto(start.value)} by ${steps.length} steps to ${formatAuto(end.value)}`}
          width={width}
          height={bottom + 38}
          className="block"
        >
          <HorizontalAxis scale={x} title={axis} left={left} right={right} top={0} bottom={bottom} />
          <Level row={0} label={start.label} value={start.value} x={x} labelWidth={labelWidth} />
          {steps.map((step, at) => (
            <Step key={step.label} row={at + 1} step={step} from={sums[at]!} x={x} labelWidth={labelWidth} />
          ))}
          <Level row={steps.length + 1} label={end.label} value={end.value} x={x} labelWidth={labelWidth} />
        </svg>
      </ChartScroll>
    </ChartFrame>
  )
}

const signed = (value: number): string => `${value > 0 ? '+' : ''}${formatAuto(value)}`
const middleOf = (row: number): number => row * ROW + ROW / 2 + 2

interface RowProps {
  row: number
  x: Scale
  labelWidth: number
}

function Level({ row, label, value, x, labelWidth }: RowProps & { label: string; value: number }) {
  const y = middleOf(row)
  return (
    <g>
      <FittedLabel text={label} x={labelWidth} y={y} width={labelWidth} />
      <line x1={x(value)} x2={x(value)} y1={y - 9} y2={y + 9} stroke="var(--ink)" strokeWidth={2} />
      <Figure x={x(value) + 6} y={y} text={formatAuto(value)} />
    </g>
  )
}

function Step({ row, step, from, x, labelWidth }: RowProps & { step: WaterfallStep; from: number }) {
  const y = middleOf(row)
  const to = from + step.value
  const label = step.detail === undefined ? step.label : `${step.label} = ${step.detail}`
  return (
    <g>
      <FittedLabel text={label} x={labelWidth} y={y} width={labelWidth} />
      <line x1={x(from)} x2={x(from)} y1={y - ROW / 2 - 3} y2={y + 8} stroke="var(--line-strong)" strokeDasharray="2 2" />
      <rect
        x={Math.min(x(from), x(to))}
        y={y - 8}
        width={Math.max(1, Math.abs(x(to) - x(from)))}
        height={16}
        rx={2}
        fill={step.value < 0 ? 'var(--diverge-below)' : 'var(--diverge-above)'}
      >
        <title>{`${label}: ${signed(step.value)}`}</title>
      </rect>
      <Figure x={Math.max(x(from), x(to)) + 6} y={y} text={signed(step.value)} />
    </g>
  )
}

const Figure = ({ x, y, text }: { x: number; y: number; text: string }) => (
  <text x={x} y={y} dominantBaseline="central" fill="var(--ink)" fontSize={11} fontFamily="'Inter Variable', system-ui, sans-serif">
    {text}
  </text>
)
