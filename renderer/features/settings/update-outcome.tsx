import { Copy, RotateCw } from 'lucide-react'
import type { UpdateBackup, UpdateResult, UpdateReturn } from '../../../main/model/update'
import { Button, copyAndTell, KeyValueList, Panel } from '../../ui'

interface OutcomeProps<T> {
  result: T
  onRestart: () => void
}

/** What applying has done, or what the administrator is to do. */
export function UpdateDone({ result, onRestart }: OutcomeProps<UpdateResult>) {
  const { version, from, path, command, backups, workspaces } = result
  if (command !== null)
    return (
      <Panel title={`The package of version ${version} is ready`} hint={path}>
        <div className="flex flex-col gap-2" role="status">
          <p>It was verified, and nothing else was changed. An administrator installs it for everybody with:</p>
          <div className="flex items-center gap-2">
            <code
              className="min-w-0 flex-1 rounded-sm bg-surface-2 px-2 py-1 font-mono text-caption [overflow-wrap:anywhere]"
              data-selectable
            >
              {command}
            </code>
            <Button icon={Copy} onClick={() => copyAndTell(command, 'The command')}>
              Copy
            </Button>
          </div>
        </div>
      </Panel>
    )
  return (
    <Panel title={`Version ${version} is in place`} hint={path}>
      <div className="flex flex-col gap-3" role="status">
        <p>
          It starts the next time, in place of {from}. What runs now goes on as it is until you restart; work that is under way ends with
          it.
        </p>
        {backups !== null && <KeyValueList items={[{ label: 'Backups', value: backups, mono: true }]} />}
        <Backups backups={workspaces} />
        <Restart onRestart={onRestart} />
      </div>
    </Panel>
  )
}

/** Which version starts after going back, and what must be restored for it. */
export function WentBack({ result: { from, to, restore }, onRestart }: OutcomeProps<UpdateReturn>) {
  return (
    <Panel title={`Version ${to} starts the next time`} hint={`in place of ${from}`}>
      <div className="flex flex-col gap-3" role="status">
        {restore.length === 0 ? (
          <p>None of your workspaces was migrated meanwhile.</p>
        ) : (
          <p>
            {from} has migrated these workspaces, or they cannot be read now. {to} cannot open what was migrated: restore the backup that
            was made before, by opening the workspace and choosing &quot;Restore a backup&quot;, or by &quot;workspace restore&quot;.
          </p>
        )}
        <Backups backups={restore} />
        <Restart onRestart={onRestart} />
      </div>
    </Panel>
  )
}

function Restart({ onRestart }: { onRestart(): void }) {
  return (
    <div>
      <Button variant="primary" icon={RotateCw} onClick={onRestart}>
        Restart
      </Button>
    </div>
  )
}

function Backups({ backups }: { backups: readonly UpdateBackup[] }) {
  if (backups.length === 0) return null
  return (
    <ul className="flex flex-col gap-1">
      {backups.map(({ workspace, path }) => (
        <li key={path} data-selectable>
          <span className="font-medium">{workspace}</span>{' '}
          <span className="font-mono text-caption text-muted [overflow-wrap:anywhere]">{path}</span>
        </li>
      ))}
    </ul>
  )
}
