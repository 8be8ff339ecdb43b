import { Select as Base } from '@base-ui/react/select'
import { Check, ChevronsUpDown } from 'lucide-react'
import type { ReactNode } from 'react'
import { classNames } from './class-names'
import { controlClass } from './field'

export interface Choice<T extends string = string> {
  value: T
  label: string
  /** A second line that says when to choose it. */
  hint?: ReactNode
  disabled?: boolean
}

export const popupClass = 'z-50 max-h-80 overflow-y-auto rounded-md border bg-surface-1 p-1 text-body shadow-float outline-none'
export const itemClass =
  'flex items-center gap-2 rounded-sm px-2 py-1 outline-none select-none data-highlighted:bg-surface-2 data-disabled:opacity-50'

export interface SelectProps<T extends string> {
  value: T | null
  onChange: (value: T) => void
  choices: readonly Choice<T>[]
  placeholder?: string
  disabled?: boolean
  /** Required when the select is not inside a Field. */
  'aria-label'?: string
  className?: string
}

/** One of a few fixed choices; with more than about 15 use Combobox. */
export function Select<T extends string>({
  value,
  onChange,
  choices,
  placeholder = 'Choose',
  disabled,
  className,
  ...rest
}: SelectProps<T>) {
  return (
    <Base.Root
      value={value}
      onValueChange={(next) => next !== null && onChange(next as T)}
      items={choices.map((choice) => ({ value: choice.value, label: choice.label }))}
      disabled={disabled}
    >
      <Base.Trigger {...rest} className={classNames(controlClass, 'flex items-center justify-between gap-2 text-left', className)}>
        <Base.Value placeholder={placeholder} className="truncate data-placeholder:text-muted" />
        <Base.Icon>
          <ChevronsUpDown aria-hidden className="size-3.5 text-muted" />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner alignItemWithTrigger={false} sideOffset={4} className="z-50">
          <Base.Popup className={classNames(popupClass, 'min-w-(--anchor-width)')}>
            {choices.map((choice) => (
              <Base.Item key={choice.value} value={choice.value} disabled={choice.disabled} className={itemClass}>
                <span className="flex size-3.5 shrink-0 items-center">
                  <Base.ItemIndicator>
                    <Check aria-hidden className="size-3.5" />
                  </Base.ItemIndicator>
                </span>
                <span className="min-w-0">
                  <Base.ItemText>{choice.label}</Base.ItemText>
                  {choice.hint && <span className="block text-caption text-muted">{choice.hint}</span>}
                </span>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
