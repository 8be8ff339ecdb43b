import { accessSync, constants, existsSync, mkdirSync, promises as fs, readdirSync, readFileSync, statSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { dirname, join, resolve } from 'node:path'
import { WorkbenchError, fromSystemError } from '../../model/errors'
import { assertAllowed } from '../machine-settings'
import { WORKSPACE_FORMAT, WorkspaceFile, WorkspaceName } from '../../model/workspace'
import { makeFolders, writeFileDurably } from '../../storage/objects/durable-files'
import { fit, fitted, inOneSentence } from '../../model/schema-words'

export const WORKSPACE_FILE = 'drydock.json'
/** What a folder says of the workspace in it. */
export type WorkspaceFolder = WorkspaceFile & { directory: string }
const FOLDERS = ['objects', 'data', 'runs', 'log', 'tmp', 'exports', 'policies', 'pipelines']

/** The folder and what lies in it: a link among these would have the workspace read and write somewhere else. */
function assertAllowedWorkspace(path: string): void {
  for (const name of ['', WORKSPACE_FILE, 'ledger.sqlite', ...FOLDERS]) assertAllowed(join(path, name))
}

/** True when the folder holds a workspace of any version. */
export const isWorkspaceFolder = (directory: string): boolean => existsSync(join(directory, WORKSPACE_FILE))

/**
 * Creates a workspace in a missing or empty folder. Throws CONFLICT when the folder holds a workspace or other
 * files, so that nothing of anybody's is mixed with ours.
 */
export async function createWorkspaceFolder(
  directory: string,
  name: string,
  options: { sample?: boolean; now: Date }
): Promise<WorkspaceFolder> {
  const path = resolve(directory)
  assertAllowed(path)
  if (isWorkspaceFolder(path))
    throw new WorkbenchError('CONFLICT', `"${path}" already holds a workspace. Open it instead, or choose an empty folder.`, {
      details: { directory: path }
    })
  const fittingName = fitted(WorkspaceName, name, 'The name of the workspace')
  const existed = existsSync(path)
  try {
    // Node calls a read-only disk a missing file when it makes several folders at once.
    accessSync(nearestFolder(path), constants.W_OK)
    await makeFolders(path)
    const others = readdirSync(path)
    if (others.length > 0)
      throw new WorkbenchError(
        'CONFLICT',
        `"${path}" is not empty. A workspace needs a folder of its own: choose an empty or a new folder.`,
        {
          details: { directory: path, found: others.slice(0, 5) }
        }
      )
    for (const folder of FOLDERS) mkdirSync(join(path, folder), { recursive: true })
    const file: WorkspaceFile = {
      format: 'drydock.workspace',
      version: WORKSPACE_FORMAT,
      id: randomUUID(),
      name: fittingName,
      createdAt: options.now.toISOString(),
      sample: options.sample ?? false
    }
    // Last, so that a folder without this file is never taken for a workspace.
    await writeFileDurably(join(path, WORKSPACE_FILE), JSON.stringify(file, null, 2) + '\n')
    return { ...file, directory: path }
  } catch (error) {
    if (!(error instanceof WorkbenchError && error.code === 'CONFLICT')) await discardNewWorkspace(path, existed)
    throw fromSystemError(error, `creating the workspace in "${path}"`)
  }
}

/** Takes back a workspace that could not be completed (a full disk). Removes only what a new workspace consists of. */
export async function discardNewWorkspace(directory: string, keepFolder: boolean): Promise<void> {
  for (const name of await fs.readdir(directory).catch(() => []))
    if (FOLDERS.includes(name) || /^(drydock\.json|ledger\.sqlite|cache\.duckdb|snapshots$|\.lock|\..*\.tmp$)/.test(name))
      await fs.rm(join(directory, name), { recursive: true, force: true })
  if (!keepFolder) await fs.rmdir(directory).catch(() => undefined)
}

/** The folder itself, or the nearest one above it that exists. */
function nearestFolder(path: string): string {
  for (let folder = path; ; folder = dirname(folder)) if (existsSync(folder) || dirname(folder) === folder) return folder
}

/** Reads and checks `drydock.json`. Throws NOT_FOUND, STORAGE_CORRUPT or UNSUPPORTED_VERSION; changes nothing. */
export function readWorkspaceFile(directory: string): WorkspaceFolder {
  const path = resolve(directory)
  assertAllowedWorkspace(path)
  if (!existsSync(path) || !statSync(path).isDirectory())
    throw new WorkbenchError('NOT_FOUND', `There is no folder "${path}". Check the path, or create a workspace there.`, {
      details: { directory: path }
    })
  if (!isWorkspaceFolder(path))
    throw new WorkbenchError(
      'NOT_FOUND',
      `"${path}" is not a workspace: it has no ${WORKSPACE_FILE}. Choose the workspace folder itself, or create one.`,
      {
        details: { directory: path }
      }
    )
  let json: unknown
  try {
    json = JSON.parse(readFileSync(join(path, WORKSPACE_FILE), 'utf8'))
  } catch (error) {
    throw new WorkbenchError(
      'STORAGE_CORRUPT',
      `${WORKSPACE_FILE} in "${path}" is not JSON; the ledger and the data are separate. Repair it with "workspace doctor", or restore that one file from a backup.`,
      { cause: error }
    )
  }
  const version = (json as { version?: unknown } | null)?.version
  if (typeof version === 'number' && version > WORKSPACE_FORMAT)
    throw new WorkbenchError(
      'UNSUPPORTED_VERSION',
      `This workspace has format ${version}; this Drydock knows up to ${WORKSPACE_FORMAT}. Nothing was changed. Open it with a newer Drydock.`,
      { details: { found: version, supported: WORKSPACE_FORMAT } }
    )
  const parsed = fit(WorkspaceFile, json)
  if (!parsed.success)
    throw new WorkbenchError(
      'STORAGE_CORRUPT',
      `${WORKSPACE_FILE} in "${path}" is damaged: ${inOneSentence(parsed.problems)}. Repair it with "workspace doctor", or restore that one file from a backup.`
    )
  return { ...parsed.data, directory: path }
}

/** Gives the workspace another name. */
export async function renameWorkspace(workspace: WorkspaceFolder, name: string): Promise<WorkspaceFolder> {
  const { directory } = workspace
  const renamed = fitted(WorkspaceFile, { ...workspace, name }, 'The name of the workspace')
  try {
    await writeFileDurably(join(directory, WORKSPACE_FILE), JSON.stringify(renamed, null, 2) + '\n')
  } catch (error) {
    throw fromSystemError(error, 'renaming the workspace')
  }
  return { ...renamed, directory }
}

/**
 * Throws STORAGE_CORRUPT when the ledger is missing or empty although the folder holds data: a new empty ledger would hide
 * everything that is there.
 */
export function assertLedgerPresent(directory: string): void {
  const ledger = statSync(join(directory, 'ledger.sqlite'), { throwIfNoEntry: false })
  if (ledger && ledger.size > 0) return
  const holdsData = ['data', 'objects', 'runs'].some((folder) => {
    const path = join(directory, folder)
    return existsSync(path) && readdirSync(path).some((name) => !name.startsWith('.'))
  })
  if (holdsData)
    throw new WorkbenchError(
      'STORAGE_CORRUPT',
      `The workspace in "${directory}" has data, but its ledger (ledger.sqlite) is ${ledger ? 'empty' : 'missing'}. Nothing was changed. Repair it with "workspace doctor", or restore that file from a backup of the folder.`,
      { details: { directory } }
    )
}

/** What an unfinished write leaves beside its target when the process is killed. */
const LEFTOVER = /^(\..*\.tmp|.*\.arrow\.\d+\.[0-9a-z]+\.tmp|.*\.[0-9a-f]{12}\.partial)$/

/**
 * Makes folders that a copy tool may have dropped because they were empty, and removes half-written files that a killed
 * process left. Call while holding the lock.
 */
export async function prepareWorkspaceFolder(directory: string): Promise<void> {
  try {
    for (const folder of FOLDERS) await fs.mkdir(join(directory, folder), { recursive: true })
    for (const folder of ['.', 'objects', 'data', 'policies', 'pipelines', 'exports'])
      for (const name of await fs.readdir(join(directory, folder)))
        if (LEFTOVER.test(name)) await fs.rm(join(directory, folder, name), { force: true })
  } catch (error) {
    throw fromSystemError(error, `opening the workspace in "${directory}"`)
  }
}
