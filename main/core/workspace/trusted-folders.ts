import { readFileSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { fromSystemError, WorkbenchError } from '../../model/errors'
import { writeFileDurably } from '../../storage/objects/durable-files'
import type { WorkspaceFolder } from './workspace-folder'

const Entry = z.object({
  directory: z.string(),
  /** Of the workspace. */
  id: z.string(),
  /** Of the folder in its file system: a copy, and a folder that was put in its place, have another. */
  inode: z.string(),
  /** When the folder was made, nanoseconds; a number of a folder that is gone is given again. Null where the system does not say. */
  born: z.string().nullable(),
  trustedAt: z.string()
})
type Entry = z.infer<typeof Entry>
type Place = Pick<Entry, 'directory' | 'inode' | 'born'>

/** Workspaces whose pipelines may run on this machine, because this person said so or made them here. */
export interface TrustedFolders {
  isTrusted(workspace: Pick<WorkspaceFolder, 'directory' | 'id'>): boolean
  trust(workspace: Pick<WorkspaceFolder, 'directory' | 'id'>, at: Date): Promise<void>
  distrust(directory: string): Promise<void>
}

/**
 * Opens the list in the user's own folder: trust belongs to a person and a machine and never travels with a workspace. A list that
 * cannot be read trusts nobody.
 */
export function createTrustedFolders(userDirectory: string): TrustedFolders {
  const file = join(userDirectory, 'trusted-workspaces.json')
  const read = (): Entry[] => {
    try {
      return z.array(Entry).parse(JSON.parse(readFileSync(file, 'utf8')))
    } catch {
      return []
    }
  }
  const write = async (entries: Entry[]): Promise<void> => {
    try {
      await writeFileDurably(file, JSON.stringify(entries, null, 2) + '\n', 0o600)
    } catch (error) {
      throw fromSystemError(error, 'remembering which workspaces you trust')
    }
  }
  return {
    isTrusted({ directory, id }) {
      let place: Place
      try {
        place = placeOf(directory)
      } catch {
        // A folder that is gone or cannot be reached is not the one that was trusted.
        return false
      }
      return read().some((entry) => entry.id === id && isSamePlace(entry, place))
    },
    async trust({ directory, id }, at) {
      const place = placeOf(directory)
      await write([{ ...place, id, trustedAt: at.toISOString() }, ...read().filter((entry) => entry.directory !== place.directory)])
    },
    async distrust(directory) {
      const place = placeOf(directory)
      const entries = read()
      const left = entries.filter((entry) => entry.directory !== place.directory)
      if (left.length < entries.length) await write(left)
    }
  }
}

/** Why nothing is run in a workspace that nobody here trusts, and the way out. */
export const restrictedWorkspace = (directory: string): WorkbenchError =>
  new WorkbenchError(
    'RESTRICTED',
    `The workspace in "${directory}" is restricted: you have not trusted it on this machine, and its pipelines run programs with your rights. Nothing was run; reading, exporting and reviewing work. If you know where it comes from: drydock workspace trust -w ${/\s/.test(directory) ? `"${directory}"` : directory}`,
    { details: { directory } }
  )

function placeOf(directory: string): Place {
  const path = realpathSync(directory)
  const { ino, birthtimeNs, ctimeNs } = statSync(path, { bigint: true })
  // Where no time of birth is kept, the time of the last change stands in its place, and that one moves.
  const isKept = birthtimeNs > 0n && birthtimeNs !== ctimeNs
  return { directory: path, inode: String(ino), born: isKept ? String(birthtimeNs) : null }
}

const isSamePlace = (entry: Place, now: Place): boolean =>
  entry.directory === now.directory && entry.inode === now.inode && (entry.born === null || now.born === null || entry.born === now.born)
