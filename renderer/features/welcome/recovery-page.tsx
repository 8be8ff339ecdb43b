import { ArchiveRestore, Files, FolderOpen, Wrench, type LucideIcon } from 'lucide-react'
import { useEffect, type ReactNode } from 'react'
import type { DoctorReport, RecoveryNote, RecoveryReport } from '../../../main/model/recovery'
import { useHostCommand, useHostStream, useOs } from '../../host'
import { Button, ErrorState, navigate, Page, PageHeader, Panel, Progress, StatusIcon } from '../../ui'

export interface RecoveryPageProps {
  directory: string
  /** Why it could not be opened. */
  message: string
}

/** A workspace that does not open: what a check found, and the ways back. Nothing is changed before one of them is chosen. */
export function RecoveryPage({ directory, message }: RecoveryPageProps) {
  const check = useHostStream('workspace.examineDamaged', { inline: true })
  const repair = useHostStream('workspace.repairDamaged', { inline: true })
  const salvage = useHostStream('workspace.salvageDamaged', { inline: true })
  const restore = useHostStream('workspace.restoreBackup', { inline: true })
  const open = useHostCommand('workspace.openMended', { onSuccess: () => navigate('overview') })
  const leave = useHostCommand('workspace.leaveDamaged')
  const { start } = check
  useEffect(() => void start({}), [start, directory])
  const working = [repair, salvage, restore].find(({ running }) => running)
  const failed = [repair, salvage, restore].find(({ error }) => error !== null)
  const report = repair.output ?? salvage.output
  const isReady = report?.opens === true || restore.output?.opens === true
  return (
    <Page
      scroll
      header={
        <PageHeader
          title={isReady ? 'There is a workspace to open' : 'This workspace cannot be opened'}
          status={<span className="truncate font-mono text-caption">{directory}</span>}
          actions={
            <Button disabled={working !== undefined} onClick={() => void leave.run({})}>
              Back to the start
            </Button>
          }
          primary={
            isReady && (
              <Button variant="primary" icon={FolderOpen} loading={open.busy} onClick={() => void open.run({})}>
                Open the workspace
              </Button>
            )
          }
        />
      }
    >
      <div className="mx-auto flex max-w-220 flex-col gap-4 p-6">
        <p data-selectable className="[overflow-wrap:anywhere]">
          {message}
        </p>
        {failed && <ErrorState compact error={failed.error} />}
        {working && <Progress value={null} label={working.latest?.message ?? 'Beginning'} onCancel={working.cancel} />}
        {report && <Outcome report={report} />}
        {restore.output && <Restored report={restore.output} />}
        {!isReady && !working && (
          <Ways check={check.output} directory={directory} repair={repair.start} salvage={salvage.start} restore={restore.start} />
        )}
        <Found check={check} />
      </div>
    </Page>
  )
}

/** What the check found, line by line. */
function Found({
  check
}: {
  check: {
    running: boolean
    latest: { message: string } | null
    output: DoctorReport | null
    error: unknown
    start: (input: Record<string, never>) => unknown
  }
}) {
  return (
    <Panel title="What was found" hint="The check reads every file once and changes nothing" flush>
      {check.error ? (
        <ErrorState error={check.error} onRetry={() => void check.start({})} />
      ) : !check.output ? (
        <div className="p-3">
          <Progress value={null} label={check.latest?.message ?? 'Checking the workspace'} />
        </div>
      ) : (
        <ul>
          {check.output.findings.map(({ area, severity, subject, message }) => (
            <li key={`${area} ${subject} ${message}`} className="flex items-start gap-3 border-b px-3 py-2 last:border-b-0">
              <StatusIcon status={severity === 'damage' ? 'error' : 'info'} className="mt-0.5" />
              <span className="min-w-0 flex-1" data-selectable>
                <span className="font-mono text-caption [overflow-wrap:anywhere]">{subject}</span>
                <span className="block [overflow-wrap:anywhere] text-muted">{message}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

interface WaysProps {
  check: DoctorReport | null
  directory: string
  repair: (input: { from?: string }) => unknown
  salvage: (input: { directory: string; folder: string }) => unknown
  restore: (input: { backup: string; directory: string; folder: string }) => unknown
}

/** The ways back, the one that changes least of what there is first. */
function Ways({ check, directory, repair, salvage, restore }: WaysProps) {
  const os = useOs()
  const folderNamed = (suffix: string): string =>
    `${directory.split(/[\\/]/).filter(Boolean).at(-1)?.slice(0, 80) ?? 'workspace'} ${suffix}`
  const chooseFolder = () => os.openFolder({ title: 'In which folder should the new workspace be made?', buttonLabel: 'Choose' })
  const askSalvage = async () => {
    const above = await chooseFolder()
    if (above) salvage({ directory: above, folder: folderNamed('salvaged') })
  }
  const askRestore = async () => {
    const files = await os.openFiles({
      title: 'Which backup?',
      filters: [{ name: 'Backup of a workspace', extensions: ['drydock-backup'] }]
    })
    const above = files?.[0] && (await chooseFolder())
    if (above) restore({ backup: files[0]!, directory: above, folder: folderNamed('restored') })
  }
  const askRepairFrom = async () => {
    const from = await os.openFolder({ title: 'Where may lost files be?', buttonLabel: 'Look there' })
    if (from) repair({ from })
  }
  return (
    <section aria-label="Ways back" className="flex flex-col gap-2">
      <Way
        icon={Wrench}
        title="Repair it"
        text="From copies of the ledger and from what the files hold. What is damaged is put aside in the folder, nothing is deleted, and what is lost is listed."
      >
        <Button disabled={!check} onClick={() => void askRepairFrom()}>
          Repair with files from a folder
        </Button>
        <Button variant="primary" disabled={!check} onClick={() => repair({})}>
          Repair
        </Button>
      </Way>
      <Way icon={Files} title="Salvage what can be read" text="Into a new workspace in a new folder. This one stays as it is.">
        <Button disabled={!check} onClick={() => void askSalvage()}>
          Salvage
        </Button>
      </Way>
      <Way
        icon={ArchiveRestore}
        title="Restore a backup"
        text="Into a new folder; every file of the backup is checked on the way. This one stays as it is."
      >
        <Button onClick={() => void askRestore()}>Choose a backup</Button>
      </Way>
    </section>
  )
}

function Way({ icon: Icon, title, text, children }: { icon: LucideIcon; title: string; text: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center gap-3 rounded-md border p-3">
      <Icon aria-hidden className="size-4 shrink-0 text-muted" />
      <div className="min-w-60 flex-1">
        <h2 className="font-semibold">{title}</h2>
        <p className="text-muted">{text}</p>
      </div>
      <div className="ml-auto flex gap-2">{children}</div>
    </div>
  )
}

/** What a repair or salvage did, and what is lost. */
function Outcome({ report: { opens, mended, lost, aside, directory } }: { report: RecoveryReport }) {
  return (
    <Panel title={opens ? 'The workspace opens again' : 'No workspace that opens is left'} hint={directory}>
      <div className="flex flex-col gap-3" role="status">
        <Notes title="Mended" status="ok" notes={mended} />
        {lost.length > 0 ? <Notes title="Lost" status="warn" notes={lost} /> : opens && <p>Nothing is lost.</p>}
        {aside && (
          <p className="text-muted">
            What was damaged is in <span className="font-mono text-caption [overflow-wrap:anywhere]">{aside}</span>. Delete it when you have
            no use for it.
          </p>
        )}
      </div>
    </Panel>
  )
}

function Notes({ title, status, notes }: { title: string; status: 'ok' | 'warn'; notes: readonly RecoveryNote[] }) {
  if (notes.length === 0) return null
  return (
    <div>
      <h3 className="font-semibold">{title}</h3>
      <ul className="flex max-h-60 flex-col gap-1 overflow-auto">
        {notes.map(({ subject, message }, index) => (
          <li key={index} className="flex items-start gap-2" data-selectable>
            <StatusIcon status={status} className="mt-0.5" />
            <span className="min-w-0 [overflow-wrap:anywhere]">
              <span className="font-mono text-caption">{subject}</span>: {message}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Restored({ report: { directory, sound, opens, findings } }: { report: DoctorReport }) {
  return (
    <Panel title={opens ? 'The backup is restored' : 'What the backup holds does not open'} hint={directory}>
      <p role="status">{sound ? 'Every file of it was checked; it is sound.' : (findings[0]?.message ?? '')}</p>
    </Panel>
  )
}
