import type uPlot from 'uplot'
import { formatAuto, formatNumber, formatUtc } from '../ui'
import type { LineChartProps, LineSeries } from './line-types'
import { tickDecimals } from './scale'
import { resolveColour, seriesColour } from './series-colour'

export interface AlignedSeries {
  x: number[]
  /** Per series. */
  y: (number | null | undefined)[][]
  /** uPlot's columns: x, then per series y and, for series with a band, high and low. */
  data: (number | null | undefined)[][]
  /** Column of each series, and of its band when it has one. */
  columns: { y: number; high?: number; low?: number }[]
}

/** Brings series with different x together: one rising x column, `undefined` where a series has no point there. */
export function alignSeries(series: readonly LineSeries[]): AlignedSeries {
  const x = [...new Set(series.flatMap((each) => each.points.map((point) => point.x)))].filter(Number.isFinite).sort((a, b) => a - b)
  const position = new Map(x.map((value, index) => [value, index]))
  const data: (number | null | undefined)[][] = [x]
  const y: (number | null | undefined)[][] = []
  const columns = series.map((each) => {
    const column = (pick: (point: LineSeries['points'][number]) => number | null | undefined) => {
      const values = new Array<number | null | undefined>(x.length).fill(undefined)
      for (const point of each.points) {
        const index = position.get(point.x)
        const value = pick(point)
        if (index !== undefined) values[index] = value === null || value === undefined || Number.isFinite(value) ? value : null
      }
      return data.push(values) - 1
    }
    const own = { y: column((point) => point.y) }
    y.push(data[own.y])
    const banded = each.points.some((point) => typeof point.low === 'number' && typeof point.high === 'number')
    return banded ? { ...own, high: column((point) => point.high), low: column((point) => point.low) } : own
  })
  return { x, y, data, columns }
}

type PlotInput = Pick<LineChartProps, 'series' | 'xAxis' | 'yAxis' | 'reference' | 'xRange' | 'yRange' | 'logY' | 'time'> & {
  aligned: AlignedSeries
  width: number
  height: number
  onHover: (text: string) => void
}

/** uPlot's options in the colours of the present theme. */
export function lineOptions(input: PlotInput): uPlot.Options {
  const { aligned, series, time } = input
  const font = "11px 'Inter Variable', system-ui, sans-serif"
  const ink = resolveColour('var(--muted)')
  const grid = { stroke: resolveColour('var(--line)'), width: 1 }
  const columns: uPlot.Series[] = [{}]
  const bands: uPlot.Band[] = []
  series.forEach((each, index) => {
    const colour = resolveColour(seriesColour(each.key))
    const place = aligned.columns[index]
    columns[place.y] = {
      label: each.label,
      stroke: colour,
      width: 1.5,
      dash: each.dashed ? [6, 4] : undefined,
      spanGaps: true,
      points: { show: each.points.length < 2 }
    }
    if (place.high === undefined || place.low === undefined) return
    const edge = { stroke: 'transparent', width: 0, spanGaps: true, points: { show: false } }
    columns[place.high] = { ...edge, label: `${each.label} high` }
    columns[place.low] = { ...edge, label: `${each.label} low` }
    bands.push({ series: [place.high, place.low], fill: withAlpha(colour, 0.16) })
  })
  const axis = (label: string, size: number, plain: boolean): uPlot.Axis => ({
    label,
    labelFont: font,
    labelSize: 18,
    labelGap: 2,
    font,
    size,
    stroke: ink,
    grid,
    ticks: { show: false },
    values: plain ? (_plot, splits) => tickTexts(splits) : undefined
  })
  return {
    width: input.width,
    height: input.height,
    series: columns,
    bands,
    legend: { show: false },
    padding: [8, 12, 0, 0],
    ms: 1,
    scales: {
      x: { time: time ?? false, range: input.xRange ? [input.xRange[0], input.xRange[1]] : undefined },
      y: { distr: input.logY ? 3 : 1, range: input.yRange ? [input.yRange[0], input.yRange[1]] : undefined }
    },
    axes: [axis(input.xAxis, 28, !time), axis(input.yAxis, 52, true)],
    cursor: { points: { size: 6 }, drag: { x: true, y: false } },
    hooks: {
      draw: [(plot) => drawReference(plot, input)],
      setCursor: [(plot) => input.onHover(hoverText(plot, input))]
    }
  }
}

/** Tick values with the same decimals; ticks of a logarithmic axis that are not drawn are null. */
function tickTexts(splits: readonly (number | null)[]): string[] {
  const drawn = splits.filter((split): split is number => split !== null)
  const even = drawn.length > 2 && Math.abs(drawn[2] - drawn[1] - (drawn[1] - drawn[0])) < 1e-9 * Math.abs(drawn[2] || 1)
  const decimals = tickDecimals(drawn)
  return splits.map((split) => (split === null ? '' : even ? formatNumber(split, decimals) : formatAuto(split)))
}

function hoverText(plot: uPlot, { aligned, series, time, xAxis }: PlotInput): string {
  const index = plot.cursor.idx
  if (index === null || index === undefined || plot.cursor.left === undefined || plot.cursor.left < 0) return ''
  const x = aligned.x[index]
  const parts = series.flatMap((each, position) => {
    const { y, low, high } = aligned.columns[position]
    const value = aligned.data[y][index]
    if (value === null || value === undefined) return []
    const bounds =
      low !== undefined && high !== undefined
        ? ` (${formatAuto(aligned.data[low][index])}\u2013${formatAuto(aligned.data[high][index])})`
        : ''
    return [`${each.label} ${formatAuto(value)}${bounds}`]
  })
  return [`${xAxis} ${time ? formatUtc(x) : formatAuto(x)}`, ...parts].join('  \u00b7  ')
}

function drawReference(plot: uPlot, { reference }: PlotInput): void {
  if (reference === undefined) return
  const { ctx, bbox } = plot
  const at = (value: number, scale: 'x' | 'y') => plot.valToPos(value, scale, true)
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  ctx.beginPath()
  ctx.strokeStyle = resolveColour('var(--muted)')
  ctx.setLineDash([5, 4])
  ctx.lineWidth = 1
  if (reference === 'diagonal') {
    ctx.moveTo(at(0, 'x'), at(0, 'y'))
    ctx.lineTo(at(1, 'x'), at(1, 'y'))
  } else {
    const y = at(reference === 'zero' ? 0 : reference, 'y')
    ctx.moveTo(bbox.left, y)
    ctx.lineTo(bbox.left + bbox.width, y)
  }
  ctx.stroke()
  ctx.restore()
}

/** A hex colour with an opacity. */
function withAlpha(colour: string, alpha: number): string {
  const hex = /^#([0-9a-f]{6})$/i.exec(colour)?.[1]
  return hex
    ? `#${hex}${Math.round(alpha * 255)
        .toString(16)
        .padStart(2, '0')}`
    : colour
}
