import { Checkbox as BaseCheckbox } from '@base-ui/react/checkbox'
import { Switch as BaseSwitch } from '@base-ui/react/switch'
import { Check, Minus } from 'lucide-react'
import type { ReactNode } from 'react'
import { classNames } from './class-names'

export interface ToggleProps {
  checked: boolean
  onChange: (checked: boolean) => void
  /** Shown beside the control and clickable; without it give an aria-label. */
  label?: ReactNode
  disabled?: boolean
  'aria-label'?: string
  className?: string
}

export function Checkbox({
  checked,
  onChange,
  label,
  disabled,
  indeterminate,
  className,
  ...rest
}: ToggleProps & { indeterminate?: boolean }) {
  return (
    <label className={classNames('inline-flex items-center gap-2', disabled && 'opacity-50', className)}>
      <BaseCheckbox.Root
        {...rest}
        checked={checked}
        indeterminate={indeterminate}
        onCheckedChange={(next) => onChange(next)}
        disabled={disabled}
        className={classNames(
          'flex size-4 shrink-0 items-center justify-center rounded-sm border border-line-strong bg-surface-1 text-on-accent',
          'data-checked:border-accent-fill data-checked:bg-accent-fill data-indeterminate:border-accent-fill data-indeterminate:bg-accent-fill'
        )}
      >
        <BaseCheckbox.Indicator>
          {indeterminate ? <Minus aria-hidden className="size-3" /> : <Check aria-hidden className="size-3" strokeWidth={3} />}
        </BaseCheckbox.Indicator>
      </BaseCheckbox.Root>
      {label}
    </label>
  )
}

export function Switch({ checked, onChange, label, disabled, className, ...rest }: ToggleProps) {
  return (
    <label className={classNames('inline-flex items-center gap-2', disabled && 'opacity-50', className)}>
      <BaseSwitch.Root
        {...rest}
        checked={checked}
        onCheckedChange={(next) => onChange(next)}
        disabled={disabled}
        className="flex h-4 w-7 shrink-0 items-center rounded-full border border-line-strong bg-surface-2 px-px data-checked:border-accent-fill data-checked:bg-accent-fill"
      >
        <BaseSwitch.Thumb className="size-3 rounded-full bg-line-strong transition-transform data-checked:translate-x-3 data-checked:bg-on-accent" />
      </BaseSwitch.Root>
      {label}
    </label>
  )
}
