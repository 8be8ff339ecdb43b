import type { Shape, ShapeAxis } from '../../../main/model/glass-box'
import { ForestPlot, HeatMap, StepChart } from '../../charts'
import { formatUtc } from '../../ui'

interface ShapeChartProps {
  shape: Shape
  /** Which outputs are drawn, by their place. */
  outputs: readonly number[]
  classes: readonly string[]
  axis: string
  yRange?: readonly [number, number]
}

/** One shape: a curve of steps, values of texts with their intervals, or a pair as a map. */
export function ShapeChart(props: ShapeChartProps) {
  const { axes } = props.shape
  if (axes.length === 2) return <PairMap {...props} />
  const [own] = axes
  return own.range === null || own.kind === 'category' || own.kind === 'boolean' ? (
    <Texts {...props} own={own} />
  ) : (
    <Curve {...props} own={own} />
  )
}

const seconds = (value: number): string => formatUtc(value * 1000).slice(0, 10)

function Curve({ shape, outputs, classes, axis, yRange, own }: ShapeChartProps & { own: ShapeAxis }) {
  const { min, max } = own.range!
  return (
    <StepChart
      title={own.feature}
      edges={[Math.min(min, own.edges[0] ?? min), ...own.edges, Math.max(max, own.edges.at(-1) ?? max)]}
      names={own.names}
      weights={shape.weights}
      series={outputs.map((output) => ({
        ...(classes.length > 0 && { key: `class:${classes[output]}` }),
        label: classes[output] ?? own.feature,
        values: shape.scores[output],
        low: shape.lower?.[output],
        high: shape.upper?.[output]
      }))}
      xAxis={own.feature}
      yAxis={axis}
      yRange={yRange}
      format={own.kind === 'timestamp' ? seconds : undefined}
      height={210}
      empty="No class is chosen."
    />
  )
}

/** Truth values are numbers to the model; people read them as words. */
const nameOf = ({ kind, names }: ShapeAxis, bin: number): string =>
  kind === 'boolean' && names.length === 3 && bin < 2 ? ['false', 'true'][bin] : names[bin]

function Texts({ shape, outputs, classes, axis, own }: ShapeChartProps & { own: ShapeAxis }) {
  const rows = outputs.flatMap((output) =>
    own.names.flatMap((_, bin) =>
      shape.weights[bin] === 0
        ? []
        : [
            {
              key: classes.length > 0 ? `class:${classes[output]}` : `bin:${bin}`,
              label: outputs.length > 1 ? `${nameOf(own, bin)}, ${classes[output]}` : nameOf(own, bin),
              value: shape.scores[output][bin],
              low: shape.lower?.[output][bin],
              high: shape.upper?.[output][bin]
            }
          ]
    )
  )
  return (
    <ForestPlot
      title={own.feature}
      rows={rows.map((row, at) => ({ ...row, key: `${own.feature}:${row.key}:${at}` })).sort((a, b) => b.value - a.value)}
      plain
      axis={axis}
      reference={0}
      // Amounts need no thousandths.
      decimals={rows.some(({ value }) => Math.abs(value) >= 10) ? null : 3}
      height={210}
      empty="No class is chosen."
    />
  )
}

/** Names of bins that are short enough to stand beside each other: of a number the end of each. */
function labelsOf({ kind, edges, names }: ShapeAxis): readonly string[] {
  if (kind === 'category' || edges.length === 0) return names
  const end = kind === 'timestamp' ? seconds : (edge: number) => String(Number(edge.toPrecision(4)))
  return names.map((name, bin) => (bin < edges.length ? `to ${end(edges[bin])}` : bin === edges.length ? 'beyond' : name))
}

function PairMap({ shape: { axes, scores, weights }, outputs, axis }: ShapeChartProps) {
  const [first, second] = axes
  const output = outputs[0] ?? 0
  const inRows = (flat: readonly number[]): number[][] =>
    first.names.map((_, row) => flat.slice(row * second.names.length, (row + 1) * second.names.length))
  return (
    <HeatMap
      title={`${first.feature} and ${second.feature}`}
      rows={{ axis: first.feature, names: first.names, labels: labelsOf(first) }}
      columns={{ axis: second.feature, names: second.names, labels: labelsOf(second) }}
      values={inRows(scores[output])}
      weights={inRows(weights)}
      axis={axis}
      height={330}
    />
  )
}
