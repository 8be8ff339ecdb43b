import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { randomUUID } from 'node:crypto'
import type { RecoveryNote } from '../../model/recovery'
import { makeFolder, renameDurably, sha256File } from '../../storage/objects/durable-files'
import { contentPath, type ContentFolder } from './content-files'
import type { Examination } from './doctor'
import { findContent } from './find-content'

export interface MendedContent {
  mended: RecoveryNote[]
  lost: RecoveryNote[]
}

/**
 * Puts damaged files of `objects/` and `data/` aside, never away, and fetches them and those that are missing from wherever the same
 * bytes are: elsewhere in the workspace, in its bundles, in what was put aside, in the places of `from`.
 */
export async function mendContent(
  directory: string,
  { content, ledger }: Pick<Examination, 'content' | 'ledger'>,
  aside: string,
  { from = [], signal }: { from?: readonly string[]; signal?: AbortSignal } = {}
): Promise<MendedContent> {
  const result: MendedContent = { mended: [], lost: [] }
  const references = ledger?.references ?? new Map<string, { what: string; isRemade: boolean }>()
  const missing = [...references.keys()].filter((key) => !content.sound.has(key) && !content.damaged.has(key))
  const keys = [...content.damaged, ...missing]
  if (keys.length === 0) return result
  for (const key of content.damaged) {
    const [folder, digest] = partsOf(key)
    const target = join(aside, key)
    await mkdir(dirname(target), { recursive: true })
    await rename(contentPath(directory, folder, digest), target)
  }
  const wanted = new Set(keys.map((key) => partsOf(key)[1]))
  const places = [...['objects', 'data', 'policies', 'pipelines', 'exports', 'aside'].map((name) => join(directory, name)), ...from]
  await findContent(
    wanted,
    places,
    async ({ sha256, where, write }) => {
      for (const key of keys.filter((each) => partsOf(each)[1] === sha256)) {
        const target = contentPath(directory, partsOf(key)[0], sha256)
        const temporary = join(directory, 'tmp', `.${randomUUID()}.tmp`)
        await mkdir(dirname(temporary), { recursive: true })
        try {
          await write(temporary)
          // The place may have changed between two looks.
          if ((await sha256File(temporary)) !== sha256) return
          await makeFolder(dirname(target))
          await renameDurably(temporary, target)
          result.mended.push({ subject: key, message: `Fetched from ${where}.` })
        } finally {
          await rm(temporary, { force: true })
        }
      }
      wanted.delete(sha256)
    },
    signal
  )
  for (const key of keys.filter((each) => wanted.has(partsOf(each)[1]))) {
    const reference = references.get(key)
    const isAside = content.damaged.has(key)
    if (isAside && !reference) result.mended.push({ subject: key, message: 'Put aside; nothing in the ledger names it.' })
    else
      result.lost.push({
        subject: key,
        message: `${reference?.what ?? 'a file'} is lost${isAside ? '; what is left of it was put aside' : ''}. No place that was looked at holds it; a folder with a backup can be named to look there (--from)${reference?.isRemade ? ', or run its pipeline again' : ''}.`
      })
  }
  return result
}

const partsOf = (key: string): [ContentFolder, string] => key.split('/') as [ContentFolder, string]
