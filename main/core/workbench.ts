import { randomUUID } from 'node:crypto'
import { lstatSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { PrintPage } from '../model/printed-page'
import type { Topic } from '../model/topics'
import type { WorkspaceSummary } from '../model/workspace'
import { openDatabase, type Database } from '../storage/duckdb/database'
import { assertKnownLedger, type Ledger } from '../storage/ledger/ledger'
import { createContentStore } from '../storage/objects/content-store'
import { createDo, type Do } from './commands'
import { noPrinter } from './documents'
import * as list from './feature-list'
import { ledgerFormat, openWorkspaceLedger } from './ledger'
import type { OpenedOf, SideOf } from './manifest'
import { openFeatures, sideOf } from './open-features'
import { isConfirmed, type Keyring } from './people'
import { openKeptLedger } from './recovery'
import { recoveryCommands } from './recovery/record-notes'
import {
  assertLedgerPresent,
  holdWorkspace,
  prepareWorkspaceFolder,
  readWorkspaceFile,
  renameWorkspace,
  restrictedWorkspace,
  shareWithGroup,
  type LogLevel,
  type WorkspaceContext
} from './workspace'

type List = typeof list

/** What windows, command line and tests see of each feature. */
export type Features = SideOf<List, 'reads'>

/** One open workspace: every feature over one ledger, one content store and one DuckDB instance. */
export interface Workbench extends Features {
  readonly workspace: WorkspaceSummary
  readonly context: WorkspaceContext
  /** Carries out a command of `commands`; nothing else changes a workspace. */
  readonly do: Do<CommandFeatures>
  /** What was found when it was opened and is not as it should be: committed entries that are gone, a ledger that was changed. */
  readonly warnings: readonly string[]
  /** Nobody trusted it when it was opened, so its unfinished runs were left alone. */
  readonly openedRestricted: boolean
  close(): Promise<void>
}

/** What commands work on besides features. */
interface CommandGround {
  readonly workspace: WorkspaceSummary
  /** Writes the name into the folder. */
  rename(name: string): Promise<WorkspaceSummary>
  readonly keyring: Keyring
  readonly print: PrintPage
}

/** What the commands work on: the features with their writers. */
export type CommandFeatures = CommandGround & SideOf<List, 'writer'>

/** What features can ask for besides each other. */
interface Ground extends CommandGround {
  /** The printed name of who is at this machine. */
  actor(): string
  readonly do: Do<CommandFeatures>
  readonly unfinishedRuns: UnfinishedRuns
  /** A ledger of the format of today, for work in a place of its own. */
  openScratchLedger(file: string): Ledger
}

/**
 * What happens to runs that an earlier process left unfinished: the window goes on with them at once, a command closes them before it runs
 * something itself (reading leaves them as they stand), and in a restricted workspace they are left alone.
 */
export type UnfinishedRuns = 'requeue' | 'mark' | 'leave'

export interface WorkbenchOptions {
  directory: string
  userKeyring: Keyring
  clock: () => Date
  /** Without it asking for a PDF is refused. */
  print?: PrintPage
  /** Requeued by default. */
  unfinishedRuns?: 'requeue' | 'mark'
  /** Whether this person trusts it; always by default. Where not at the opening, nothing in it runs or goes on; where not any more, nothing new starts. */
  isTrusted?(): boolean
  onChanged(topics: Topic[]): void
  /** Another process has taken the workspace although this one holds it (it slept, and the folder knows no locks). */
  onLost?(): void
  log(level: LogLevel, message: string, fields?: Record<string, unknown>): void
}

/**
 * Opens a workspace and everything in it. With `requeue`, interrupted work of an earlier process is swept and taken up again before this
 * returns. Throws NOT_FOUND, STORAGE_LOCKED, STORAGE_CORRUPT or UNSUPPORTED_VERSION and then leaves no lock behind.
 */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const { directory } = readWorkspaceFile(options.directory)
  const ledgerFile = join(directory, 'ledger.sqlite')
  // Before the lock, so that a workspace of a newer program is left without a trace of this one.
  assertKnownLedger(ledgerFile, ledgerFormat.migrations.at(-1)!.version)
  assertLedgerPresent(directory)
  const hold = await holdWorkspace(directory, options.onLost)
  const closers: (() => unknown)[] = [() => hold.release()]
  const closeAll = async (): Promise<void> => {
    hold.closing()
    for (const close of closers.splice(0).reverse()) await close()
  }
  try {
    await prepareWorkspaceFolder(directory)
    const { ledger, losses, close } = openKeptLedger(directory, options.clock)
    closers.push(close)
    // Once more: the ledger of a new workspace, and the log beside it, have just been made.
    shareWithGroup(directory)
    const duckdb = await openDatabase({
      file: clearedCache(join(directory, 'cache.duckdb')),
      readDirectories: [join(directory, 'data'), join(directory, 'objects')],
      temporaryDirectory: join(directory, 'tmp')
    })
    closers.push(() => duckdb.close())
    const context = contextOf({ ...options, directory }, ledger, duckdb)
    const openedRestricted = options.isTrusted?.() === false
    const { ground, features } = openOver(context, options, openedRestricted, closers)
    for (const feature of Object.values(features).reverse()) await feature.start?.()
    for (const { message, facts } of losses) {
      options.log('warn', message, facts)
      ground.do(recoveryCommands.noteLoss, { ...facts, message })
    }
    return {
      ...sideOf<List, 'reads'>(features, 'reads'),
      get workspace() {
        return ground.workspace
      },
      do: ground.do,
      warnings: losses.map(({ message }) => message),
      openedRestricted,
      context,
      close: closeAll
    }
  } catch (error) {
    await closeAll()
    throw error
  }
}

/** Opens the features over a context; what closes them is added to `closers`. */
function openOver(context: WorkspaceContext, options: WorkbenchOptions, openedRestricted: boolean, closers: (() => unknown)[]) {
  let folder = readWorkspaceFile(context.directory)
  // Asked each time: trust may be taken back by another program while this one has the workspace open.
  const summary = (): WorkspaceSummary => ({ ...folder, restricted: openedRestricted || options.isTrusted?.() === false })
  const asker = (): string | null => features.people.reads.current()?.name ?? null
  const ground: Ground = {
    get workspace() {
      return summary()
    },
    async rename(name) {
      folder = await renameWorkspace(folder, name)
      return summary()
    },
    keyring: options.userKeyring,
    print: options.print ?? noPrinter,
    actor: () => asker() ?? 'unknown person',
    openScratchLedger: openWorkspaceLedger,
    unfinishedRuns: openedRestricted ? 'leave' : (options.unfinishedRuns ?? 'requeue'),
    do: createDo<CommandFeatures>({
      features: () => ({
        ...sideOf<List, 'writer'>(features, 'writer'),
        workspace: summary(),
        rename: ground.rename,
        keyring: ground.keyring,
        print: ground.print
      }),
      context,
      asker,
      isUnconfirmed: () => {
        const person = features.people.reads.current()
        return person !== undefined && !isConfirmed(person)
      },
      admit: ({ runs }) => {
        if (runs && summary().restricted) throw restrictedWorkspace(context.directory)
      }
    })
  }
  const features: OpenedOf<List> = openFeatures(list, ground, (manifest, needs) => {
    const feature = manifest.open(context, needs)
    closers.push(() => feature.close?.())
    return feature
  })
  return { ground, features }
}

function contextOf({ directory, clock, onChanged, log }: WorkbenchOptions, ledger: Ledger, duckdb: Database): WorkspaceContext {
  return {
    directory,
    ledger,
    duckdb,
    objects: createContentStore(join(directory, 'objects')),
    clock,
    newId: randomUUID,
    changed: (...topics) => onChanged(topics),
    log
  }
}

/** The cache is disposable. Where something else stands in its place (a folder, a link to nowhere), that is put aside, not deleted. */
function clearedCache(file: string): string {
  const about = lstatSync(file, { throwIfNoEntry: false })
  if (about && !about.isFile()) renameSync(file, `${file}.aside-${Date.now()}`)
  return file
}
