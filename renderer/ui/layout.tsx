import { Search } from 'lucide-react'
import { useEffect, useRef, type ReactNode } from 'react'
import { classNames } from './class-names'
import { controlClass } from './field'

export interface PageHeaderProps {
  title: ReactNode
  /** Badges and a short sentence on the state of what is shown. */
  status?: ReactNode
  /** Secondary actions, left of the primary one. */
  actions?: ReactNode
  /** The page's one primary action. */
  primary?: ReactNode
  /** A way back for detail pages. */
  back?: ReactNode
}

export function PageHeader({ title, status, actions, primary, back }: PageHeaderProps) {
  return (
    <header className="flex min-h-12 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b bg-surface-1 px-4 py-2">
      {back}
      <h1 className="min-w-0 truncate text-title font-semibold">{title}</h1>
      {status && <div className="flex min-w-0 items-center gap-2 text-muted">{status}</div>}
      <div className="ml-auto flex items-center gap-2">
        {actions}
        {primary}
      </div>
    </header>
  )
}

/** A page: header, optional toolbar, and a body that scrolls or lays out by itself. */
export function Page({ header, children, scroll }: { header?: ReactNode; children: ReactNode; scroll?: boolean }) {
  return (
    <div className="flex h-full min-h-0 flex-col bg-surface-1">
      {header}
      <div className={classNames('min-h-0 flex-1', scroll ? 'overflow-auto' : 'flex flex-col overflow-hidden')}>{children}</div>
    </div>
  )
}

export function Toolbar({ children, 'aria-label': label }: { children: ReactNode; 'aria-label'?: string }) {
  return (
    <div
      role="toolbar"
      aria-label={label ?? 'View options'}
      className="flex min-h-10 shrink-0 flex-wrap items-center gap-2 border-b px-4 py-1.5"
    >
      {children}
    </div>
  )
}

export interface SearchInputProps {
  value: string
  onChange: (value: string) => void
  placeholder: string
  /** Expressions are set in mono and take more width. */
  expression?: boolean
  invalid?: boolean
  onSubmit?: () => void
  className?: string
}

/** The filter of a list. The key / puts the cursor here; Escape clears it, then leaves. */
export function SearchInput({ value, onChange, placeholder, expression, invalid, onSubmit, className }: SearchInputProps) {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const focusOnSlash = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement | null
      if (
        event.key !== '/' ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        target?.closest('input, textarea, [contenteditable="true"]')
      )
        return
      if (!input.current || input.current.offsetParent === null) return
      event.preventDefault()
      input.current.focus()
      input.current.select()
    }
    window.addEventListener('keydown', focusOnSlash)
    return () => window.removeEventListener('keydown', focusOnSlash)
  }, [])
  return (
    <div className={classNames('relative', expression ? 'min-w-60 flex-1' : 'w-60', className)}>
      <Search aria-hidden className="pointer-events-none absolute top-1.5 left-2 size-4 text-muted" />
      <input
        ref={input}
        type="text"
        role="searchbox"
        aria-label={placeholder}
        aria-invalid={invalid || undefined}
        spellCheck={false}
        value={value}
        placeholder={placeholder}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onSubmit?.()
          if (event.key !== 'Escape') return
          event.stopPropagation()
          if (value) onChange('')
          else input.current?.blur()
        }}
        className={classNames(controlClass, 'pl-7.5', expression && 'font-mono text-caption')}
      />
    </div>
  )
}

export interface SectionProps {
  title: ReactNode
  /** Buttons at the right of the title. */
  actions?: ReactNode
  hint?: ReactNode
  children: ReactNode
  className?: string
}

/** A titled part of a page without a frame. */
export function Section({ title, actions, hint, children, className }: SectionProps) {
  return (
    <section className={classNames('min-w-0', className)}>
      <div className="mb-2 flex min-h-7 items-center gap-2">
        <h2 className="font-semibold">{title}</h2>
        {hint && <span className="truncate text-caption text-muted">{hint}</span>}
        {actions && <div className="ml-auto flex items-center gap-1">{actions}</div>}
      </div>
      {children}
    </section>
  )
}

/** A titled part with a hairline frame. */
export function Panel({ title, actions, hint, children, className, flush }: Partial<SectionProps> & { flush?: boolean }) {
  return (
    <section className={classNames('flex min-w-0 flex-col rounded-md border bg-surface-1', className)}>
      {title && (
        <div className="flex min-h-9 items-center gap-2 border-b px-3">
          <h2 className="truncate font-semibold">{title}</h2>
          {hint && <span className="truncate text-caption text-muted">{hint}</span>}
          {actions && <div className="ml-auto flex items-center gap-1">{actions}</div>}
        </div>
      )}
      <div className={classNames('min-h-0 flex-1', !flush && 'p-3')}>{children}</div>
    </section>
  )
}

export interface KeyValue {
  label: ReactNode
  value: ReactNode
  mono?: boolean
}

export function KeyValueList({
  items,
  labelWidth = 120,
  className
}: {
  items: readonly (KeyValue | null | false | undefined)[]
  labelWidth?: number
  className?: string
}) {
  return (
    <dl className={classNames('flex flex-col', className)}>
      {items.map(
        (item, index) =>
          item && (
            <div key={index} className="flex min-h-6 items-baseline gap-3 py-0.5">
              <dt className="shrink-0 text-caption text-muted" style={{ width: labelWidth }}>
                {item.label}
              </dt>
              <dd className={classNames('min-w-0 flex-1 [overflow-wrap:anywhere]', item.mono && 'font-mono text-caption')}>{item.value}</dd>
            </div>
          )
      )}
    </dl>
  )
}
