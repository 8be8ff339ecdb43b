import { Download, PackageCheck } from 'lucide-react'
import type { UpdateFinding, UpdateFor, UpdateReport, WorkspaceUnderUpdate } from '../../../main/model/update'
import { Badge, Button, HashChip, Markdown, Panel, StatusIcon, type Status } from '../../ui'

const statusOf: Record<UpdateFinding['status'], Status> = { pass: 'ok', warn: 'warn', fail: 'error', info: 'info' }

interface UpdateCheckProps {
  report: UpdateReport
  /** Name of the file. */
  name: string
  busy: boolean
  onApply: (whom: UpdateFor) => void
}

/** What a check of an update file found, and what can be done with it. */
export function UpdateCheck({ report, name, busy, onApply }: UpdateCheckProps) {
  const { verdict, summary, findings, changes, workspaces, to } = report
  return (
    <>
      <Panel title={summary} hint={name} flush>
        <ul aria-label="What the check found">
          {findings.map(({ id, status, title, detail }) => (
            <li key={id} className="flex items-start gap-3 border-b px-3 py-2 last:border-b-0">
              <StatusIcon status={statusOf[status]} className="mt-0.5" />
              <span className="min-w-0 flex-1 [overflow-wrap:anywhere]" data-selectable>
                <span className="block font-medium">{title}</span>
                <span className="block text-muted">{detail}</span>
              </span>
            </li>
          ))}
        </ul>
        {to && (
          <p className="flex flex-wrap items-center gap-2 border-t px-3 py-2 text-caption text-muted">
            Version {to.version} for {to.platform}, built {to.builtAt.slice(0, 10)}, commit {to.commit && <HashChip hash={to.commit} />}
          </p>
        )}
      </Panel>
      {changes.trim() !== '' && (
        <Panel title="What changes">
          <Markdown text={changes} hrefOf={() => undefined} idOf={(heading) => `changes-${heading}`} />
        </Panel>
      )}
      {workspaces.length > 0 && <Workspaces workspaces={workspaces} />}
      {verdict === 'may-apply' && <Ways report={report} busy={busy} onApply={onApply} />}
    </>
  )
}

const effects: Record<WorkspaceUnderUpdate['effect'], { word: string; status: Status }> = {
  migrates: { word: 'will be migrated', status: 'warn' },
  stays: { word: 'stays as it is', status: 'ok' },
  'too-old': { word: 'too old for it', status: 'error' },
  'too-new': { word: 'too new for it', status: 'error' },
  unknown: { word: 'cannot be read now', status: 'warn' }
}

function Workspaces({ workspaces }: { workspaces: readonly WorkspaceUnderUpdate[] }) {
  return (
    <Panel title="Your workspaces" hint="Each that will be migrated is backed up first" flush>
      <ul>
        {workspaces.map(({ name, directory, effect }) => (
          <li key={directory} className="flex items-center gap-3 border-b px-3 py-2 last:border-b-0">
            <span className="min-w-0 flex-1">
              <span className="block font-medium">{name}</span>
              <span className="block truncate font-mono text-caption text-muted">{directory}</span>
            </span>
            <Badge status={effects[effect].status}>{effects[effect].word}</Badge>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

const buttons: Record<UpdateFor, { label: string; icon: typeof Download }> = {
  me: { label: 'Apply for me', icon: Download },
  machine: { label: 'Take out the package', icon: PackageCheck }
}

function Ways({ report, busy, onApply }: Pick<UpdateCheckProps, 'report' | 'busy' | 'onApply'>) {
  const first = report.ways.find(({ open }) => open)?.for
  return (
    <Panel title="How to apply it" flush>
      {report.ways.map(({ for: whom, open, text }) => (
        <div key={whom} className="flex flex-wrap items-center gap-3 border-b px-3 py-2 last:border-b-0">
          <p className="min-w-60 flex-1 text-muted">{text}</p>
          {open && (
            <Button
              variant={whom === first ? 'primary' : undefined}
              icon={buttons[whom].icon}
              disabled={busy}
              onClick={() => onApply(whom)}
            >
              {buttons[whom].label}
            </Button>
          )}
        </div>
      ))}
    </Panel>
  )
}
