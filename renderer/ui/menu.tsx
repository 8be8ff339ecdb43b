import { ContextMenu as BaseContext } from '@base-ui/react/context-menu'
import { Menu as Base } from '@base-ui/react/menu'
import type { LucideIcon } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { classNames } from './class-names'
import { KeyHint } from './key-hint'
import { itemClass, popupClass } from './select'

export interface MenuAction {
  id: string
  label: string
  icon?: LucideIcon
  /** Shown only; the shortcut itself is bound by the action registry. */
  keys?: string
  danger?: boolean
  disabled?: boolean
  onSelect: () => void
}
export type MenuEntry = MenuAction | 'separator' | { heading: string }

export interface MenuProps {
  /** The button that opens the menu. */
  trigger: ReactElement
  entries: readonly MenuEntry[]
  align?: 'start' | 'center' | 'end'
}

export function Menu({ trigger, entries, align = 'start' }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} sideOffset={4} className="z-50">
          <Base.Popup className={classNames(popupClass, 'min-w-48')}>
            <MenuEntries entries={entries} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

/** The same entries on right click and on the context-menu key. */
export function ContextMenu({ children, entries }: { children: ReactNode; entries: readonly MenuEntry[] }) {
  return (
    <BaseContext.Root>
      <BaseContext.Trigger className="contents">{children}</BaseContext.Trigger>
      <BaseContext.Portal>
        <BaseContext.Positioner className="z-50">
          <BaseContext.Popup className={classNames(popupClass, 'min-w-48')}>
            <MenuEntries entries={entries} />
          </BaseContext.Popup>
        </BaseContext.Positioner>
      </BaseContext.Portal>
    </BaseContext.Root>
  )
}

function MenuEntries({ entries }: { entries: readonly MenuEntry[] }) {
  return entries.map((entry, index) => {
    if (entry === 'separator') return <Base.Separator key={`separator-${index}`} className="my-1 h-px bg-line" />
    if ('heading' in entry)
      return (
        <div key={`heading-${index}`} className="px-2 pt-1 pb-0.5 text-micro text-muted">
          {entry.heading}
        </div>
      )
    const Icon = entry.icon
    return (
      <Base.Item
        key={entry.id}
        disabled={entry.disabled}
        onClick={entry.onSelect}
        className={classNames(itemClass, entry.danger && 'text-error')}
      >
        {Icon ? <Icon aria-hidden className="size-3.5 shrink-0 opacity-80" /> : <span className="size-3.5 shrink-0" />}
        <span className="flex-1 truncate">{entry.label}</span>
        {entry.keys && <KeyHint keys={entry.keys} />}
      </Base.Item>
    )
  })
}
