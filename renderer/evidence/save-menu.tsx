import { Save } from 'lucide-react'
import { Button, Menu, type MenuEntry } from '../ui'

/** The button in the head of a page that saves what the page shows, in the form that is chosen. */
export function SaveMenu({ label, busy, entries }: { label: string; busy: boolean; entries: MenuEntry[] }) {
  return (
    <Menu
      align="end"
      trigger={
        <Button icon={Save} loading={busy}>
          {label}
        </Button>
      }
      entries={entries}
    />
  )
}
