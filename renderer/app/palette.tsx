import { Command } from 'cmdk'
import { ChevronRight, Search } from 'lucide-react'
import { Dialog as Base } from '@base-ui/react/dialog'
import { useState } from 'react'
import { KeyHint, useRegisteredActions, type Action } from '../ui'
import { scoreEntry } from './palette-score'
import { useNamedThings } from './palette-things'

export interface PaletteProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  /** Datasets, pipelines, models and runs can be found as well. */
  hasWorkspace: boolean
}

const lastGroups = ['Go to', 'Workspace', 'Window', 'Help']

/** What the present screen offers comes first, what is always there last. */
function groupsOf(actions: readonly Action[]): [string, Action[]][] {
  const groups = new Map<string, Action[]>()
  for (const action of actions)
    if (action.id !== 'window.palette' && (action.isAvailable?.() ?? true))
      groups.set(action.group, [...(groups.get(action.group) ?? []), action])
  return [...groups].sort(([a], [b]) => lastGroups.indexOf(a) - lastGroups.indexOf(b))
}

/** Without a search everything by group; with one what answers it, the best first. */
function sectionsOf(actions: readonly Action[], things: readonly Action[], search: string): [heading: string | undefined, Action[]][] {
  const groups = groupsOf(actions)
  if (search.trim() === '') return groups
  const found = [...groups.flatMap(([, members]) => members), ...things]
    .map((action) => ({ action, score: scoreEntry(action.title, search, [action.group, ...(action.keywords ?? [])]) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
  return found.length === 0 ? [] : [[undefined, found.map(({ action }) => action)]]
}

/** Every action of the window, and what the workspace holds by name, found by typing. */
export function Palette({ open, onOpenChange, hasWorkspace }: PaletteProps) {
  const [search, setSearch] = useState('')
  const [selected, setSelected] = useState('')
  const actions = useRegisteredActions()
  const things = useNamedThings(search, open && hasWorkspace)
  const sections = sectionsOf(actions, things, search)
  const find = (text: string) => {
    setSearch(text)
    // A new search begins at its best answer.
    setSelected(sectionsOf(actions, things, text)[0]?.[1][0]?.id ?? '')
  }
  const choose = (action: Action) => () => {
    onOpenChange(false)
    // After the dialog has given the focus back, so that the action may move it.
    setTimeout(() => action.run())
  }
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)} onOpenChangeComplete={(isOpen) => isOpen || find('')}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Base.Popup
          aria-label="Command palette"
          className="fixed top-[12vh] left-1/2 z-40 w-140 max-w-[calc(100vw-32px)] -translate-x-1/2 overflow-hidden rounded-md border bg-surface-1 shadow-float outline-none"
        >
          <Command label="Find an action" loop vimBindings={false} shouldFilter={false} value={selected} onValueChange={setSelected}>
            <div className="flex items-center gap-2 border-b px-3">
              <Search aria-hidden className="size-4 text-muted" />
              <Command.Input
                autoFocus
                onValueChange={find}
                placeholder="What do you want to do or open?"
                className="h-10 flex-1 bg-transparent outline-none"
              />
              <KeyHint keys="Esc" />
            </div>
            <Command.List className="max-h-[52vh] overflow-y-auto p-1">
              <Command.Empty className="p-4 text-center text-muted">Nothing matches. Try another word.</Command.Empty>
              {sections.map(([heading, members]) => (
                <Command.Group
                  key={heading ?? ''}
                  heading={heading}
                  className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-0.5 [&_[cmdk-group-heading]]:text-micro [&_[cmdk-group-heading]]:text-muted"
                >
                  {members.map((action) => (
                    <PaletteItem key={action.id} action={action} isFound={heading === undefined} onSelect={choose(action)} />
                  ))}
                </Command.Group>
              ))}
            </Command.List>
          </Command>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

/** One entry; among answers of a search it says where it belongs. */
function PaletteItem({ action, isFound, onSelect }: { action: Action; isFound: boolean; onSelect: () => void }) {
  const Icon = action.icon ?? ChevronRight
  return (
    <Command.Item
      value={action.id}
      onSelect={onSelect}
      className="flex h-8 items-center gap-2 rounded-sm px-2 data-[selected=true]:bg-accent-soft"
    >
      <Icon aria-hidden className="size-4 shrink-0 text-muted" />
      <span className="flex-1 truncate">{action.title}</span>
      {isFound && <span className="shrink-0 text-micro text-muted">{action.group}</span>}
      {action.keys && <KeyHint keys={action.keys.split(' ')[0]} />}
    </Command.Item>
  )
}
