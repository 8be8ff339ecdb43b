import fc from 'fast-check'
import type uPlot from 'uplot'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { alignSeries, lineOptions } from './line-plot'
import type { LineSeries } from './line-types'

interface Place {
  x: number
  y: number
}

/** Where a pen went: uPlot hands its paths to the canvas, and jsdom has neither. */
class RecordedPath {
  places: Place[] = []
  constructor(other?: RecordedPath) {
    if (other) this.places = [...other.places]
  }
  moveTo(x: number, y: number) {
    this.places.push({ x, y })
  }
  lineTo(x: number, y: number) {
    this.places.push({ x, y })
  }
  rect() {}
  arc() {}
  closePath() {}
}

const [width, height] = [640, 480]
beforeEach(() => {
  vi.stubGlobal('Path2D', RecordedPath)
  vi.stubGlobal('matchMedia', () => ({ addEventListener() {}, removeEventListener() {} }))
  vi.stubGlobal('devicePixelRatio', 1)
  const context = new Proxy({}, { get: (_, key) => (key === 'measureText' ? () => ({ width: 20 }) : () => {}), set: () => true })
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(context as never)
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

/** The strokes that uPlot draws for series, as values of the axes, by the same functions as the chart of the window. */
async function strokesOf(series: LineSeries[]): Promise<Place[][]> {
  const { default: Plot } = await import('uplot')
  const aligned = alignSeries(series)
  const options = lineOptions({
    series,
    aligned,
    width,
    height,
    paths: Plot.paths,
    xAxis: 'x',
    yAxis: 'y',
    xRange: [0, 1],
    yRange: [0, 1],
    onHover: () => {}
  })
  const plot = new Plot(options, aligned.data as never, document.createElement('div'))
  await new Promise<void>((done) => queueMicrotask(done))
  const strokes = aligned.columns.map(({ y }) => {
    const drawn = plot.series[y]
    const [first, last] = drawn.idxs ?? [0, aligned.x.length - 1]
    const paths = drawn.paths!(plot, y, first, last) as unknown as { stroke: RecordedPath }
    return paths.stroke.places.map((place) => ({ x: plot.posToVal(place.x, 'x', true), y: plot.posToVal(place.y, 'y', true) }))
  })
  plot.destroy()
  return strokes
}

/** A pixel of the drawing, in values. */
const pixel = 1.5 / Math.min(width - 80, height - 60)

function distance(point: Place, path: readonly Place[]): number {
  if (path.length === 1) return Math.hypot(path[0].x - point.x, path[0].y - point.y)
  return Math.min(
    ...path.slice(1).map((b, index) => {
      const a = path[index]
      const length = (b.x - a.x) ** 2 + (b.y - a.y) ** 2
      const share = length > 0 ? Math.min(1, Math.max(0, ((point.x - a.x) * (b.x - a.x) + (point.y - a.y) * (b.y - a.y)) / length)) : 0
      return Math.hypot(a.x + share * (b.x - a.x) - point.x, a.y + share * (b.y - a.y) - point.y)
    })
  )
}

/** What the curve is: chords between the points, or up and down first and then to the right. */
const meant = ({ points, stepped }: LineSeries): Place[] =>
  points.flatMap(({ x, y }, index) =>
    stepped && index > 0
      ? [
          { x: points[index - 1].x, y: y! },
          { x, y: y! }
        ]
      : [{ x, y: y! }]
  )

const share = fc.integer({ min: 0, max: 20 }).map((value) => value / 20)
const curve = fc
  .record({ points: fc.array(fc.record({ x: share, y: share }), { minLength: 1, maxLength: 40 }), stepped: fc.boolean() })
  // Rising in x as curves are, with many points of one x.
  .map(({ points, stepped }) => ({ stepped, points: [...points].sort((a, b) => a.x - b.x) }))

describe('a drawn line', () => {
  it('passes through every point in order and goes nowhere else, alone or beside curves of other x', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(curve, { minLength: 1, maxLength: 3 }), async (curves) => {
        const series = curves.map((each, index) => ({ key: `${index}`, label: `${index}`, ...each }))
        const strokes = await strokesOf(series)
        strokes.forEach((stroke, index) => {
          const path = meant(series[index])
          for (const point of series[index].points) expect(distance(point, stroke)).toBeLessThan(pixel)
          for (const place of stroke) expect(distance(place, path)).toBeLessThan(pixel)
          expect(stroke[0]).toMatchObject({ x: expect.closeTo(path[0].x, 2), y: expect.closeTo(path[0].y, 2) })
          expect(stroke.at(-1)).toMatchObject({ x: expect.closeTo(path.at(-1)!.x, 2), y: expect.closeTo(path.at(-1)!.y, 2) })
        })
      }),
      { numRuns: 60, seed: 12 }
    )
  })

  it('is broken where a value is not finite, and not where only another series has a point; a point between two gaps is a dot', async () => {
    const { default: Plot } = await import('uplot')
    const points = [0.5, 0.6, NaN, 0.2, Infinity, 0.4, 0.5].map((y, index) => ({ x: index / 8, y }))
    const series = [
      { key: 'a', label: 'a', points },
      { key: 'b', label: 'b', points: [0.06, 0.9].map((x) => ({ x, y: 0.5 })) }
    ]
    const aligned = alignSeries(series)
    const options = lineOptions({ ...{ series, aligned, width, height, paths: Plot.paths, xAxis: 'x', yAxis: 'y' }, onHover: () => {} })
    const plot = new Plot(options, aligned.data as never, document.createElement('div'))
    await new Promise<void>((done) => queueMicrotask(done))
    const gapsOf = (index: number) => {
      const drawn = plot.series[index]
      const { gaps } = drawn.paths!(plot, index, 0, aligned.x.length - 1) as unknown as { gaps: [number, number][] }
      return gaps.map((gap) => gap.map((place) => Math.round(plot.posToVal(place, 'x', true) * 8)))
    }
    expect(gapsOf(1)).toEqual([
      [1, 3],
      [3, 5]
    ])
    expect(gapsOf(2)).toEqual([])
    const filter = options.series[1].points!.filter as (plot: uPlot, series: number, show: boolean) => number[] | null
    expect(filter(plot, 1, false)?.map((row) => aligned.x[row])).toEqual([3 / 8])
    plot.destroy()
  })

  it('falls straight down at one recall, and holds a precision up to its own recall', async () => {
    const points = [
      { x: 0, y: 1 },
      { x: 0.96, y: 1 },
      { x: 0.96, y: 0.459 },
      { x: 1, y: 0.47 }
    ]
    const [stroke] = await strokesOf([{ key: 'a', label: 'a', stepped: true, points }])
    expect(distance({ x: 0.5, y: 1 }, stroke)).toBeLessThan(pixel)
    expect(distance({ x: 0.96, y: 0.7 }, stroke)).toBeLessThan(pixel)
    expect(distance({ x: 0.48, y: 0.73 }, stroke)).toBeGreaterThan(0.2)
    expect(distance({ x: 0.98, y: 0.47 }, stroke)).toBeLessThan(pixel)
  })
})
