import { LoaderCircle, type LucideIcon } from 'lucide-react'
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import { classNames } from './class-names'

export type ButtonVariant = 'primary' | 'secondary' | 'ghost' | 'danger'

const variantClass: Record<ButtonVariant, string> = {
  primary: 'bg-accent-fill text-on-accent border-transparent hover:bg-accent-fill-hover',
  secondary: 'bg-surface-1 text-ink border-line-strong/60 hover:bg-surface-2',
  ghost: 'bg-transparent text-ink border-transparent hover:bg-surface-2',
  danger: 'bg-error-fill text-on-accent border-transparent hover:bg-error-fill-hover'
}

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: ButtonVariant
  /** sm is 24 px, md (default) is 28 px, lg is 32 px high. */
  size?: 'sm' | 'md' | 'lg'
  /** Shows a spinner and ignores clicks; the label stays so that the width does not jump. */
  loading?: boolean
  icon?: LucideIcon
  /** Shown after the label, for instance a KeyHint. */
  trailing?: ReactNode
  ref?: Ref<HTMLButtonElement>
}

const sizeClass = { sm: 'h-6 px-2 text-caption gap-1', md: 'h-7 px-2.5 text-body gap-1.5', lg: 'h-8 px-3 text-body gap-2' }

export function Button({
  variant = 'secondary',
  size = 'md',
  loading,
  icon: Icon,
  trailing,
  children,
  className,
  disabled,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled}
      aria-busy={loading || undefined}
      // A click of a submit button, also the one that Enter makes, would submit its form a second time.
      onClick={loading ? (event) => event.preventDefault() : onClick}
      className={classNames(
        'inline-flex shrink-0 items-center justify-center rounded-md border font-medium whitespace-nowrap transition-colors select-none',
        'disabled:pointer-events-none disabled:opacity-50',
        variantClass[variant],
        sizeClass[size],
        className
      )}
    >
      {loading ? <LoaderCircle aria-hidden className="size-3.5 animate-spin" /> : Icon && <Icon aria-hidden className="size-3.5" />}
      {children}
      {trailing}
    </button>
  )
}
