import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { WorkbenchError } from '../model/errors'
import { Preferences, type RecentWorkspace, type WorkspaceSummary } from '../model/workspace'
import { writeFileDurably } from '../storage/objects/durable-files'
import { createChangeFeed, type ChangeFeed } from './changes'
import { createDo, type Engaged } from './commands'
import * as list from './feature-list'
import { createKeyring, makeUserFolder, type Keyring } from './people'
import { createTurns } from './turns'
import { openWorkbench, type CommandFeatures, type Features, type Workbench } from './workbench'
import {
  createRecentWorkspaces,
  createTrustedFolders,
  createWorkspaceFolder,
  discardNewWorkspace,
  isWorkspaceFolder,
  readWorkspaceFile,
  type LogLevel
} from './workspace'
import { beginCommands } from './workspace/commands'

export interface ApplicationOptions {
  /** The user's own folder: recent list, preferences, keys, logs. Never inside a workspace. */
  userDirectory: string
  clock?: () => Date
  /** Called while a workspace is open, such as to let other programs in; what it returns is called before that is closed. */
  whileOpen?(directory: string): Promise<() => Promise<void>>
  /** See UnfinishedRuns; commands pass `mark`, so that looking at a workspace never starts or ends work in it. */
  unfinishedRuns?: 'requeue' | 'mark'
  /** See `Application.heedTrust`. */
  heedsTrust?: boolean
  log?: (level: LogLevel, message: string, fields?: Record<string, unknown>) => void
}

/**
 * What a program does about the workspace it has open when trust in it has changed: opens it `anew` soon, or goes on as it began until it
 * is opened the next time (`later`); what is not trusted any more starts nothing new in either case. `already`: it was opened like this.
 */
export type TrustHeeded = 'anew' | 'later' | 'already'

/** See `Application.damaged`. */
export interface DamagedWorkspace {
  readonly directory: string
  readonly message: string
  made?: string
}

/** The program behind window, command line and tests: at most one open workspace, and what exists without one. */
/** Features of the open workspace are read from here too; while none is open that throws CONFLICT with the next step. */
export interface Application extends Features {
  readonly userDirectory: string
  readonly changes: ChangeFeed
  readonly keyring: Keyring
  readonly workspace: WorkspaceSummary | null
  /** The workspace that could not be opened last, because it is damaged; `made` is what a way back has left in its place. */
  readonly damaged: DamagedWorkspace | null
  leaveDamaged(): void
  /** The open workspace. Throws CONFLICT when there is none. */
  workbench(): Workbench
  readonly do: Workbench['do']
  createWorkspace(directory: string, name: string, options?: { sample?: boolean }): Promise<WorkspaceSummary>
  /** Opens it restricted where this person has not trusted it on this machine. */
  openWorkspace(directory: string): Promise<WorkspaceSummary>
  /** Trusts the workspace in this folder, or takes that back, without opening it; where it is open, it is opened anew. */
  setTrust(directory: string, trusted: boolean): Promise<WorkspaceSummary>
  /** Another program has changed whom this person trusts. */
  heedTrust(): TrustHeeded
  closeWorkspace(): Promise<void>
  /** Puts a workspace on the list of recent ones. */
  remember(workspace: Pick<WorkspaceSummary, 'directory' | 'name'>): Promise<void>
  recent(): RecentWorkspace[]
  forget(id: string): Promise<void>
  sampleDirectory(): { directory: string; exists: boolean }
  preferences(): Preferences
  setPreferences(change: Partial<Preferences>): Promise<Preferences>
  close(): Promise<void>
}

const SOON_MS = 50

/** Starts the program without a workspace. */
export function createApplication(options: ApplicationOptions): Application {
  const { userDirectory } = options
  const clock = options.clock ?? (() => new Date())
  const log = options.log ?? (() => undefined)
  const warn = (text: string): void => log('warn', text)
  makeUserFolder(userDirectory, warn)
  const changes = createChangeFeed()
  const keyring = createKeyring(join(userDirectory, 'keys'), clock, warn)
  const recent = createRecentWorkspaces(userDirectory)
  const trusted = createTrustedFolders(userDirectory)
  const preferencesFile = join(userDirectory, 'preferences.json')
  const preferences = (): Preferences => readPreferences(preferencesFile)
  let open: Workbench | undefined
  let damaged: DamagedWorkspace | null = null
  // Two impatient clicks cannot open two workspaces.
  const inTurn = createTurns()

  const workbench = (): Workbench => {
    if (!open) throw new WorkbenchError('CONFLICT', 'No workspace is open. Open or create one first; bundles can be reviewed without one.')
    return open
  }
  /** Commands of the machine work without a workspace; nothing records them. The others say that none is open. */
  const onMachine: Pick<CommandFeatures, 'keyring'> & Engaged = {
    keyring,
    audit: { append: () => undefined },
    jobs: { runInHost: () => workbench() as never }
  }
  const alone: Workbench['do'] = createDo<CommandFeatures>({
    features: () => onMachine as CommandFeatures,
    context: { ledger: { transaction: (work) => work() }, changed: (...topics) => changes.publish(...topics) },
    asker: () => null,
    admit: (command) => void (command.needsNoWorkspace || workbench())
  })
  let leave: () => Promise<void> = async () => undefined
  const closeNow = async (): Promise<void> => {
    await leave()
    leave = async () => undefined
    const closing = open
    open = undefined
    await closing?.close()
    changes.publish('*')
  }
  const enter = async (directory: string): Promise<() => Promise<void>> => {
    try {
      return (await options.whileOpen?.(directory)) ?? (async () => undefined)
    } catch (error) {
      // Whoever comes meanwhile waits or is refused; the work here goes on.
      log('info', 'other programs cannot reach this workspace', { directory, error: String(error) })
      return async () => undefined
    }
  }
  const remember: Application['remember'] = ({ directory, name }) =>
    recent.remember(directory, name, clock()).catch((error: unknown) =>
      // The list is a convenience: a full or read-only home must not keep anybody from his work.
      log('warn', 'the list of recent workspaces could not be written', { error: String(error) })
    )
  const isOpenedAsTrusted = (): boolean => open === undefined || open.openedRestricted !== trusted.isTrusted(open.workspace)
  /** Opens the open workspace anew when this person has changed their mind about it. */
  const reopen = async (): Promise<WorkspaceSummary | undefined> => {
    const now = open?.workspace
    if (!now || isOpenedAsTrusted()) return now
    await closeNow()
    return openNow(now.directory)
  }
  const openNow = async (directory: string): Promise<WorkspaceSummary> => {
    if (open?.workspace.directory === directory) return open.workspace
    const folder = readWorkspaceFile(directory)
    const next = await openWorkbench({
      directory,
      isTrusted: () => trusted.isTrusted(folder),
      userKeyring: keyring,
      clock,
      log,
      onChanged: (topics) => changes.publish(...topics),
      onLost() {
        log('error', 'another process has taken the workspace; it is closed here', { directory })
        void inTurn(closeNow)
      },
      unfinishedRuns: options.unfinishedRuns
    })
    await leave()
    await open?.close()
    open = next
    leave = await enter(next.workspace.directory)
    damaged = null
    await remember(next.workspace)
    changes.publish('*')
    log('info', 'workspace opened', { directory: next.workspace.directory })
    return next.workspace
  }
  const application = {
    userDirectory,
    changes,
    keyring,
    workbench,
    get workspace() {
      return open?.workspace ?? null
    },
    get do() {
      return open?.do ?? alone
    },
    createWorkspace: (directory: string, name: string, { sample = false }: { sample?: boolean } = {}) =>
      inTurn(async () => {
        const existed = existsSync(directory)
        const created = await createWorkspaceFolder(directory, name, { sample, now: clock() })
        try {
          // What one made oneself holds nothing that anybody else wants to run.
          await trusted.trust(created, clock())
          const opened = await openNow(created.directory)
          workbench().do(beginCommands.begin, {})
          return opened
        } catch (error) {
          await discardNewWorkspace(created.directory, existed)
          throw error
        }
      }),
    get damaged() {
      return damaged
    },
    leaveDamaged() {
      damaged = null
      changes.publish('workspace')
    },
    openWorkspace: (directory: string) =>
      inTurn(async () => {
        try {
          return await openNow(directory)
        } catch (error) {
          if (!(error instanceof WorkbenchError && error.code === 'STORAGE_CORRUPT')) throw error
          damaged = { directory, message: error.message }
          changes.publish('workspace')
          throw new WorkbenchError(error.code, error.message, { cause: error, details: { ...error.details, offersRecovery: true } })
        }
      }),
    setTrust: (directory: string, isTrusted: boolean) =>
      inTurn(async () => {
        const folder = readWorkspaceFile(directory)
        await (isTrusted ? trusted.trust(folder, clock()) : trusted.distrust(folder.directory))
        const anew = open?.workspace.directory === folder.directory ? await reopen() : undefined
        return anew ?? { ...folder, restricted: !isTrusted }
      }),
    heedTrust() {
      if (isOpenedAsTrusted()) return 'already'
      changes.publish('workspace')
      if (!options.heedsTrust) return 'later'
      // Later: whoever said it is in through the open workspace, and waits for the answer.
      setTimeout(() => {
        inTurn(reopen).catch((error: unknown) => log('error', 'the workspace could not be opened anew', { error: String(error) }))
      }, SOON_MS)
      return 'anew'
    },
    closeWorkspace: () => inTurn(closeNow),
    remember,
    recent: recent.list,
    async forget(id: string) {
      await recent.forget(id)
      changes.publish('workspace')
    },
    sampleDirectory,
    preferences,
    async setPreferences(change: Partial<Preferences>) {
      const next = Preferences.parse({ ...preferences(), ...change })
      await writeFileDurably(preferencesFile, JSON.stringify(next, null, 2))
      changes.publish('system')
      return next
    },
    close: () => inTurn(closeNow)
  }
  const lookUp = Object.keys(list).map((name) => [name, { get: () => workbench()[name as keyof Features], enumerable: true }])
  return Object.defineProperties(application, Object.fromEntries(lookUp)) as typeof application & Features
}

function readPreferences(file: string): Preferences {
  try {
    return Preferences.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return Preferences.parse({})
  }
}

function sampleDirectory(): { directory: string; exists: boolean } {
  const documents = join(homedir(), 'Documents')
  const directory = process.env.DRYDOCK_SAMPLE_DIR ?? join(existsSync(documents) ? documents : homedir(), 'Drydock sample')
  return { directory, exists: isWorkspaceFolder(directory) }
}
