import { formatNumber } from '../ui'
import { tickDecimals, type Scale } from './scale'

export const chartFont = { fontSize: 11, fontFamily: "'Inter Variable', system-ui, sans-serif" }

interface AxisProps {
  scale: Scale
  title: string
  /** Plot box in pixels. */
  left: number
  right: number
  top: number
  bottom: number
  format?: (value: number) => string
}

/** Ticks with grid lines and the axis title below. */
export function HorizontalAxis({ scale, title, left, right, top, bottom, format }: AxisProps) {
  const decimals = tickDecimals(scale.ticks)
  return (
    <g {...chartFont}>
      {scale.ticks.map((tick) => (
        <g key={tick}>
          <line x1={scale(tick)} x2={scale(tick)} y1={top} y2={bottom} stroke="var(--line)" />
          <text x={scale(tick)} y={bottom + 14} textAnchor="middle" fill="var(--muted)">
            {format ? format(tick) : formatNumber(tick, decimals)}
          </text>
        </g>
      ))}
      <line x1={left} x2={right} y1={bottom} y2={bottom} stroke="var(--line-strong)" />
      <text x={(left + right) / 2} y={bottom + 30} textAnchor="middle" fill="var(--muted)">
        {title}
      </text>
    </g>
  )
}

export function VerticalAxis({ scale, title, left, right, top, bottom, format }: AxisProps) {
  const decimals = tickDecimals(scale.ticks)
  return (
    <g {...chartFont}>
      {scale.ticks.map((tick) => (
        <g key={tick}>
          <line x1={left} x2={right} y1={scale(tick)} y2={scale(tick)} stroke="var(--line)" />
          <text x={left - 6} y={scale(tick)} textAnchor="end" dominantBaseline="central" fill="var(--muted)">
            {format ? format(tick) : formatNumber(tick, decimals)}
          </text>
        </g>
      ))}
      <text transform={`translate(12 ${(top + bottom) / 2}) rotate(-90)`} textAnchor="middle" fill="var(--muted)">
        {title}
      </text>
    </g>
  )
}

/** Cuts a label to what fits, with a title that holds all of it. */
export function FittedLabel({
  text,
  x,
  y,
  width,
  anchor = 'end'
}: {
  text: string
  x: number
  y: number
  width: number
  anchor?: 'start' | 'end' | 'middle'
}) {
  const fits = Math.max(3, Math.floor(width / 6))
  return (
    <text x={x} y={y} textAnchor={anchor} dominantBaseline="central" fill="var(--ink)" {...chartFont}>
      {text.length > fits ? `${text.slice(0, fits - 1)}\u2026` : text}
      <title>{text}</title>
    </text>
  )
}
