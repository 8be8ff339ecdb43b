import { useId } from 'react'
import { formatAuto } from '../ui'
import { ChartFrame, type ChartProps } from './chart-frame'
import { extentOf, linearScale, type Scale } from './scale'
import { seriesColour } from './series-colour'
import { chartFont, HorizontalAxis, VerticalAxis } from './svg-parts'
import { useWidth } from './use-width'

/** What holds between two edges: a value for each bin, and its interval where there is one. */
export interface StepSeries {
  /** Colour key, the same as on the other charts; a single curve goes without. */
  key?: string
  label: string
  values: readonly number[]
  low?: readonly number[] | null
  high?: readonly number[] | null
}

export interface StepChartProps extends ChartProps {
  /** Borders of the bins, one more than there are bins; they rise. */
  edges: readonly number[]
  /** Names of the bins, and of the place for missing values where the series have one value more than there are bins. */
  names: readonly string[]
  /** How many rows lie in each bin: drawn as a grey ground, so that a step of few rows is seen as one. */
  weights: readonly number[]
  series: readonly StepSeries[]
  xAxis: string
  yAxis: string
  /** Fixes the vertical axis, so that several charts can be compared; what lies outside is cut off. */
  yRange?: readonly [number, number]
  format?: (value: number) => string
}

const MISSING = 44

const colourOf = (key: string | undefined): string => (key === undefined ? 'var(--data-1)' : seriesColour(key))

/** A function that is constant between edges, with its interval and the rows behind each step; missing values stand apart on the right. */
export function StepChart({ edges, names, weights, series, xAxis, yAxis, yRange, format, ...frame }: StepChartProps) {
  const [box, width] = useWidth<HTMLDivElement>()
  const clip = useId()
  const bins = edges.length - 1
  const hasMissing = names.length > bins && (weights[bins] ?? 0) > 0
  const height = frame.height ?? 200
  const plot = { left: 58, right: Math.max(118, width - 10 - (hasMissing ? MISSING : 0)), top: 6, bottom: height - 38 }
  const span: [number, number] = edges[0] === edges[bins] ? [edges[0] - 0.5, edges[0] + 0.5] : [edges[0], edges[bins]]
  const x = linearScale(span, [plot.left, plot.right], Math.max(3, Math.floor((plot.right - plot.left) / 70)))
  const drawn = series.flatMap(({ values, low, high }) => [...values, ...(low ?? []), ...(high ?? [])])
  const y = linearScale(yRange ?? extentOf(drawn, [0]), [plot.bottom, plot.top], 4)
  return (
    <ChartFrame
      {...frame}
      height={height}
      isEmpty={series.length === 0 || bins < 1}
      legend={series.map(({ key, label }) => ({ label, colour: colourOf(key) }))}
      table={{
        columns: [
          { header: xAxis },
          { header: 'Rows', numeric: true },
          ...series.flatMap(({ label, low }) => [
            { header: series.length > 1 ? label : yAxis, numeric: true },
            ...(low
              ? [
                  { header: '95% low', numeric: true },
                  { header: '95% high', numeric: true }
                ]
              : [])
          ])
        ],
        rows: names.map((name, bin) => [
          name,
          formatAuto(weights[bin] ?? 0),
          ...series.flatMap(({ values, low, high }) =>
            [values[bin], ...(low && high ? [low[bin], high[bin]] : [])].map((each) => formatAuto(each))
          )
        ])
      }}
    >
      <div ref={box}>
        <svg
          data-chart
          role="img"
          aria-label={`${frame.title}: ${bins} steps`}
          width={width}
          height={height}
          className="block"
          {...chartFont}
        >
          <clipPath id={clip}>
            <rect x={plot.left} y={plot.top} width={width - plot.left} height={plot.bottom - plot.top} />
          </clipPath>
          <Ground {...{ edges, weights, x, plot }} />
          <HorizontalAxis scale={x} title={xAxis} {...plot} format={format} />
          <VerticalAxis scale={y} title={yAxis} {...plot} />
          <line x1={plot.left} x2={width - 10} y1={y(0)} y2={y(0)} stroke="var(--ink)" strokeDasharray="4 3" />
          <g clipPath={`url(#${clip})`}>
            {series.map((each) => (
              <Steps
                key={each.label}
                series={each}
                edges={edges}
                names={names}
                x={x}
                y={y}
                missingAt={hasMissing ? width - 10 - MISSING / 2 : null}
              />
            ))}
          </g>
          {hasMissing && (
            <text x={width - 10 - MISSING / 2} y={plot.bottom + 14} textAnchor="middle" fill="var(--muted)">
              missing
            </text>
          )}
        </svg>
      </div>
    </ChartFrame>
  )
}

interface Box {
  left: number
  right: number
  top: number
  bottom: number
}

/** Rows by bin in grey behind the steps, as a share of the fullest bin. */
function Ground({ edges, weights, x, plot }: { edges: readonly number[]; weights: readonly number[]; x: Scale; plot: Box }) {
  const bins = edges.length - 1
  const density = Array.from({ length: bins }, (_, bin) => (weights[bin] ?? 0) / Math.max(1e-9, x(edges[bin + 1]) - x(edges[bin])))
  // The square root keeps thin stretches in sight beside one value that very many rows share.
  const most = Math.sqrt(Math.max(...density, 1e-9))
  return density.map((each, bin) => {
    const tall = (Math.sqrt(each) / most) * (plot.bottom - plot.top) * 0.3
    const [from, to] = [x(edges[bin]), x(edges[bin + 1])]
    return (
      <rect
        key={bin}
        x={from}
        y={plot.bottom - tall}
        width={Math.max(0.5, to - from)}
        height={tall}
        fill="var(--muted)"
        fillOpacity={0.16}
      />
    )
  })
}

interface StepsProps {
  series: StepSeries
  edges: readonly number[]
  names: readonly string[]
  x: Scale
  y: Scale
  missingAt: number | null
}

function Steps({ series: { key, label, values, low, high }, edges, names, x, y, missingAt }: StepsProps) {
  const bins = edges.length - 1
  const colour = colourOf(key)
  const run = (of: readonly number[]): string[] =>
    Array.from({ length: bins }, (_, bin) => `${x(edges[bin])},${y(of[bin])} ${x(edges[bin + 1])},${y(of[bin])}`)
  const said = (bin: number): string =>
    `${label}, ${names[bin]}: ${formatAuto(values[bin])}${low && high ? ` (${formatAuto(low[bin])} to ${formatAuto(high[bin])})` : ''}`
  return (
    <g>
      {low && high && (
        <polygon
          points={[
            ...run(high),
            ...run(low)
              .map((each) => each.split(' ').reverse().join(' '))
              .reverse()
          ].join(' ')}
          fill={colour}
          fillOpacity={0.2}
        />
      )}
      <polyline points={run(values).join(' ')} fill="none" stroke={colour} strokeWidth={1.75} />
      {Array.from({ length: bins }, (_, bin) => (
        <rect key={bin} x={x(edges[bin])} y={0} width={Math.max(1, x(edges[bin + 1]) - x(edges[bin]))} height="100%" fill="transparent">
          <title>{said(bin)}</title>
        </rect>
      ))}
      {missingAt !== null && (
        <g>
          {low && high && <line x1={missingAt} x2={missingAt} y1={y(low[bins])} y2={y(high[bins])} stroke={colour} strokeWidth={2} />}
          <circle cx={missingAt} cy={y(values[bins])} r={4} fill={colour}>
            <title>{said(bins)}</title>
          </circle>
        </g>
      )}
    </g>
  )
}
