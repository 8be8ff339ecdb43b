import { Field as Base } from '@base-ui/react/field'
import { NumberField } from '@base-ui/react/number-field'
import { ChevronDown, ChevronUp, CircleAlert, Eye, EyeOff } from 'lucide-react'
import { useState, type InputHTMLAttributes, type ReactNode, type Ref, type TextareaHTMLAttributes } from 'react'
import { classNames } from './class-names'

export interface FieldProps {
  label: ReactNode
  /** What to enter and why, below the control. */
  hint?: ReactNode
  /** What is wrong, as one types; replaces the hint and marks the control invalid. */
  error?: string | null
  /** A control of this folder: it takes its label, description and validity from here. */
  children: ReactNode
  /** Label and control on one line, for switches and dense forms. */
  inline?: boolean
  optional?: boolean
  className?: string
}

/** Label, control, hint and error of one input, tied together for assistive technology. */
export function Field({ label, hint, error, children, inline, optional, className }: FieldProps) {
  return (
    <Base.Root
      invalid={Boolean(error)}
      className={classNames('flex min-w-0', inline ? 'items-center justify-between gap-3' : 'flex-col gap-1', className)}
    >
      <div className={inline ? 'min-w-0' : 'contents'}>
        <Base.Label className="text-caption font-medium text-ink">
          {label}
          {optional && <span className="font-normal text-muted"> (optional)</span>}
        </Base.Label>
        {inline && hint && <Base.Description className="text-caption text-muted">{hint}</Base.Description>}
      </div>
      {children}
      {!inline && !error && hint && <Base.Description className="text-caption text-muted">{hint}</Base.Description>}
      {error && (
        <Base.Error match className="flex items-start gap-1 text-caption text-error">
          <CircleAlert aria-hidden className="mt-0.5 size-3 shrink-0" />
          {error}
        </Base.Error>
      )}
    </Base.Root>
  )
}

export const controlClass =
  'control-focus control-width h-7 min-w-0 rounded-md border border-line-strong/60 bg-surface-1 px-2 text-body text-ink select-text ' +
  'disabled:opacity-50 data-invalid:border-error aria-invalid:border-error'

export interface TextInputProps extends InputHTMLAttributes<HTMLInputElement> {
  /** Ids, hashes, paths and expressions are set in the mono face. */
  mono?: boolean
  ref?: Ref<HTMLInputElement>
}

export function TextInput({ mono, className, ...rest }: TextInputProps) {
  return (
    <Base.Control
      spellCheck={false}
      autoComplete="off"
      {...rest}
      className={classNames(controlClass, 'read-only:bg-surface-0', mono && 'font-mono text-caption', className)}
    />
  )
}

export interface TextAreaProps extends TextareaHTMLAttributes<HTMLTextAreaElement> {
  mono?: boolean
  ref?: Ref<HTMLTextAreaElement>
}

export function TextArea({ mono, className, rows = 3, ...rest }: TextAreaProps) {
  return (
    <Base.Control
      render={
        <textarea
          rows={rows}
          spellCheck={false}
          {...rest}
          className={classNames(
            controlClass,
            'h-auto resize-y py-1 leading-5 read-only:bg-surface-0',
            mono && 'font-mono text-caption',
            className
          )}
        />
      }
    />
  )
}

/** A passphrase: hidden until shown on purpose, never remembered by the window. */
export function PasswordInput({ className, ...rest }: TextInputProps) {
  const [shown, setShown] = useState(false)
  const Icon = shown ? EyeOff : Eye
  return (
    <div className={classNames('relative', className)}>
      <TextInput {...rest} type={shown ? 'text' : 'password'} autoComplete="off" className="pr-8" />
      <button
        type="button"
        aria-label={shown ? 'Hide the passphrase' : 'Show the passphrase'}
        aria-pressed={shown}
        onClick={() => setShown(!shown)}
        className="absolute top-1 right-1 inline-flex size-5 items-center justify-center rounded-sm text-muted hover:text-ink"
      >
        <Icon aria-hidden className="size-3.5" />
      </button>
    </div>
  )
}

export interface NumberInputProps {
  value: number | null
  onChange: (value: number | null) => void
  min?: number
  max?: number
  step?: number
  /** Decimals shown; more may be typed. */
  decimals?: number
  /** Shown inside, after the number: `s`, `rows`, `%`. */
  unit?: string
  disabled?: boolean
  id?: string
  className?: string
  'aria-label'?: string
}

export function NumberInput({
  value,
  onChange,
  min,
  max,
  step = 1,
  decimals = 20,
  unit,
  disabled,
  id,
  className,
  ...rest
}: NumberInputProps) {
  return (
    <NumberField.Root
      id={id}
      value={value}
      onValueChange={(next) => onChange(next)}
      min={min}
      max={max}
      step={step}
      disabled={disabled}
      locale="en-US"
      format={{ maximumFractionDigits: decimals, useGrouping: false }}
      className={classNames('min-w-0', className)}
    >
      <NumberField.Group
        className={classNames(
          controlClass,
          'flex items-center pr-0 focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-focus'
        )}
      >
        <NumberField.Input {...rest} className="h-full min-w-0 flex-1 bg-transparent text-right outline-none" />
        {unit && <span className="shrink-0 pl-1 text-caption text-muted">{unit}</span>}
        <span className="ml-1.5 flex h-full w-5 shrink-0 flex-col border-l text-muted">
          <NumberField.Increment aria-label="Increase" className="flex flex-1 items-center justify-center hover:bg-surface-2">
            <ChevronUp aria-hidden className="size-3" />
          </NumberField.Increment>
          <NumberField.Decrement aria-label="Decrease" className="flex flex-1 items-center justify-center hover:bg-surface-2">
            <ChevronDown aria-hidden className="size-3" />
          </NumberField.Decrement>
        </span>
      </NumberField.Group>
    </NumberField.Root>
  )
}
