import { Tooltip } from './tooltip'
import { classNames } from './class-names'
import { formatAuto, formatDuration, formatLocal, formatNumber, formatRelative, formatSize, formatUtc, NO_VALUE } from './format'

const numberClass = 'tabular-nums whitespace-nowrap'

export interface TimeTextProps {
  /** Epoch milliseconds or an ISO text. */
  value: number | string | null | undefined
  /** Shows `4 min ago` and puts UTC into the tooltip. */
  relative?: boolean
}

/** UTC in ISO form; the local time of this machine is in the tooltip. */
export function TimeText({ value, relative }: TimeTextProps) {
  if (value === null || value === undefined) return <span className="text-muted">{NO_VALUE}</span>
  const utc = formatUtc(value)
  if (utc === NO_VALUE) return <span className="text-muted">{NO_VALUE}</span>
  const local = `${formatLocal(value)} on this machine`
  return (
    <Tooltip
      content={
        <span className="block">
          {relative && <span className="block">{utc}</span>}
          {local}
        </span>
      }
    >
      <time dateTime={new Date(value).toISOString()} className={numberClass}>
        {relative ? formatRelative(value) : utc}
      </time>
    </Tooltip>
  )
}

/** Seconds as `3 m 12 s`. */
export function DurationText({ seconds }: { seconds: number | null | undefined }) {
  return <span className={numberClass}>{formatDuration(seconds)}</span>
}

/** Bytes as KiB, MiB, GiB; the exact count is in the tooltip. */
export function SizeText({ bytes }: { bytes: number | null | undefined }) {
  return (
    <Tooltip content={typeof bytes === 'number' && bytes >= 1024 ? `${formatNumber(bytes)} bytes` : null}>
      <span className={numberClass}>{formatSize(bytes)}</span>
    </Tooltip>
  )
}

export interface NumberTextProps {
  value: number | null | undefined
  /** Fixed decimals; without it four significant digits. In a table column always fix them. */
  decimals?: number
  unit?: string
  /** Shows + for positive values, for deltas. */
  signed?: boolean
  className?: string
}

export function NumberText({ value, decimals, unit, signed, className }: NumberTextProps) {
  const text = decimals === undefined ? formatAuto(value) : formatNumber(value, decimals)
  return (
    <span className={classNames(numberClass, className)}>
      {signed && typeof value === 'number' && value > 0 ? '+' : ''}
      {text}
      {unit && <span className="text-muted"> {unit}</span>}
    </span>
  )
}
