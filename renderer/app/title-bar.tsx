import {
  ChevronDown,
  FolderOpen,
  FolderPlus,
  Link2,
  LockKeyhole,
  LockKeyholeOpen,
  LogOut,
  Search,
  Settings,
  ShieldAlert,
  ShieldCheck,
  UserRound
} from 'lucide-react'
import { useState } from 'react'
import { describeRecord } from '../../main/model/record'
import type { Person } from '../../main/model/workspace'
import { ActAsDialog, takesPassphrase } from '../evidence'
import { useHostCommand, useHostQuery, useOs, type HostOutput } from '../host'
import { Badge, Button, KeyHint, Menu, navigate, type MenuEntry } from '../ui'

export type OpenWorkspace = HostOutput<'workspace.status'>['workspace']

export interface TitleBarProps {
  workspace: OpenWorkspace
  /** The process that has the workspace open, when it is not this window's own. */
  heldBy?: number
  onPalette: () => void
  onCreate: () => void
  onOpen: () => void
}

/** Workspace menu, search, identity and trust: the same 40 px on every screen. */
export function TitleBar({ workspace, heldBy, onPalette, onCreate, onOpen }: TitleBarProps) {
  return (
    <header
      data-panel
      tabIndex={-1}
      aria-label="Title bar"
      className="flex h-10 shrink-0 items-center gap-3 border-b bg-surface-0 px-2 outline-none"
    >
      <div className="flex min-w-fit flex-1 items-center gap-2">
        <WorkspaceMenu workspace={workspace} onCreate={onCreate} onOpen={onOpen} />
        {workspace?.sample && (
          <Badge
            status="info"
            tooltip="This workspace was made from the sample recipe. Its people are demo identities; their signatures prove nothing."
          >
            Sample
          </Badge>
        )}
        {workspace && heldBy !== undefined && (
          <Badge
            status="info"
            icon={Link2}
            tooltip={`Another Drydock of yours (process ${heldBy}) has this workspace open, and this window works in it through that one. When that one ends, this window opens the workspace itself.`}
          >
            Through process {heldBy}
          </Badge>
        )}
      </div>
      <button
        type="button"
        onClick={onPalette}
        aria-label="Find an action"
        className="flex h-7 w-90 min-w-8 items-center gap-2 overflow-hidden rounded-md border bg-surface-1 px-2 text-muted hover:border-line-strong"
      >
        <Search aria-hidden className="size-3.5 shrink-0" />
        <span className="flex-1 truncate text-left">Find an action</span>
        <span className="max-[900px]:hidden">
          <KeyHint keys="Mod+K" />
        </span>
      </button>
      <div className="flex min-w-fit flex-1 items-center justify-end gap-2">{workspace && <IdentityAndTrust />}</div>
    </header>
  )
}

function WorkspaceMenu({ workspace, onCreate, onOpen }: Omit<TitleBarProps, 'onPalette' | 'heldBy'>) {
  const recent = useHostQuery('workspace.recent', {})
  const open = useHostCommand('workspace.open', { onSuccess: () => navigate('overview') })
  const close = useHostCommand('workspace.close', { onSuccess: () => navigate('overview') })
  const os = useOs()
  const others = (recent.data ?? []).filter((entry) => entry.available && entry.directory !== workspace?.directory).slice(0, 6)
  const entries: MenuEntry[] = [
    { id: 'create', label: 'Create a workspace', icon: FolderPlus, onSelect: onCreate },
    { id: 'open', label: 'Open a workspace', icon: FolderOpen, onSelect: onOpen },
    ...(others.length ? (['separator', { heading: 'Recent' }] as const) : []),
    ...others.map((entry) => ({
      id: entry.directory,
      label: entry.name,
      onSelect: () => void open.run({ directory: `recent:${entry.id}` })
    })),
    ...(workspace
      ? ([
          'separator',
          { id: 'folder', label: 'Show the folder', onSelect: () => void os.showInFolder('workspace:') },
          { id: 'close', label: 'Close the workspace', icon: LogOut, onSelect: () => void close.run({}) }
        ] as const)
      : [])
  ]
  return (
    <Menu
      trigger={
        <Button variant="ghost" className="min-w-0 shrink" trailing={<ChevronDown aria-hidden className="size-3.5 shrink-0 text-muted" />}>
          <span className="max-w-72 truncate font-semibold max-[1100px]:max-w-48 max-[900px]:max-w-32">{workspace?.name ?? 'Drydock'}</span>
        </Button>
      }
      entries={entries}
    />
  )
}

function IdentityAndTrust() {
  const people = useHostQuery('people.list', {})
  const record = useHostQuery('workspace.events', { limit: 1 })
  const use = useHostCommand('people.use', { success: (person) => `New records carry the name ${person.name}.` })
  const [asked, setAsked] = useState<Person | null>(null)
  const present = people.data?.filter((person) => person.leftAt === undefined) ?? []
  const current = present.find((person) => person.current)
  const isLocked = current !== undefined && !current.unlocked && current.keys.some((key) => key.usable)
  const actAs = (person: Person) => (takesPassphrase(person, present) ? setAsked(person) : void use.run({ id: person.id }))
  return (
    <>
      {record.data &&
        (record.data.intact ? (
          <Badge status="ok" icon={ShieldCheck} tooltip={describeRecord(record.data)}>
            Record consistent
          </Badge>
        ) : (
          <Badge status="error" icon={ShieldAlert} tooltip={describeRecord(record.data)}>
            Record changed
          </Badge>
        ))}
      <Menu
        align="end"
        trigger={
          <Button variant="ghost" icon={current?.unlocked ? LockKeyholeOpen : UserRound} className="min-w-0 shrink">
            <span className="max-w-40 truncate max-[900px]:max-w-24">{current ? current.name : 'No identity'}</span>
            {current?.unlocked && <span className="sr-only">(key unlocked)</span>}
            {current?.demo && <span className="shrink-0 text-caption text-muted">demo</span>}
          </Button>
        }
        entries={[
          ...(isLocked
            ? [{ id: 'unlock', label: `Unlock the key of ${current.name}`, icon: LockKeyhole, onSelect: () => setAsked(current) }]
            : []),
          ...(present.length ? [{ heading: 'Work as' }] : []),
          ...present.map((person) => ({
            id: person.id,
            label: person.demo ? `${person.name} (demo)` : person.name,
            icon: UserRound,
            disabled: person.current,
            onSelect: () => actAs(person)
          })),
          'separator',
          { id: 'people', label: 'People and keys', icon: Settings, onSelect: () => navigate('settings', ['people']) }
        ]}
      />
      {asked && <ActAsDialog key={asked.id} person={asked} onClose={() => setAsked(null)} />}
    </>
  )
}
