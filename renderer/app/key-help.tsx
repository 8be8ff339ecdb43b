import { Dialog, KeyHint, useRegisteredActions } from '../ui'

const inLists: [string, string][] = [
  ['Down', 'Next row, also J'],
  ['Up', 'Previous row, also K'],
  ['Space', 'Select the row'],
  ['Shift+Down', 'Extend the selection'],
  ['Mod+A', 'Select all rows'],
  ['Mod+C', 'Copy the selected rows'],
  ['Enter', 'Open'],
  ['/', 'Go to the filter'],
  ['Esc', 'Clear, then close']
]

/** All keys: those of lists, and those of the actions that are there now. */
export function KeyHelp({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const actions = useRegisteredActions().filter((action) => action.keys)
  const groups = [...new Set(actions.map((action) => action.group))]
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keys" size="lg">
      <div className="columns-2 gap-8 pb-3">
        <KeyGroup title="Lists" rows={inLists} />
        {groups.map((group) => (
          <KeyGroup
            key={group}
            title={group}
            rows={actions.filter((action) => action.group === group).map((action) => [action.keys?.split(' ')[0] ?? '', action.title])}
          />
        ))}
      </div>
    </Dialog>
  )
}

function KeyGroup({ title, rows }: { title: string; rows: [string, string][] }) {
  return (
    <section className="mb-4 break-inside-avoid">
      <h3 className="mb-1 text-caption font-semibold text-muted">{title}</h3>
      <ul>
        {rows.map(([keys, text]) => (
          <li key={`${keys} ${text}`} className="flex min-h-6 items-center justify-between gap-4">
            <span>{text}</span>
            <KeyHint keys={keys} />
          </li>
        ))}
      </ul>
    </section>
  )
}
