import type { LucideIcon } from 'lucide-react'
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import { classNames } from './class-names'
import { Tooltip } from './tooltip'

export interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'title' | 'children'> {
  icon: LucideIcon
  /** The accessible name and the tooltip: an icon alone is never enough. */
  label: string
  /** Extra tooltip content, for instance a KeyHint. */
  hint?: ReactNode
  size?: 'sm' | 'md'
  pressed?: boolean
  variant?: 'ghost' | 'secondary'
  ref?: Ref<HTMLButtonElement>
}

export function IconButton({ icon: Icon, label, hint, size = 'md', pressed, variant = 'ghost', className, ...rest }: IconButtonProps) {
  return (
    <Tooltip
      content={
        <span className="inline-flex items-center gap-2">
          {label}
          {hint}
        </span>
      }
    >
      <button
        type="button"
        aria-label={label}
        aria-pressed={pressed}
        {...rest}
        className={classNames(
          'inline-flex shrink-0 items-center justify-center rounded-md border text-muted transition-colors hover:bg-surface-2 hover:text-ink',
          'disabled:pointer-events-none disabled:opacity-50 aria-pressed:bg-surface-3 aria-pressed:text-ink',
          variant === 'secondary' ? 'border-line-strong/60 bg-surface-1' : 'border-transparent',
          size === 'sm' ? 'size-6' : 'size-7',
          className
        )}
      >
        <Icon aria-hidden className={size === 'sm' ? 'size-3.5' : 'size-4'} />
      </button>
    </Tooltip>
  )
}
