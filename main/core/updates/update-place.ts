import { existsSync, readFileSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import { WorkbenchError } from '../../model/errors'
import type { UpdateRule } from '../../model/update'
import { DRYDOCK_VERSION } from '../../model/version'
import { ledgerFormat } from '../ledger'
import { readMachineSettings } from '../machine-settings'
import { createRecentWorkspaces } from '../workspace'
import { readReleaseDocument, ReleaseDocument } from './release-documents'

/** A workspace that this user has opened on this machine. */
export interface KnownWorkspace {
  name: string
  directory: string
  available: boolean
}

/** Where an update is looked at: the program that runs, the versions of its user, and who may change them. */
export interface UpdatePlace {
  /** The folder of the program that runs; null in a checkout. */
  programFolder: string | null
  running: { version: string; commit: string | null; builtAt: string | null; ledgerFormat: number }
  /** Where the versions of this user lie, and what is known of them. */
  versionsFolder: string
  /** The settings, keys and lists of this user. */
  userDirectory: string
  workspaces: () => readonly KnownWorkspace[]
  /** As releases name it: `linux-x64`. */
  platform: string
  user: string
  /** The launcher starts no version of a user for root. */
  isRoot: boolean
  /** A package manager has put the program on this machine. */
  hasPackage: boolean
  rule: UpdateRule
  /** The file in which the administrator has set the rule; null where nobody has. */
  ruleFrom: string | null
  clock: () => Date
}

/** Where the versions of a user lie, by the conventions of the system. */
export function versionsFolderOf(env: NodeJS.ProcessEnv = process.env): string {
  if (process.platform === 'win32') return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'Drydock', 'program')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Drydock', 'program')
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'drydock', 'program')
}

/** What a program folder says of itself. @throws WorkbenchError STORAGE_CORRUPT where it cannot be read */
export function releaseOf(programFolder: string): ReleaseDocument {
  const file = join(programFolder, 'resources', 'release', 'release.json')
  try {
    return readReleaseDocument(ReleaseDocument, readFileSync(file), 'release.json')
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new WorkbenchError(
      'STORAGE_CORRUPT',
      `What this program says of itself (${file}) cannot be read: ${why}. Install the program again.`,
      {
        cause
      }
    )
  }
}

/** The ledger format that this very program writes. */
export const ownLedgerFormat = (): number => ledgerFormat.migrations.at(-1)?.version ?? 0

/** Not every user of a system has a name there. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `user ${process.getuid?.() ?? ''}`.trim()
  }
}

const packageList = '/var/lib/dpkg/info/drydock.list'

/** The place of the program that runs. @throws WorkbenchError where the machine settings or the program folder cannot be read */
export function findUpdatePlace(userDirectory: string, env: NodeJS.ProcessEnv = process.env): UpdatePlace {
  const programFolder = env.DRYDOCK_PROGRAM_DIR || null
  const settings = readMachineSettings()
  const release = programFolder === null ? null : releaseOf(programFolder)
  return {
    programFolder,
    running: {
      version: release?.version ?? DRYDOCK_VERSION,
      commit: release?.commit ?? null,
      builtAt: release?.builtAt ?? null,
      ledgerFormat: release?.ledgerSchema ?? ownLedgerFormat()
    },
    versionsFolder: versionsFolderOf(env),
    userDirectory,
    workspaces: createRecentWorkspaces(userDirectory).list,
    platform: `${process.platform}-${process.arch}`,
    user: userName(),
    isRoot: process.getuid?.() === 0,
    hasPackage: existsSync(packageList),
    rule: settings.updates,
    ruleFrom: settings.updates === 'user' ? null : settings.file,
    clock: () => new Date()
  }
}
