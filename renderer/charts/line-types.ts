import type { ChartProps } from './chart-frame'

export interface LinePoint {
  x: number
  y: number | null
  /** Bounds of the confidence band. */
  low?: number | null
  high?: number | null
}

export interface LineSeries {
  /** Colour key: the run id or the class. */
  key: string
  label: string
  /** In any order of x; points of one x are drawn in the order they have here, so that a curve may run straight up or down. */
  points: readonly LinePoint[]
  dashed?: boolean
  /** A value holds from the point before up to its own x, as precision does over recall: up or down first, then to the right. */
  stepped?: boolean
}

export interface LineChartProps extends ChartProps {
  series: readonly LineSeries[]
  /** Axis titles, with units. */
  xAxis: string
  yAxis: string
  /** `diagonal` for ROC and the like, `zero` where differences are shown, or a value. */
  reference?: 'diagonal' | 'zero' | number
  /** Fixes the axes, for instance [0, 1] for rates. */
  xRange?: readonly [number, number]
  yRange?: readonly [number, number]
  logY?: boolean
  /** x holds epoch milliseconds. */
  time?: boolean
}
