import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { classNames } from './class-names'
import { IconButton } from './icon-button'

export interface ProgressProps {
  /** 0 to 1; null while the total is unknown. */
  value: number | null
  label: string
  /** What is happening now: "Fold 3 of 5", "2,400 of 10,000 rows". */
  detail?: ReactNode
  onCancel?: () => void
  /** Only the bar, for table cells and the activity strip. */
  bare?: boolean
  className?: string
}

export function Progress({ value, label, detail, onCancel, bare, className }: ProgressProps) {
  const known = value !== null && Number.isFinite(value)
  const fraction = known ? Math.min(1, Math.max(0, value)) : 0
  const bar = (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={known ? Math.round(fraction * 100) : undefined}
      className={classNames('h-1 min-w-12 flex-1 overflow-hidden rounded-full bg-surface-3', bare && className)}
    >
      <div
        className={classNames('h-full rounded-full bg-accent', known ? 'transition-[width]' : 'w-2/5 animate-indeterminate')}
        style={known ? { width: `${fraction * 100}%` } : undefined}
      />
    </div>
  )
  if (bare) return bar
  return (
    <div className={classNames('flex items-center gap-2', className)}>
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline justify-between gap-2 text-caption">
          <span className="truncate">{label}</span>
          <span className="shrink-0 text-muted">
            {detail}
            {known && <span className="ml-2">{Math.floor(fraction * 100)}%</span>}
          </span>
        </div>
        <div className="mt-1 flex">{bar}</div>
      </div>
      {onCancel && <IconButton icon={X} size="sm" label={`Cancel: ${label}`} onClick={onCancel} />}
    </div>
  )
}
