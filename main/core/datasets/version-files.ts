import { existsSync } from 'node:fs'
import type { DatasetColumn } from '../../model/dataset'
import { WorkbenchError } from '../../model/errors'
import { assertDigest } from '../../storage/objects/digest-check'
import { parseTableName, type SqlTable } from './dataset-sql'
import type { DatasetStore } from './dataset-store'
import { versionPath } from './import-file'
import type { Sha256, DatasetRef } from '../../model/reference'

/** A version as pipelines and reports use it. */
export interface ResolvedDataset {
  name: string
  ref: DatasetRef
  sha256: Sha256
  /** Absolute path of the Arrow file. */
  path: string
  rows: number
  columns: DatasetColumn[]
}

/** The files behind the versions of `store`. Throws as `Datasets` says. */
export function createVersionFiles(directory: string, store: DatasetStore) {
  function resolve(ref: string): ResolvedDataset {
    const { dataset, version } = store.find(ref)
    const { sha256, rows, columns, ref: full } = store.toVersion(dataset.name, version)
    const path = versionPath(directory, sha256)
    if (!existsSync(path))
      throw new WorkbenchError(
        'NOT_FOUND',
        `The data file of ${full} is missing from the workspace folder. Restore it from a backup or import its source again.`,
        { details: { ref: full } }
      )
    return { name: dataset.name, ref: full, sha256, path, rows, columns }
  }

  const assertUnchanged = (
    { path, sha256, ref }: ResolvedDataset,
    options: { signal?: AbortSignal; afresh?: boolean } = {}
  ): Promise<void> =>
    assertDigest(path, sha256, `The data file data/${sha256}.arrow of ${ref.split('@sha256:')[0]}`, {
      ...options,
      next: 'restore it from a backup or import its source again'
    })
  async function checked(ref: string, { signal }: { signal?: AbortSignal } = {}): Promise<ResolvedDataset> {
    const found = resolve(ref)
    await assertUnchanged(found, { signal })
    return found
  }
  async function tablesNamed(words: readonly string[], signal?: AbortSignal): Promise<SqlTable[]> {
    const named = words.map((word) => versionNamed(store, word)).filter((found) => found !== undefined)
    const tables: SqlTable[] = []
    for (const { view, ref } of named) {
      const { path, columns } = await checked(ref, { signal })
      tables.push({ name: view, path, columns })
    }
    return tables
  }
  async function verify(ref: string): Promise<void> {
    await assertUnchanged(resolve(ref), { afresh: true })
  }

  return { resolve, checked, verify, tablesNamed }
}

/** Which versions the words of a query stand for; two words may stand for the same one. */
function versionNamed(store: DatasetStore, word: string): { view?: string; ref: string } | undefined {
  const parsed = parseTableName(word)
  if (!parsed) return undefined
  if ('file' in parsed) {
    const owner = store.ownerOf(parsed.file)
    return owner === undefined ? undefined : { ref: `${owner}@${parsed.file}` }
  }
  const dataset = store.findByName(parsed.key)
  if (!dataset) return undefined
  if (parsed.version === undefined) return { view: dataset.name, ref: dataset.name }
  const version = store.versionRows(dataset.id).find((v) => v.sha256.startsWith(parsed.version!))
  return version && { view: `${dataset.name}@${parsed.version}`, ref: `${dataset.name}@${version.sha256}` }
}
