import { useEffect, useMemo, useRef } from 'react'
import type uPlot from 'uplot'
import { numberInWords } from '../../main/model/reported-number'
import { formatAuto } from '../ui'
import { ChartFrame } from './chart-frame'
import type { ChartTable } from './value-table'
import { alignSeries, lineOptions } from './line-plot'
import type { LineChartProps } from './line-types'
import { seriesColour } from './series-colour'
import { useThemeStamp } from './theme-stamp'
import { useWidth } from './use-width'

/** Curves with confidence bands, drawn by uPlot; the values under the cursor are written above the plot. */
export function LineChart({ series, xAxis, yAxis, reference, xRange, yRange, logY, time, ...frame }: LineChartProps) {
  const height = frame.height ?? 220
  const [box, width] = useWidth<HTMLDivElement>()
  const host = useRef<HTMLDivElement>(null)
  const values = useRef<HTMLDivElement>(null)
  const theme = useThemeStamp()
  const aligned = useMemo(() => alignSeries(series), [series])
  const isEmpty = aligned.x.length === 0
  // Callers write the ranges inline; by their text they stay the same object from render to render.
  const rangeKey = JSON.stringify([xRange ?? null, yRange ?? null])
  const ranges = useMemo(() => JSON.parse(rangeKey) as [LineChartProps['xRange'] | null, LineChartProps['yRange'] | null], [rangeKey])

  useEffect(() => {
    if (!host.current || isEmpty) return
    const input = {
      series,
      aligned,
      width,
      height,
      xAxis,
      yAxis,
      reference,
      xRange: ranges[0] ?? undefined,
      yRange: ranges[1] ?? undefined,
      logY,
      time,
      onHover: (text: string) => {
        if (values.current) values.current.textContent = text
      }
    }
    const target = host.current
    let plot: uPlot | undefined
    let gone = false
    // Loaded with the first curve: the first frame of the window does not need it.
    void import('uplot').then(({ default: Plot }) => {
      if (!gone && canDraw()) plot = new Plot(lineOptions({ ...input, paths: Plot.paths }), aligned.data as uPlot.AlignedData, target)
    })
    return () => {
      gone = true
      plot?.destroy()
    }
  }, [aligned, series, width, height, xAxis, yAxis, reference, ranges, logY, time, theme, isEmpty])

  const table = useMemo<ChartTable>(
    () => ({
      columns: [{ header: xAxis, numeric: true }, ...series.map((each) => ({ header: each.label, numeric: true }))],
      rows: aligned.x.map((x, index) => [
        time ? new Date(x).toISOString() : formatAuto(x),
        ...series.map((_, position) => {
          const value = aligned.y[position][index]
          return value === null || value === undefined ? null : (numberInWords(value) ?? formatAuto(value))
        })
      ])
    }),
    [aligned, series, xAxis, time]
  )
  return (
    <ChartFrame
      {...frame}
      isEmpty={isEmpty}
      vector={false}
      table={table}
      legend={series.map((each) => ({ label: each.label, colour: seriesColour(each.key), dashed: each.dashed }))}
    >
      <div ref={box} className="min-w-0">
        <div ref={values} aria-hidden className="h-4 truncate text-caption text-muted tabular-nums" />
        <div ref={host} role="img" aria-label={`${frame.title}: ${series.length} curves, ${aligned.x.length} points`} style={{ height }} />
      </div>
    </ChartFrame>
  )
}

/** False where there is no canvas; the values are then still there as a table. */
const canDraw = (): boolean => document.createElement('canvas').getContext('2d') !== null
