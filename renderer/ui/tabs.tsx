import { Tabs as Base } from '@base-ui/react/tabs'
import type { ReactNode } from 'react'
import { classNames } from './class-names'

export interface TabItem<T extends string = string> {
  value: T
  label: ReactNode
  /** A count or a badge after the label. */
  mark?: ReactNode
  content: ReactNode
  disabled?: boolean
}

export interface TabsProps<T extends string> {
  items: readonly TabItem<T>[]
  value: T
  onChange: (value: T) => void
  'aria-label': string
  className?: string
}

/** Tabs fill the height they are given; each panel scrolls by itself. */
export function Tabs<T extends string>({ items, value, onChange, className, ...rest }: TabsProps<T>) {
  return (
    <Base.Root value={value} onValueChange={(next) => onChange(next as T)} className={classNames('flex min-h-0 flex-col', className)}>
      <Base.List {...rest} className="flex shrink-0 gap-1 overflow-x-auto overflow-y-hidden px-3 shadow-[inset_0_-1px_0_var(--line)]">
        {items.map((item) => (
          <Base.Tab
            key={item.value}
            value={item.value}
            disabled={item.disabled}
            className="control-focus flex h-8 items-center gap-1.5 border-b-2 border-transparent px-2 whitespace-nowrap text-muted hover:text-ink data-active:border-accent data-active:text-ink data-disabled:opacity-50"
          >
            {item.label}
            {item.mark !== undefined && <span className="text-caption text-muted">{item.mark}</span>}
          </Base.Tab>
        ))}
      </Base.List>
      {items.map((item) => (
        <Base.Panel key={item.value} value={item.value} className="min-h-0 flex-1 overflow-auto outline-none">
          {item.content}
        </Base.Panel>
      ))}
    </Base.Root>
  )
}
