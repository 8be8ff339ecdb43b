import { Command } from 'cmdk'
import { ChevronRight, Search } from 'lucide-react'
import { Dialog as Base } from '@base-ui/react/dialog'
import { KeyHint, useRegisteredActions, type Action } from '../ui'

export interface PaletteProps {
  open: boolean
  onOpenChange: (open: boolean) => void
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

/** Every action of the window, found by typing. */
export function Palette({ open, onOpenChange }: PaletteProps) {
  const actions = useRegisteredActions()
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Base.Popup
          aria-label="Command palette"
          className="fixed top-[12vh] left-1/2 z-40 w-140 max-w-[calc(100vw-32px)] -translate-x-1/2 overflow-hidden rounded-md border bg-surface-1 shadow-float outline-none"
        >
          <Command label="Find an action" loop vimBindings={false}>
            <div className="flex items-center gap-2 border-b px-3">
              <Search aria-hidden className="size-4 text-muted" />
              <Command.Input autoFocus placeholder="What do you want to do?" className="h-10 flex-1 bg-transparent outline-none" />
              <KeyHint keys="Esc" />
            </div>
            <Command.List className="max-h-[52vh] overflow-y-auto p-1">
              <Command.Empty className="p-4 text-center text-muted">No action matches. Try another word.</Command.Empty>
              {groupsOf(actions).map(([group, members]) => (
                <Command.Group
                  key={group}
                  heading={group}
                  className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-0.5 [&_[cmdk-group-heading]]:text-micro [&_[cmdk-group-heading]]:text-muted"
                >
                  {members.map((action) => {
                    const Icon = action.icon ?? ChevronRight
                    return (
                      <Command.Item
                        key={action.id}
                        value={`${action.id} ${action.title}`}
                        keywords={[action.group, ...(action.keywords ?? [])]}
                        onSelect={() => {
                          onOpenChange(false)
                          // After the dialog has given the focus back, so that the action may move it.
                          setTimeout(() => action.run())
                        }}
                        className="flex h-8 items-center gap-2 rounded-sm px-2 data-[selected=true]:bg-accent-soft"
                      >
                        <Icon aria-hidden className="size-4 shrink-0 text-muted" />
                        <span className="flex-1 truncate">{action.title}</span>
                        {action.keys && <KeyHint keys={action.keys.split(' ')[0]} />}
                      </Command.Item>
                    )
                  })}
                </Command.Group>
              ))}
            </Command.List>
          </Command>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
