import { Combobox as Base } from '@base-ui/react/combobox'
import { Check, ChevronsUpDown, X } from 'lucide-react'
import { classNames } from './class-names'
import { controlClass } from './field'
import { itemClass, popupClass, type Choice } from './select'

interface ComboboxShared<T extends string> {
  choices: readonly Choice<T>[]
  placeholder?: string
  /** Said when nothing matches what was typed. */
  emptyText?: string
  disabled?: boolean
  'aria-label'?: string
  className?: string
}

export interface ComboboxProps<T extends string> extends ComboboxShared<T> {
  value: T | null
  onChange: (value: T | null) => void
}

/** One of many choices, found by typing. */
export function Combobox<T extends string>({
  value,
  onChange,
  choices,
  placeholder,
  emptyText,
  disabled,
  className,
  ...rest
}: ComboboxProps<T>) {
  const selected = choices.find((choice) => choice.value === value) ?? null
  return (
    <Base.Root
      items={choices}
      value={selected}
      onValueChange={(choice) => onChange(choice ? choice.value : null)}
      itemToStringLabel={(choice: Choice<T>) => choice.label}
      isItemEqualToValue={(a: Choice<T>, b: Choice<T>) => a.value === b.value}
      disabled={disabled}
    >
      <Base.InputGroup className={classNames('relative', className)}>
        <Base.Input {...rest} placeholder={placeholder ?? 'Type to find'} spellCheck={false} className={classNames(controlClass, 'pr-7')} />
        <Base.Trigger aria-label="Show the choices" className="absolute top-1 right-1 flex size-5 items-center justify-center text-muted">
          <ChevronsUpDown aria-hidden className="size-3.5" />
        </Base.Trigger>
      </Base.InputGroup>
      <ChoicePopup emptyText={emptyText} />
    </Base.Root>
  )
}

export interface MultiComboboxProps<T extends string> extends ComboboxShared<T> {
  value: readonly T[]
  onChange: (value: T[]) => void
}

/** Any number of choices, shown as removable chips. */
export function MultiCombobox<T extends string>({
  value,
  onChange,
  choices,
  placeholder,
  emptyText,
  disabled,
  className,
  ...rest
}: MultiComboboxProps<T>) {
  const selected = choices.filter((choice) => value.includes(choice.value))
  return (
    <Base.Root
      multiple
      items={choices}
      value={selected}
      onValueChange={(next) => onChange(next.map((choice) => choice.value))}
      itemToStringLabel={(choice: Choice<T>) => choice.label}
      isItemEqualToValue={(a: Choice<T>, b: Choice<T>) => a.value === b.value}
      disabled={disabled}
    >
      <Base.Chips className={classNames(controlClass, 'flex h-auto min-h-7 flex-wrap items-center gap-1 py-0.5', className)}>
        {selected.map((choice) => (
          <Base.Chip key={choice.value} className="flex items-center gap-1 rounded-sm bg-surface-2 py-0 pl-1.5 text-caption">
            {choice.label}
            <Base.ChipRemove
              aria-label={`Remove ${choice.label}`}
              className="flex size-4 items-center justify-center text-muted hover:text-ink"
            >
              <X aria-hidden className="size-3" />
            </Base.ChipRemove>
          </Base.Chip>
        ))}
        <Base.Input
          {...rest}
          placeholder={selected.length ? '' : placeholder}
          spellCheck={false}
          className="h-5 min-w-16 flex-1 bg-transparent outline-none"
        />
      </Base.Chips>
      <ChoicePopup emptyText={emptyText} />
    </Base.Root>
  )
}

function ChoicePopup({ emptyText = 'Nothing matches.' }: { emptyText?: string }) {
  return (
    <Base.Portal>
      <Base.Positioner sideOffset={4} className="z-50">
        <Base.Popup className={classNames(popupClass, 'w-(--anchor-width) min-w-48')}>
          <Base.Empty className="px-2 py-1 text-muted empty:hidden">{emptyText}</Base.Empty>
          <Base.List>
            {(choice: Choice) => (
              <Base.Item key={choice.value} value={choice} disabled={choice.disabled} className={itemClass}>
                <span className="flex size-3.5 shrink-0">
                  <Base.ItemIndicator>
                    <Check aria-hidden className="size-3.5" />
                  </Base.ItemIndicator>
                </span>
                <span className="min-w-0">
                  <span className="block truncate">{choice.label}</span>
                  {choice.hint && <span className="block text-caption text-muted">{choice.hint}</span>}
                </span>
              </Base.Item>
            )}
          </Base.List>
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  )
}
