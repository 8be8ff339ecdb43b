import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { BundleFile } from '../../model/bundle'
import type { BundleLimits } from './container-limits'
import { assertSafeListing, assertSignableLayout, refuseBundle } from './container-limits'
import { printable } from '../../model/plain-text'
import { compareNames, uncoveredNames } from './file-names'

/** What is in a bundle directory. */
export interface DirectoryListing {
  files: BundleFile[]
  /** What lies in its root and no signature ever covers, such as `.git`; it was not looked into and is no part of the bundle. */
  uncovered: string[]
}

/**
 * Lists every file of a bundle directory in byte order of the names.
 * @throws WorkbenchError INVALID_INPUT for symbolic links, special files, empty folders, unsafe names, files that no signature covers and
 *   names whose order is ambiguous
 */
export async function listDirectory(root: string, limits: BundleLimits): Promise<DirectoryListing> {
  const files: BundleFile[] = []
  const uncovered: string[] = []
  const walk = async (folder: string): Promise<void> => {
    const entries = await readdir(join(root, folder), { withFileTypes: true })
    if (entries.length === 0)
      throw folder
        ? refuseBundle('layout', `The folder ${printable(folder)} is empty; no signature covers an empty folder.`, [folder])
        : refuseBundle('layout', 'The folder is empty.')
    for (const entry of entries) {
      const name = folder ? `${folder}/${entry.name}` : entry.name
      if (uncoveredNames.includes(name)) {
        uncovered.push(name)
        continue
      }
      if (entry.isSymbolicLink()) throw refuseBundle('layout', `${printable(name)} is a symbolic link.`, [name])
      if (entry.isDirectory()) await walk(name)
      else if (entry.isFile()) files.push({ name, bytes: (await lstat(join(root, name))).size })
      else throw refuseBundle('layout', `${printable(name)} is neither a file nor a folder.`, [name])
      if (files.length > limits.entries)
        throw refuseBundle('container', `The bundle has more than the ${limits.entries} files that are read.`)
    }
  }
  await walk('')
  files.sort((a, b) => compareNames(a.name, b.name))
  assertSafeListing(files, limits)
  assertSignableLayout(files.map((file) => file.name))
  return { files, uncovered: uncovered.sort() }
}
