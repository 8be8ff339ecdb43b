import { ArrowDown, ArrowUp } from 'lucide-react'
import type { ReactNode } from 'react'
import { classNames } from './class-names'
import { formatAuto, formatNumber } from './format'
import { Tooltip } from './tooltip'

/** Which way is better; without it a change has no colour. */
export type Direction = 'higher' | 'lower'

export interface StatProps {
  label: string
  value: number | string | null
  /** Fixed decimals of a number value. */
  decimals?: number
  unit?: string
  /** Difference to the baseline, in the same unit. */
  delta?: number | null
  direction?: Direction
  /** What the number means: "95% CI 0.858\u20130.884". */
  hint?: ReactNode
  /** More in a tooltip on the label. */
  explain?: ReactNode
  className?: string
}

/** Better, worse or neither, for a difference and a direction. */
export function judgeDelta(delta: number, direction?: Direction): 'better' | 'worse' | 'same' {
  if (delta === 0 || !direction) return 'same'
  return delta > 0 === (direction === 'higher') ? 'better' : 'worse'
}

export function DeltaText({ delta, direction, decimals }: { delta: number; direction?: Direction; decimals?: number }) {
  const verdict = judgeDelta(delta, direction)
  const Icon = delta > 0 ? ArrowUp : ArrowDown
  const size = decimals === undefined ? formatAuto(Math.abs(delta)) : formatNumber(Math.abs(delta), decimals)
  return (
    <span
      className={classNames(
        'inline-flex items-center gap-0.5 text-caption tabular-nums',
        verdict === 'better' ? 'text-ok' : verdict === 'worse' ? 'text-error' : 'text-muted'
      )}
    >
      {delta !== 0 && <Icon aria-hidden className="size-3" />}
      {delta > 0 ? '+' : delta < 0 ? '\u2212' : '\u00b1'}
      {size}
      {verdict !== 'same' && <span className="sr-only">, {verdict}</span>}
    </span>
  )
}

export function Stat({ label, value, decimals, unit, delta, direction, hint, explain, className }: StatProps) {
  const text = typeof value === 'string' ? value : decimals === undefined ? formatAuto(value) : formatNumber(value, decimals)
  return (
    <div className={classNames('min-w-0', className)}>
      <Tooltip content={explain}>
        <div
          className={classNames(
            'w-fit max-w-full truncate text-caption text-muted',
            explain ? 'underline decoration-dotted underline-offset-2' : ''
          )}
        >
          {label}
        </div>
      </Tooltip>
      <div className="flex items-baseline gap-1.5">
        <span className="truncate text-figure font-semibold tabular-nums" data-selectable>
          {text}
        </span>
        {unit && <span className="text-muted">{unit}</span>}
        {typeof delta === 'number' && Number.isFinite(delta) && <DeltaText delta={delta} direction={direction} decimals={decimals} />}
      </div>
      {hint && <div className="text-caption text-muted">{hint}</div>}
    </div>
  )
}
