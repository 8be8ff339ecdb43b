import { formatNumber } from '../ui'
import { tickDecimals, type Scale } from './scale'

/** Pixels that every chart leaves right of its plot. */
const ROOM_AT_END = 12

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
  const texts = scale.ticks.map((tick) => (format ? format(tick) : formatNumber(tick, decimals)))
  return (
    <g {...chartFont}>
      {scale.ticks.map((tick, at) => (
        <g key={tick}>
          <line x1={scale(tick)} x2={scale(tick)} y1={top} y2={bottom} stroke="var(--line)" />
          {/* The picture ends a little right of the plot: the text of a tick at its end is moved in. */}
          <text
            x={Math.min(scale(tick), right + ROOM_AT_END - textWidth(texts[at]!) / 2)}
            y={bottom + 14}
            textAnchor="middle"
            fill="var(--muted)"
          >
            {texts[at]}
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

/** About how wide a character of the chart font is, in pixels; measuring each label would cost a layout. */
function widthOf(character: string): number {
  if (/[ilj.,:;'|!()[\] ]/.test(character)) return 3.4
  if (/[mwMW@%\u2026]/.test(character)) return 9.5
  if (/[\p{Lu}0-9&#$]/u.test(character)) return 7.4
  return /[\u2e80-\uffef]/.test(character) ? 11.2 : 6.2
}

/** About how wide a text of the chart font is, in pixels. */
export const textWidth = (text: string): number => [...text].reduce((sum, character) => sum + widthOf(character), 0)

/** As much of a text as fits into so many pixels, with an ellipsis when it is cut. */
export function fitText(text: string, width: number): string {
  const characters = [...text]
  let used = 0
  let kept = 0
  for (const character of characters) {
    used += widthOf(character)
    if (used > width) break
    if (used + widthOf('\u2026') <= width) kept++
  }
  return used <= width ? text : `${characters.slice(0, kept).join('').trimEnd()}\u2026`
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
  return (
    <text x={x} y={y} textAnchor={anchor} dominantBaseline="central" fill="var(--ink)" {...chartFont}>
      {fitText(text, width)}
      <title>{text}</title>
    </text>
  )
}
