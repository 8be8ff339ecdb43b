import { Check, Copy, RotateCw, type LucideIcon } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import { StatusIcon } from './badge'
import { Button } from './button'
import { useCopied } from './hash-chip'
import { classNames } from './class-names'
import { describeError, errorDetailsText } from './describe-error'

export interface EmptyStateProps {
  icon: LucideIcon
  title: string
  /** What belongs here and why one wants it. */
  text: ReactNode
  /** The next step, as a button. */
  action?: ReactNode
  className?: string
}

export function EmptyState({ icon: Icon, title, text, action, className }: EmptyStateProps) {
  return (
    <div className={classNames('flex h-full min-h-40 flex-col items-center justify-center gap-2 p-6 text-center', className)}>
      <Icon aria-hidden className="size-6 text-muted" strokeWidth={1.5} />
      <h2 className="text-title font-semibold">{title}</h2>
      <div className="max-w-110 text-muted">{text}</div>
      {action && <div className="mt-2 flex gap-2">{action}</div>}
    </div>
  )
}

export interface ErrorStateProps {
  /** Whatever was thrown; a WorkbenchError shows its own words. */
  error: unknown
  /** What could not be done, for instance "The runs cannot be shown". */
  title?: string
  onRetry?: () => void
  /** A further way out. */
  action?: ReactNode
  /** One line inside a panel or above a form instead of a whole page. */
  compact?: boolean
  className?: string
}

/** Cause, effect, next step, and the details to copy. The message carries them; the first sentence is the headline. */
export function ErrorState({ error, title, onRetry, action, compact, className }: ErrorStateProps) {
  const [copied, copy] = useCopied()
  const { code, headline, rest } = describeError(error)
  const buttons = (
    <>
      {onRetry && (
        <Button size={compact ? 'sm' : 'md'} icon={RotateCw} onClick={onRetry}>
          Try again
        </Button>
      )}
      <Button size={compact ? 'sm' : 'md'} variant="ghost" icon={copied ? Check : Copy} onClick={() => copy(errorDetailsText(error))}>
        {copied ? 'Copied' : 'Copy details'}
      </Button>
      {action}
    </>
  )
  if (compact)
    return (
      <div
        role="alert"
        className={classNames('flex flex-wrap items-start gap-2 rounded-md border border-error/50 bg-error-soft p-2', className)}
      >
        <StatusIcon status="error" className="mt-0.5" />
        <div className="min-w-50 flex-1" data-selectable>
          <p className="font-medium [overflow-wrap:anywhere]">{title ?? headline}</p>
          <p className="[overflow-wrap:anywhere] text-ink">{title ? `${headline} ${rest}` : rest}</p>
        </div>
        <div className="ml-auto flex shrink-0 gap-1">{buttons}</div>
      </div>
    )
  return (
    <div role="alert" className={classNames('flex h-full min-h-40 flex-col items-center justify-center gap-2 p-6 text-center', className)}>
      <StatusIcon status="error" className="size-6" />
      <h2 className="max-w-140 text-title font-semibold [overflow-wrap:anywhere]" data-selectable>
        {title ?? headline}
      </h2>
      <div className="max-w-140 [overflow-wrap:anywhere] text-muted" data-selectable>
        {title && <p>{headline}</p>}
        {rest && <p>{rest}</p>}
        {typeof error !== 'string' && <p className="mt-1 font-mono text-caption">{code}</p>}
      </div>
      <div className="mt-2 flex gap-2">{buttons}</div>
    </div>
  )
}

/** True once `active` lasted the given time, so that quick answers do not flicker. */
export function useDelayed(active: boolean, milliseconds = 150): boolean {
  const [passed, setPassed] = useState(false)
  useEffect(() => {
    if (!active) {
      setPassed(false)
      return
    }
    const timer = setTimeout(() => setPassed(true), milliseconds)
    return () => clearTimeout(timer)
  }, [active, milliseconds])
  return active && passed
}

export interface SkeletonProps {
  /** Lines of the size of text rows. */
  lines?: number
  className?: string
}

/** Grey lines in the place of what is loading; appears after 150 ms. */
export function Skeleton({ lines = 3, className }: SkeletonProps) {
  const shown = useDelayed(true)
  return (
    <div role="status" aria-label="Loading" className={classNames('flex flex-col gap-2 p-4', className)}>
      {shown &&
        Array.from({ length: lines }, (_, index) => (
          <div key={index} className="h-4 animate-breathe rounded-sm bg-surface-2" style={{ width: `${90 - ((index * 17) % 40)}%` }} />
        ))}
    </div>
  )
}
