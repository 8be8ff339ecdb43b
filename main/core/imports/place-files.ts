import { promises as fs } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { fromSystemError, WorkbenchError } from '../../model/errors'
import type { Sha256 } from '../../model/reference'
import { sha256 } from '../../storage/objects/durable-files'

/** A file in the folder "code" of a workspace, from which steps take files. */
export interface PlacedFile {
  name: string
  sha256: Sha256
}
export interface PlacedFiles {
  file: PlacedFile
  predictions: PlacedFile | null
}

/**
 * Copies a file into the folder "code". Where another file has its name, it gets a part of its digest behind it: nothing is ever overwritten.
 * `approved` is the digest of the file as somebody looked at it.
 * @throws WorkbenchError DIGEST_MISMATCH, NOT_FOUND, DISK_FULL, FORBIDDEN
 */
export async function placeFile(directory: string, file: string, approved?: Sha256): Promise<PlacedFile> {
  const folder = join(directory, 'code')
  try {
    const bytes = await fs.readFile(file)
    const digest = sha256(bytes)
    if (approved !== undefined && digest !== approved)
      throw new WorkbenchError(
        'DIGEST_MISMATCH',
        `"${basename(file)}" is another file than the one that was looked at: it was changed since. Nothing was taken in. Choose it again.`
      )
    await fs.mkdir(folder, { recursive: true })
    const ending = extname(file)
    const stem = basename(file, ending)
    for (const name of [`${stem}${ending}`, `${stem}-${digest.slice(0, 8)}${ending}`, `${stem}-${digest}${ending}`]) {
      const present = await fs.readFile(join(folder, name)).catch(() => undefined)
      if (present?.equals(bytes)) return { name, sha256: digest }
      if (present) continue
      await fs.writeFile(join(folder, name), bytes, { flag: 'wx' })
      return { name, sha256: digest }
    }
    throw new Error(`"${basename(file)}" and the names beside it are taken`)
  } catch (error) {
    throw fromSystemError(error, `copying ${basename(file)} into the folder "code"`)
  }
}
