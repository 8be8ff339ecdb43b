import { WorkbenchError } from '../model/errors'
import type { PrintPage } from '../model/printed-page'
import type { WorkspaceSummary } from '../model/workspace'
import type { ApplicationOptions, DamagedWorkspace } from './application-interface'
import type { ChangeFeed } from './changes'
import type { Keyring } from './people'
import { createTurns, type Turns } from './turns'
import { openWorkbench, type Workbench } from './workbench'
import { readWorkspaceFile, type LogLevel, type TrustedFolders } from './workspace'

export interface OpenWorkspaceNeeds extends Pick<ApplicationOptions, 'whileOpen' | 'unfinishedRuns'> {
  keyring: Keyring
  changes: ChangeFeed
  trusted: TrustedFolders
  clock(): Date
  print: PrintPage
  log(level: LogLevel, message: string, fields?: Record<string, unknown>): void
  /** Puts a workspace on the list of recent ones. */
  remember(workspace: Pick<WorkspaceSummary, 'directory' | 'name'>): Promise<void>
}

/** The one place for an open workspace. What opens and closes is called within `inTurn`. */
export interface OpenWorkspace {
  /** Two impatient clicks cannot open two workspaces. */
  readonly inTurn: Turns
  current(): Workbench | undefined
  /** The one that could not be opened last, because it is damaged. */
  damaged: DamagedWorkspace | null
  /** Opens a workspace in the place of the one that is open. */
  open(directory: string): Promise<WorkspaceSummary>
  /** Opens the open workspace anew when this person has changed their mind about it. */
  reopen(): Promise<WorkspaceSummary | undefined>
  /** Whether what is open was opened as this person trusts it now; also where nothing is. */
  isAsTrusted(): boolean
  close(): Promise<void>
}

export function createOpenWorkspace(needs: OpenWorkspaceNeeds): OpenWorkspace {
  const { changes, trusted, log } = needs
  const inTurn = createTurns()
  let workbench: Workbench | undefined
  let leave: () => Promise<void> = async () => undefined

  const close = async (): Promise<void> => {
    await leave()
    leave = async () => undefined
    const closing = workbench
    workbench = undefined
    await closing?.close()
    changes.publish('*')
  }
  const onLost = (directory: string): void => {
    log('error', 'another process has taken the workspace; it is closed here', { directory })
    void inTurn(close)
  }
  const place: OpenWorkspace = {
    inTurn,
    current: () => workbench,
    damaged: null,
    isAsTrusted: () => workbench === undefined || workbench.openedRestricted !== trusted.isTrusted(workbench.workspace),
    async open(directory) {
      if (workbench?.workspace.directory === directory) return workbench.workspace
      const next = await openFor(directory, needs, onLost)
      await leave()
      await workbench?.close()
      workbench = next
      leave = await enter(next.workspace.directory, needs)
      place.damaged = null
      await needs.remember(next.workspace)
      changes.publish('*')
      log('info', 'workspace opened', { directory: next.workspace.directory })
      return next.workspace
    },
    async reopen() {
      const now = workbench?.workspace
      if (!now || place.isAsTrusted()) return now
      await close()
      return place.open(now.directory)
    },
    close
  }
  return place
}

function openFor(directory: string, needs: OpenWorkspaceNeeds, onLost: (directory: string) => void): Promise<Workbench> {
  const folder = readWorkspaceFile(directory)
  return openWorkbench({
    directory,
    isTrusted: () => needs.trusted.isTrusted(folder),
    userKeyring: needs.keyring,
    clock: needs.clock,
    print: needs.print,
    log: needs.log,
    onChanged: (topics) => needs.changes.publish(...topics),
    onLost: () => onLost(directory),
    unfinishedRuns: needs.unfinishedRuns
  })
}

/** Lets others in; gives what is called before the workspace is closed. */
async function enter(directory: string, { whileOpen, log }: OpenWorkspaceNeeds): Promise<() => Promise<void>> {
  try {
    return (await whileOpen?.(directory)) ?? (async () => undefined)
  } catch (error) {
    // Whoever comes meanwhile waits or is refused; the work here goes on.
    log('info', 'other programs cannot reach this workspace', { directory, error: String(error) })
    return async () => undefined
  }
}

/** The open workspace. Throws CONFLICT when there is none. */
export function assertOpen(workbench: Workbench | undefined): Workbench {
  if (workbench) return workbench
  throw new WorkbenchError('CONFLICT', 'No workspace is open. Open or create one first; bundles can be reviewed without one.')
}
