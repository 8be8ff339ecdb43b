import { existsSync } from 'node:fs'
import { chmod, copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fromSystemError, WorkbenchError } from '../../model/errors'
import type { UpdateBackup, WorkspaceUnderUpdate } from '../../model/update'
import { makeFolders, syncPath } from '../../storage/objects/durable-files'
import { isAllowed, readMachineSettings } from '../machine-settings'
import { backUpWorkspace } from '../recovery'
import type { Watch } from './open-release'
import type { UpdatePlace } from './update-place'

/** Backups that were made before a version was put in place. */
export interface MadeBackups {
  folder: string
  workspaces: UpdateBackup[]
}

/**
 * Where the backups of a user lie: beside the versions, and never among them. Where the machine settings keep what is in workspaces below
 * certain folders, so do the backups of these: below the first, in a folder of this user.
 */
function backupsFolderOf({ versionsFolder, user }: UpdatePlace): string {
  const usual = join(dirname(versionsFolder), 'backups')
  const [first] = readMachineSettings().allowedFolders ?? []
  return first === undefined || isAllowed(usual) ? usual : join(first, `Drydock backups of ${user.replace(/[^\p{L}\p{N}_-]/gu, '_')}`)
}

/**
 * Backs up what the version that follows may change: the settings, keys and lists of the user, and each workspace that will be migrated.
 * The folder has its name once all of it was written and read again; after a failure nothing of it is left.
 * @throws WorkbenchError as backUpWorkspace does, with the workspace named
 */
export async function backUpFirst(
  place: UpdatePlace,
  version: string,
  workspaces: readonly WorkspaceUnderUpdate[],
  { signal, onProgress }: Watch
): Promise<MadeBackups> {
  const folder = freeName(join(backupsFolderOf(place), `${place.clock().toISOString().replace(/[:.]/g, '-')}-before-${version}`))
  const partial = `${folder}.partial`
  try {
    await makeFolders(dirname(folder))
    await removePartial(dirname(folder))
    await mkdir(partial, { mode: 0o700 })
    onProgress?.({ stage: 'Backing up your settings and keys', fraction: null })
    await copyOwnFiles(place.userDirectory, join(partial, 'own-files'))
    const made: UpdateBackup[] = []
    for (const [index, { name, directory }] of workspaces.filter(({ effect }) => effect === 'migrates').entries()) {
      onProgress?.({ stage: `Backing up "${name}"`, fraction: null })
      const file = `workspace-${index + 1}.drydock-backup`
      await backUpWorkspace(directory, join(partial, file), { signal }).catch((error: unknown) => {
        throw notBackedUp(name, error)
      })
      made.push({ workspace: name, directory, path: join(folder, file) })
    }
    await syncPath(partial)
    await rename(partial, folder)
    await syncPath(dirname(folder))
    return { folder, workspaces: made }
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    throw fromSystemError(error, 'backing up before the update')
  }
}

function freeName(path: string): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? path : `${path}-${number}`
    if (!existsSync(name)) return name
  }
}

/** What an update that was killed left behind. */
async function removePartial(backups: string): Promise<void> {
  for (const name of await readdir(backups)) if (name.endsWith('.partial')) await rm(join(backups, name), { recursive: true, force: true })
}

function notBackedUp(name: string, cause: unknown): unknown {
  if (!(cause instanceof WorkbenchError) || cause.code === 'CANCELLED') return cause
  return new WorkbenchError(
    cause.code,
    `The workspace "${name}" could not be backed up, so the update was not applied. ${cause.message} Mend it first, or apply the update without backups.`,
    { cause, details: cause.details }
  )
}

/** Settings and lists of the user, and the folder of keys; not the caches that the window keeps beside them. */
async function copyOwnFiles(from: string, to: string): Promise<void> {
  await mkdir(to, { mode: 0o700 })
  for (const folder of ['', 'keys']) {
    const entries = await readdir(join(from, folder), { withFileTypes: true }).catch(() => [])
    const files = entries.filter((entry) => entry.isFile() && (folder === 'keys' || entry.name.endsWith('.json')))
    if (folder !== '' && files.length > 0) await mkdir(join(to, folder), { mode: 0o700 })
    for (const { name } of files) {
      const copy = join(to, folder, name)
      await copyFile(join(from, folder, name), copy)
      if (process.platform !== 'win32') await chmod(copy, 0o600)
      await syncPath(copy)
    }
  }
}
