import { CheckCircle2, Circle, Info, OctagonAlert, TriangleAlert, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { classNames } from './class-names'
import { Tooltip } from './tooltip'

export type Status = 'ok' | 'warn' | 'error' | 'info' | 'neutral'

/** Each status has a shape of its own: colour is never the only carrier. */
export const statusIcons: Record<Status, LucideIcon> = {
  ok: CheckCircle2,
  warn: TriangleAlert,
  error: OctagonAlert,
  info: Info,
  neutral: Circle
}
export const statusText: Record<Status, string> = {
  ok: 'text-ok',
  warn: 'text-warn',
  error: 'text-error',
  info: 'text-info',
  neutral: 'text-neutral'
}
export const statusSoft: Record<Status, string> = {
  ok: 'bg-ok-soft text-ok',
  warn: 'bg-warn-soft text-warn',
  error: 'bg-error-soft text-error',
  info: 'bg-info-soft text-info',
  neutral: 'bg-neutral-soft text-neutral'
}

export function StatusIcon({ status, className }: { status: Status; className?: string }) {
  const Icon = statusIcons[status]
  return <Icon aria-hidden className={classNames('size-3.5 shrink-0', statusText[status], className)} />
}

export interface BadgeProps {
  status: Status
  children: ReactNode
  /** Replaces the status icon, for instance a running spinner. */
  icon?: LucideIcon
  tooltip?: ReactNode
  spin?: boolean
}

export function Badge({ status, children, icon, tooltip, spin }: BadgeProps) {
  const Icon = icon ?? statusIcons[status]
  return (
    <Tooltip content={tooltip}>
      <span
        tabIndex={tooltip ? 0 : undefined}
        className={classNames(
          'inline-flex h-5 shrink-0 items-center gap-1 rounded-sm px-1.5 text-caption font-medium whitespace-nowrap',
          statusSoft[status]
        )}
      >
        <Icon aria-hidden className={classNames('size-3', spin && 'animate-spin')} />
        {children}
      </span>
    </Tooltip>
  )
}
