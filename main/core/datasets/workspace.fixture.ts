import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../../storage/duckdb/database'
import { openWorkspaceLedger } from '../ledger'
import { createContentStore } from '../../storage/objects/content-store'
import type { WorkspaceContext } from '../workspace/context'
import type { DatasetVersion, ImportChoices } from '../../model/dataset'
import { createDatasets, type DatasetsWriter } from './datasets'

export interface TestWorkspace {
  context: WorkspaceContext
  datasets: DatasetsWriter
  /** Writes a source file outside the workspace and returns its path. */
  source(name: string, content: string | Uint8Array): string
  /** Imports a text as a dataset of its own; `rows` are its first 200. */
  importText(text: string | Uint8Array, choices?: ImportChoices, file?: string): Promise<ImportedText>
  close(): Promise<void>
}

export interface ImportedText {
  name: string
  path: string
  version: DatasetVersion
  rows: Awaited<ReturnType<DatasetsWriter['rows']>>['rows']
}

/** A real workspace folder with ledger, objects and engine, for tests of datasets and quality. */
export async function openTestWorkspace(faults: Parameters<typeof createDatasets>[1] = {}): Promise<TestWorkspace> {
  const root = mkdtempSync(join(tmpdir(), 'drydock-datasets-'))
  const directory = join(root, 'workspace')
  for (const folder of ['data', 'tmp', 'objects']) mkdirSync(join(directory, folder), { recursive: true })
  const duckdb = await openDatabase({ readDirectories: [join(directory, 'data')] })
  const ledger = openWorkspaceLedger(join(directory, 'ledger.sqlite'))
  let ids = 0
  const context: WorkspaceContext = {
    directory,
    ledger,
    objects: createContentStore(join(directory, 'objects')),
    duckdb,
    clock: () => new Date('2026-03-01T12:00:00.000Z'),
    newId: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
    changed: () => undefined,
    log: () => undefined
  }
  const datasets = createDatasets(context, faults)
  const source = (name: string, content: string | Uint8Array): string => {
    const path = join(root, name)
    writeFileSync(path, content)
    return path
  }
  let imports = 0
  return {
    context,
    datasets,
    source,
    async importText(text, choices = {}, file = 't.csv') {
      const name = `t${++imports}`
      const path = source(`${name}-${file}`, text)
      const { version } = await datasets.importFile(path, { name, ...choices })
      const rows = version.rows > 0 ? (await datasets.rows(name, { limit: 200 })).rows : []
      return { name, path, version, rows }
    },
    async close() {
      await duckdb.close()
      ledger.close()
      rmSync(root, { recursive: true, force: true })
    }
  }
}
