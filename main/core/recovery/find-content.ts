import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { WorkbenchError } from '../../model/errors'
import type { Sha256 } from '../../model/reference'
import { digestFrom, sha256File } from '../../storage/objects/durable-files'
import { filesBelow } from './walk-files'
import { openContainer } from './zip-entries'

/** A place that holds wanted bytes. */
interface Found {
  sha256: Sha256
  /** For people. */
  where: string
  /** Writes the bytes to a file. */
  write(target: string): Promise<void>
}

const CONTAINER = /\.(drydock|drydock-backup|zip)$/i

/**
 * Looks for bytes below some folders or in single files, in plain files and inside of bundles and backups, until nothing is wanted any
 * more. A file counts by what it holds, whatever it is called. Throws CANCELLED.
 */
export async function findContent(
  wanted: Set<string>,
  places: readonly string[],
  take: (found: Found) => Promise<void>,
  signal?: AbortSignal
): Promise<void> {
  for (const place of places)
    for await (const file of filesAt(place)) {
      if (wanted.size === 0) return
      if (signal?.aborted) throw new WorkbenchError('CANCELLED', 'The repair was cancelled. What was mended so far stays.')
      if (CONTAINER.test(file.name)) await lookInside(file.path, wanted, take).catch(() => undefined)
      const sha256 = await sha256File(file.path).catch(() => undefined)
      if (sha256 === undefined || !wanted.has(sha256)) continue
      await take({ sha256, where: file.path, write: (target) => copyFile(file.path, target) })
    }
}

async function* filesAt(place: string): AsyncGenerator<{ path: string; name: string }> {
  let any = false
  for await (const file of filesBelow(place)) {
    any = true
    yield file
  }
  if (!any) yield { path: place, name: place }
}

/** Entries of a container whose bytes are wanted; a container that cannot be read has none. */
async function lookInside(path: string, wanted: Set<string>, take: (found: Found) => Promise<void>): Promise<void> {
  const container = await openContainer(path)
  try {
    for (const name of container.entries.keys()) {
      if (wanted.size === 0) return
      const hash = createHash('sha256')
      for await (const chunk of await container.read(name)) hash.update(chunk as Buffer)
      const sha256 = digestFrom(hash)
      if (!wanted.has(sha256)) continue
      await take({
        sha256,
        where: `${path}, ${name}`,
        write: async (target) => pipeline(await container.read(name), createWriteStream(target))
      })
    }
  } finally {
    container.close()
  }
}
