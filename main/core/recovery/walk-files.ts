import { promises as fs } from 'node:fs'
import { join } from 'node:path'

export interface FoundFile {
  /** Absolute. */
  path: string
  /** From the folder that was walked, with slashes. */
  name: string
  size: number
  /** Milliseconds since 1970. */
  modified: number
}

/** Every plain file below a folder, in the order of its name; links are not followed. A folder that is not there is empty. */
export async function* filesBelow(folder: string, prefix = ''): AsyncGenerator<FoundFile> {
  const entries = await fs.readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
    throw error
  })
  for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    const name = prefix + entry.name
    if (entry.isDirectory()) yield* filesBelow(path, `${name}/`)
    else if (entry.isFile()) {
      const about = await fs.stat(path).catch(() => undefined)
      if (about) yield { path, name, size: about.size, modified: about.mtimeMs }
    }
  }
}
