import { join } from 'node:path'
import { isSha256, type Sha256 } from '../../model/reference'
import { filesBelow, type FoundFile } from './walk-files'

/** The two folders whose files are named by what they hold. */
export type ContentFolder = 'objects' | 'data'

export interface ContentFile extends FoundFile {
  folder: ContentFolder
  /** What its name says it holds; null for a file that has no such name. */
  sha256: Sha256 | null
}

/** The digest that a name stands for, in its folder. */
function digestOf(folder: ContentFolder, name: string): Sha256 | null {
  const digest =
    folder === 'data'
      ? name.endsWith('.arrow')
        ? name.slice(0, -'.arrow'.length)
        : undefined
      : /^[0-9a-f]{2}\/[0-9a-f]{62}$/.test(name)
        ? name.replace('/', '')
        : undefined
  return digest !== undefined && isSha256(digest) ? digest : null
}

/** Whether a name, from the folder of the workspace, is that of a file of its content. */
export const isContentName = (name: string): boolean =>
  (['objects', 'data'] as const).some((folder) => name.startsWith(`${folder}/`) && digestOf(folder, name.slice(folder.length + 1)) !== null)

/** Where the file of a digest lies in a workspace. */
export const contentPath = (directory: string, folder: ContentFolder, sha256: string): string =>
  folder === 'data' ? join(directory, 'data', `${sha256}.arrow`) : join(directory, 'objects', sha256.slice(0, 2), sha256.slice(2))

/** Every file of a workspace's content. */
export async function* contentFiles(directory: string): AsyncGenerator<ContentFile> {
  for (const folder of ['objects', 'data'] as const)
    for await (const file of filesBelow(join(directory, folder))) yield { ...file, folder, sha256: digestOf(folder, file.name) }
}
