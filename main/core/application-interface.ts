import type { PrintPage } from '../model/printed-page'
import type { Preferences, RecentWorkspace, WorkspaceSummary } from '../model/workspace'
import type { ChangeFeed } from './changes'
import type { Keyring } from './people'
import type { Features, Workbench } from './workbench'
import type { LogLevel } from './workspace'

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
  /** How pages become PDF; without it asking for one is refused. */
  print?: PrintPage
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
