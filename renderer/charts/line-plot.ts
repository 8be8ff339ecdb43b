import type uPlot from 'uplot'
import { formatAuto, formatNumber, formatUtc } from '../ui'
import type { LineChartProps, LineSeries } from './line-types'
import { tickDecimals } from './scale'
import { textWidth } from './svg-parts'
import { resolveColour, seriesColour } from './series-colour'

export interface AlignedSeries {
  x: number[]
  /** Per series, as given. */
  y: (number | null | undefined)[][]
  /** uPlot's columns: x, then per series y and, for series with a band, high and low; null, a gap, for what is not finite. */
  data: (number | null | undefined)[][]
  /** Column of each series, and of its band when it has one. */
  columns: { y: number; high?: number; low?: number }[]
}

/**
 * Brings series with different x together: one column of x that never falls, and `undefined` where a series has no point. An x has as many
 * rows as the series with the most points there, each series filling the first of them in its own order: no point is lost.
 */
export function alignSeries(series: readonly LineSeries[]): AlignedSeries {
  const rising = series.map(({ points }) => points.filter((point) => Number.isFinite(point.x)).sort((a, b) => a.x - b.x))
  const ranks = rising.map(ranksAmongEqual)
  const rowsOf = new Map<number, number>()
  rising.forEach((points, position) =>
    points.forEach(({ x }, index) => rowsOf.set(x, Math.max(rowsOf.get(x) ?? 0, ranks[position][index] + 1)))
  )
  const x: number[] = []
  const firstRow = new Map<number, number>()
  for (const [value, rows] of [...rowsOf].sort(([a], [b]) => a - b)) {
    firstRow.set(value, x.length)
    for (let row = 0; row < rows; row++) x.push(value)
  }
  const data: (number | null | undefined)[][] = [x]
  const given: AlignedSeries['y'] = []
  const columns = rising.map((points, position) => {
    const column = (pick: (point: LineSeries['points'][number]) => number | null | undefined) => {
      const values = new Array<number | null | undefined>(x.length).fill(undefined)
      points.forEach((point, index) => (values[firstRow.get(point.x)! + ranks[position][index]] = pick(point)))
      data.push(values.map((value) => (typeof value === 'number' && !Number.isFinite(value) ? null : value)))
      return { values, place: data.length - 1 }
    }
    const { values, place: y } = column((point) => point.y)
    const banded = points.some((point) => typeof point.low === 'number' && typeof point.high === 'number')
    given.push(values)
    return banded ? { y, high: column((point) => point.high).place, low: column((point) => point.low).place } : { y }
  })
  return { x, y: given, data, columns }
}

/** The how manieth point of its x each is, counted from 0; points of one x stand together. */
function ranksAmongEqual(points: readonly { x: number }[]): number[] {
  const ranks: number[] = []
  points.forEach(({ x }, index) => ranks.push(index > 0 && points[index - 1].x === x ? ranks[index - 1] + 1 : 0))
  return ranks
}

type PlotInput = Pick<LineChartProps, 'series' | 'xAxis' | 'yAxis' | 'reference' | 'xRange' | 'yRange' | 'logY' | 'time'> & {
  aligned: AlignedSeries
  width: number
  height: number
  /** The builders of paths that uPlot has. */
  paths: uPlot.Series.PathBuilderFactories
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
      // Over rows that only other series have it goes on; what is not finite is a gap.
      spanGaps: false,
      paths: wholeRuns(each.stepped ? input.paths.stepped!({ align: -1 }) : input.paths.linear!()),
      points: { show: each.points.length < 2, filter: (_plot, _series, show) => (show ? null : loneRows(aligned.data[place.y])) }
    }
    if (place.high === undefined || place.low === undefined) return
    const edge = { stroke: 'transparent', width: 0, spanGaps: false, paths: columns[place.y].paths, points: { show: false } }
    columns[place.high] = { ...edge, label: `${each.label} high` }
    columns[place.low] = { ...edge, label: `${each.label} low` }
    bands.push({ series: [place.high, place.low], fill: withAlpha(colour, 0.16) })
  })
  const axis = (label: string, size: uPlot.Axis['size'], plain: boolean): uPlot.Axis => ({
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
    padding: [8, 20, 0, 0],
    ms: 1,
    scales: {
      x: { time: time ?? false, range: input.xRange ? [input.xRange[0], input.xRange[1]] : undefined },
      y: { distr: input.logY ? 3 : 1, range: input.yRange ? [input.yRange[0], input.yRange[1]] : undefined }
    },
    axes: [axis(input.xAxis, 28, !time), axis(input.yAxis, roomForTexts, true)],
    cursor: { points: { size: 6 }, drag: { x: true, y: false } },
    hooks: {
      draw: [(plot) => drawReference(plot, input)],
      setCursor: [(plot) => input.onHover(hoverText(plot, input))]
    }
  }
}

/** Rows of points between two gaps, through which no line goes; they are drawn as dots. */
function loneRows(values: AlignedSeries['data'][number]): number[] | null {
  const rows = values.flatMap((value, row) => (value === undefined ? [] : [row]))
  if (!values.includes(null)) return null
  return rows.filter(
    (row, at) => values[row] !== null && [rows[at - 1], rows[at + 1]].every((beside) => (values[beside!] ?? null) === null)
  )
}

/** uPlot begins and ends somewhere among rows of one x; a curve that begins by going straight up would begin in mid-air. */
const wholeRuns =
  (build: uPlot.Series.PathBuilder): uPlot.Series.PathBuilder =>
  (plot, series, first, last) => {
    const [x] = plot.data
    while (first > 0 && x[first - 1] === x[first]) first--
    while (last < x.length - 1 && x[last + 1] === x[last]) last++
    return build(plot, series, first, last)
  }

/** Room left of the plot, so that large amounts do not run into the title of the axis. */
const roomForTexts = (_plot: uPlot, texts: string[] | null): number =>
  Math.max(52, 12 + Math.max(0, ...(texts ?? []).map((text) => textWidth(text ?? ''))))

/** Tick values with the same decimals; ticks of a logarithmic axis that are not drawn are null. */
function tickTexts(splits: readonly (number | null)[]): string[] {
  const drawn = splits.filter((split): split is number => split !== null)
  const even = drawn.length > 2 && Math.abs(drawn[2] - drawn[1] - (drawn[1] - drawn[0])) < 1e-9 * Math.abs(drawn[2] || 1)
  const decimals = tickDecimals(drawn)
  return splits.map((split) => (split === null ? '' : even ? formatNumber(split, decimals) : formatAuto(split)))
}

/** The x under the cursor and what every series has there; a run straight up or down is said by its two ends. */
function hoverText(plot: uPlot, { aligned, series, time, xAxis }: PlotInput): string {
  const index = plot.cursor.idx
  if (index === null || index === undefined || plot.cursor.left === undefined || plot.cursor.left < 0) return ''
  const x = aligned.x[index]
  const [first, last] = [aligned.x.indexOf(x), aligned.x.lastIndexOf(x)]
  const parts = series.flatMap((each, position) => {
    const { y, low, high } = aligned.columns[position]
    const rows = Array.from({ length: last - first + 1 }, (_, row) => first + row).filter((row) => typeof aligned.data[y][row] === 'number')
    if (rows.length === 0) return []
    const [from, to] = [rows[0], rows[rows.length - 1]]
    const bounds =
      low !== undefined && high !== undefined ? ` (${formatAuto(aligned.data[low][to])}\u2013${formatAuto(aligned.data[high][to])})` : ''
    const start = from === to ? '' : `${formatAuto(aligned.data[y][from])} to `
    return [`${each.label} ${start}${formatAuto(aligned.data[y][to])}${bounds}`]
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
    // Through the whole plot: the axes of amounts have no end of their own at 0 and 1.
    const [low, high] = [Math.min(plot.scales.x.min ?? 0, plot.scales.y.min ?? 0), Math.max(plot.scales.x.max ?? 1, plot.scales.y.max ?? 1)]
    ctx.moveTo(at(low, 'x'), at(low, 'y'))
    ctx.lineTo(at(high, 'x'), at(high, 'y'))
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
