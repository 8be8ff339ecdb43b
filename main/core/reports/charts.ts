import { createAxis, coordinate as c, type AxisOptions, type AxisScale } from './axis-scale'
import { html, type Html } from './html'
import { formatNumber } from './number-format'

const width = 560
const height = 330
const box = { left: 58, right: width - 14, top: 14, bottom: height - 48 }
const finite = (...values: readonly (number | undefined)[]): boolean =>
  values.every((value) => value === undefined || Number.isFinite(value))

interface ChartText {
  title: string
  /** What a listener should hear instead of the picture: the main reading of the chart. */
  description: string
}

export interface LineSeries {
  name: string
  points: readonly (readonly [number, number])[]
  /** (x, low, high): drawn as a band for `line` and as error bars for `markers`. */
  intervals?: readonly (readonly [number, number, number])[]
  style?: 'line' | 'markers'
}

export interface LineChartOptions extends ChartText {
  x: AxisOptions
  y: AxisOptions
  series: readonly LineSeries[]
  /** A straight guide with a name, such as chance or perfect calibration. */
  reference?: { name: string; from: readonly [number, number]; to: readonly [number, number] }
}

function frame(options: ChartText, body: Html, size = height): Html {
  return html`<svg class="chart" viewBox="0 0 ${width} ${size}" role="img" aria-label="${options.title}. ${options.description}">
    <title>${options.title}</title>
    ${body}
  </svg>`
}

function axes(x: AxisScale, y: AxisScale, xTitle: string, yTitle: string): Html {
  const middle = (box.top + box.bottom) / 2
  return html`<g class="grid"
      >${y.ticks.map((tick) => html`<line x1="${box.left}" x2="${box.right}" y1="${c(y.at(tick))}" y2="${c(y.at(tick))}" />`)}</g
    >
    <g class="axis"
      >${y.ticks.map((tick) => html`<text x="${box.left - 8}" y="${c(y.at(tick) + 4)}" text-anchor="end">${y.label(tick)}</text>`)}
      ${x.ticks.map((tick) => html`<line x1="${c(x.at(tick))}" x2="${c(x.at(tick))}" y1="${box.bottom}" y2="${box.bottom + 4}" /><text x="${c(x.at(tick))}" y="${box.bottom + 18}" text-anchor="middle">${x.label(tick)}</text>`)}
      <line x1="${box.left}" x2="${box.right}" y1="${box.bottom}" y2="${box.bottom}" />
      <text class="axis-title" x="${(box.left + box.right) / 2}" y="${height - 8}" text-anchor="middle">${xTitle}</text>
      <text class="axis-title" x="14" y="${middle}" text-anchor="middle" transform="rotate(-90 14 ${middle})">${yTitle}</text></g
    >`
}

/** Swatches with names; the pattern of each series differs as well as its colour. */
function legend(names: readonly string[], reference?: string): Html {
  return html`<p class="legend">
    ${names.map((name, index) => html`<span><i class="swatch s${index % 6}"></i>${name}</span>`)}${
      reference === undefined ? '' : html`<span><i class="swatch reference"></i>${reference}</span>`
    }
  </p>`
}

/** Lines or markers over two numeric axes, with intervals where they are given. Points that are not finite are left out. */
export function svgLineChart(options: LineChartOptions): Html {
  const points = options.series.flatMap((series) => series.points.filter((point) => finite(...point)))
  const intervals = options.series.flatMap((series) => series.intervals ?? []).filter((interval) => finite(...interval))
  const x = createAxis([...points.map((point) => point[0]), ...intervals.map((interval) => interval[0])], box.left, box.right, options.x)
  const y = createAxis(
    [...points.map((point) => point[1]), ...intervals.flatMap(([, low, high]) => [low, high])],
    box.bottom,
    box.top,
    options.y
  )
  const drawn = options.series.map((series, index) => drawSeries(series, index, x, y))
  const { reference } = options
  const guide =
    reference === undefined
      ? ''
      : html`<line
          class="reference"
          x1="${c(x.at(reference.from[0]))}"
          y1="${c(y.at(reference.from[1]))}"
          x2="${c(x.at(reference.to[0]))}"
          y2="${c(y.at(reference.to[1]))}"
        />`
  const names = options.series.map((series) => series.name)
  return html`${legend(names, reference?.name)}${frame(options, html`${axes(x, y, options.x.title, options.y.title)}${guide}${drawn}`)}`
}

function drawSeries(series: LineSeries, index: number, x: AxisScale, y: AxisScale): Html {
  const points = series.points.filter((point) => finite(...point))
  const intervals = (series.intervals ?? []).filter((interval) => finite(...interval))
  const tone = `s${index % 6}`
  const path = points.map((point, at) => `${at === 0 ? 'M' : 'L'}${c(x.at(point[0]))} ${c(y.at(point[1]))}`).join('')
  if (series.style === 'markers')
    return html`<g class="series ${tone}"
      >${intervals.map(([at, low, high]) => html`<path class="whisker" d="M${c(x.at(at))} ${c(y.at(low))}V${c(y.at(high))}M${c(x.at(at) - 4)} ${c(y.at(low))}h8M${c(x.at(at) - 4)} ${c(y.at(high))}h8" />`)}
      <path
        class="line"
        d="${path}"
      />${points.map((point) => html`<circle cx="${c(x.at(point[0]))}" cy="${c(y.at(point[1]))}" r="4" />`)}</g
    >`
  const upper = intervals.map(([at, , high], position) => `${position === 0 ? 'M' : 'L'}${c(x.at(at))} ${c(y.at(high))}`)
  const lower = [...intervals].reverse().map(([at, low]) => `L${c(x.at(at))} ${c(y.at(low))}`)
  const band = intervals.length > 1 ? html`<path class="band" d="${[...upper, ...lower].join('')}Z" />` : ''
  return html`<g class="series ${tone}">${band}<path class="line" d="${path}" /></g>`
}

export interface Bar {
  label: string
  value: number
  low?: number
  high?: number
  /** Drawn lighter: shown for completeness but not part of the comparison. */
  muted?: boolean
}

export interface BarChartOptions extends ChartText {
  /** Title of the value axis with its unit. */
  value: AxisOptions
  bars: readonly Bar[]
  reference?: { name: string; value: number }
}

/** Horizontal bars from zero with error bars and an optional guide. Labels are cut at 23 characters; the table holds them whole. */
export function svgBarChart(options: BarChartOptions): Html {
  const bars = options.bars.filter((bar) => finite(bar.value, bar.low, bar.high))
  const left = 190
  const row = 26
  const bottom = box.top + Math.max(1, bars.length) * row
  const values = bars.flatMap((bar) => [bar.value, bar.low ?? bar.value, bar.high ?? bar.value])
  const x = createAxis([0, ...values, ...(options.reference ? [options.reference.value] : [])], left, box.right - 44, options.value)
  const zero = x.at(0)
  const drawn = bars.map((bar, index) => {
    const y = box.top + index * row
    const at = x.at(bar.value)
    const end = Math.max(at, bar.high === undefined ? at : x.at(bar.high))
    const whisker =
      bar.low === undefined || bar.high === undefined
        ? ''
        : html`<path
            class="whisker"
            d="M${c(x.at(bar.low))} ${y + 13}H${c(x.at(bar.high))}M${c(x.at(bar.low))} ${y + 9}v8M${c(x.at(bar.high))} ${y + 9}v8"
          />`
    return html`<g class="series s0${bar.muted === true ? ' muted' : ''}"
      ><text class="bar-label" x="${left - 8}" y="${y + 17}" text-anchor="end">${shorten(bar.label)}</text>
      <rect x="${c(Math.min(zero, at))}" y="${y + 5}" width="${c(Math.abs(at - zero))}" height="${row - 10}" rx="2" />${whisker}<text
        class="bar-value"
        x="${c(end + 6)}"
        y="${y + 17}"
        >${formatNumber(bar.value, 3)}</text
      ></g
    >`
  })
  const guide = options.reference
    ? html`<line
        class="reference"
        x1="${c(x.at(options.reference.value))}"
        x2="${c(x.at(options.reference.value))}"
        y1="${box.top - 6}"
        y2="${bottom}"
      />`
    : ''
  const axis = html`<g class="grid"
      >${x.ticks.map((tick) => html`<line x1="${c(x.at(tick))}" x2="${c(x.at(tick))}" y1="${box.top}" y2="${bottom}" />`)}</g
    >
    <g class="axis"
      >${x.ticks.map((tick) => html`<text x="${c(x.at(tick))}" y="${bottom + 18}" text-anchor="middle">${x.label(tick)}</text>`)}
      <text class="axis-title" x="${(left + box.right) / 2}" y="${bottom + 38}" text-anchor="middle">${options.value.title}</text></g
    >`
  const names = options.reference ? legend([], options.reference.name) : ''
  return html`${names}${frame(options, html`${axis}${drawn}${guide}`, bottom + 46)}`
}

function shorten(label: string): string {
  const characters = [...label]
  return characters.length > 23 ? `${characters.slice(0, 22).join('')}\u2026` : label
}

export interface HistogramOptions extends ChartText {
  x: AxisOptions
  y: AxisOptions
  /** Names of the stacked parts, bottom first. */
  series: readonly string[]
  /** `counts[i]` belongs to `series[i]`. */
  bins: readonly { from: number; to: number; counts: readonly number[] }[]
  /** A vertical guide, such as the decision threshold. */
  reference?: { name: string; value: number }
}

/** Stacked bars over adjoining bins. */
export function svgHistogram(options: HistogramOptions): Html {
  const bins = options.bins.filter((bin) => finite(bin.from, bin.to, ...bin.counts))
  const x = createAxis(
    bins.flatMap((bin) => [bin.from, bin.to]),
    box.left,
    box.right,
    options.x
  )
  const totals = bins.map((bin) => bin.counts.reduce((sum, count) => sum + count, 0))
  const y = createAxis([0, ...totals], box.bottom, box.top, options.y)
  const drawn = options.series.map((_, part) => {
    const rectangles = bins.map((bin) => {
      const below = bin.counts.slice(0, part).reduce((sum, count) => sum + count, 0)
      const count = bin.counts[part] ?? 0
      const top = y.at(below + count)
      const wide = Math.max(1, x.at(bin.to) - x.at(bin.from) - 1)
      return count <= 0
        ? ''
        : html`<rect x="${c(x.at(bin.from) + 0.5)}" y="${c(top)}" width="${c(wide)}" height="${c(y.at(below) - top)}" />`
    })
    return html`<g class="series s${part % 6}">${rectangles}</g>`
  })
  const { reference } = options
  const guide = reference
    ? html`<line class="reference" x1="${c(x.at(reference.value))}" x2="${c(x.at(reference.value))}" y1="${box.top}" y2="${box.bottom}" />`
    : ''
  return html`${legend(options.series, reference?.name)}${frame(options, html`${axes(x, y, options.x.title, options.y.title)}${drawn}${guide}`)}`
}
