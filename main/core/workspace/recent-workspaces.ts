import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { RecentWorkspace } from '../../model/workspace'
import { writeFileDurably } from '../../storage/objects/durable-files'
import { isWorkspaceFolder } from './workspace-folder'

const Entry = z.object({ directory: z.string(), name: z.string(), openedAt: z.string() })
const LIMIT = 20
const idOf = ({ directory }: { directory: string }): string => createHash('sha256').update(directory).digest('hex').slice(0, 16)

/** Workspaces opened on this machine, newest first; kept in the user's own folder, never in a workspace. */
export interface RecentWorkspaces {
  list(): RecentWorkspace[]
  remember(directory: string, name: string, at: Date): Promise<void>
  forget(id: string): Promise<void>
}

/** Opens the list in the user's folder; a damaged list is treated as empty, because it holds nothing that matters. */
export function createRecentWorkspaces(userDirectory: string): RecentWorkspaces {
  const file = join(userDirectory, 'recent-workspaces.json')
  const read = (): z.infer<typeof Entry>[] => {
    try {
      return z.array(Entry).parse(JSON.parse(readFileSync(file, 'utf8')))
    } catch {
      return []
    }
  }
  const write = (entries: z.infer<typeof Entry>[]): Promise<void> =>
    writeFileDurably(file, JSON.stringify(entries.slice(0, LIMIT), null, 2))
  return {
    list: () => read().map((entry) => ({ id: idOf(entry), ...entry, available: isWorkspaceFolder(entry.directory) })),
    remember: (directory, name, at) =>
      write([{ directory, name, openedAt: at.toISOString() }, ...read().filter((entry) => entry.directory !== directory)]),
    forget: (id) => write(read().filter((entry) => idOf(entry) !== id))
  }
}
