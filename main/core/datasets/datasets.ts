import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type {
  BadRowReport,
  ColumnPatch,
  DatasetColumn,
  DatasetDetail,
  DatasetMetadata,
  DatasetSummary,
  DatasetVersion,
  ImportChoices,
  ImportOptions,
  ImportPreview,
  ImportResult,
  RowPage,
  RowRequest,
  SqlResult,
  SqlTableInfo,
  WorkProgress
} from '../../model/dataset'
import { datasetMetadataSchema, datasetNameSchema } from '../../model/dataset'
import { WorkbenchError } from '../../model/errors'
import type { openDatabase } from '../../storage/duckdb/database'
import { assertDigest } from '../../storage/objects/digest-check'
import type { WorkspaceContext } from '../workspace/context'
import { createDatasetStore } from './dataset-store'
import { parseTableName, runDatasetSql, type SqlTable } from './dataset-sql'
import { importVersion, versionPath } from './import-file'
import { previewImport } from './preview-import'
import { readRowPage } from './row-pages'

export interface WorkOptions {
  signal?: AbortSignal
  onProgress?: (progress: WorkProgress) => void
}

/** A version as pipelines and reports use it. */
export interface ResolvedDataset {
  name: string
  ref: string
  sha256: string
  /** Absolute path of the Arrow file. */
  path: string
  rows: number
  columns: DatasetColumn[]
}

export interface Datasets {
  previewImport(path: string, choices?: ImportChoices, options?: WorkOptions): Promise<ImportPreview>
  list(options?: { trashed?: boolean }): DatasetSummary[]
  get(ref: string): DatasetDetail
  versions(name: string): DatasetVersion[]
  rows(ref: string, request: RowRequest, options?: { signal?: AbortSignal }): Promise<RowPage>
  badRows(ref: string): Promise<BadRowReport>
  /** What the schema `ledger` of `sql` has. */
  ledgerTables(): SqlTableInfo[]
  /** One SELECT over views named by dataset (the latest version), by `name@` with 8 digits of a version, and over the schema `ledger`. */
  sql(text: string, options?: { limit?: number; signal?: AbortSignal }): Promise<SqlResult>
  /** Throws NOT_FOUND when the reference names nothing or its file is gone. */
  resolve(ref: string): ResolvedDataset
  /** As `resolve`, after its file was found unchanged: read once in a process, again only when it was touched. Throws DIGEST_MISMATCH. */
  checked(ref: string, options?: { signal?: AbortSignal }): Promise<ResolvedDataset>
  /** Recomputes the SHA-256 of the version's file. Throws DIGEST_MISMATCH when a byte changed. */
  verify(ref: string): Promise<void>
}

export interface ImportWork extends WorkOptions {
  createdBy?: string | null
  /** Runs the writes to the ledger; the caller's transaction and record are around them. */
  commit?: (write: () => ImportResult) => ImportResult
}

/** What the commands of this feature write with; all but the import join their transaction. */
export interface DatasetsWriter extends Datasets {
  importFile(path: string, options: ImportOptions, work?: ImportWork): Promise<ImportResult>
  setColumns(ref: string, columns: readonly ColumnPatch[]): DatasetDetail
  update(name: string, change: { rename?: string; metadata?: Partial<DatasetMetadata> }): DatasetDetail
  trash(name: string): DatasetSummary
  restore(id: string): DatasetSummary
}

/** Datasets of a workspace: import, catalog, pages of rows, SQL. Names: any script, unique without regard to letter case. */
export function createDatasets(context: WorkspaceContext, faults: { openDatabase?: typeof openDatabase } = {}): DatasetsWriter {
  const store = createDatasetStore(context)
  const temporary = join(context.directory, 'tmp')
  const pathOf = (sha256: string): string => versionPath(context.directory, sha256)

  function get(ref: string): DatasetDetail {
    const { dataset, version } = store.find(ref)
    return {
      ...store.toSummary(dataset),
      version: store.toVersion(dataset.name, version),
      versions: store.versionRows(dataset.id).map((v) => store.toVersionSummary(dataset.name, v))
    }
  }
  const toResult = ({ dataset, version, created }: ReturnType<typeof store.addVersion>): ImportResult => ({
    dataset: store.toSummary(dataset),
    version: store.toVersion(dataset.name, version),
    created
  })
  function resolve(ref: string): ResolvedDataset {
    const { dataset, version } = store.find(ref)
    const { sha256, rows, columns, ref: full } = store.toVersion(dataset.name, version)
    const path = pathOf(sha256)
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
  /** Which versions the words of a query stand for; two words may stand for the same one. */
  function versionNamed(word: string): { view?: string; ref: string } | undefined {
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
  async function tablesNamed(words: readonly string[], signal?: AbortSignal): Promise<SqlTable[]> {
    const named = words.map(versionNamed).filter((found) => found !== undefined)
    const tables: SqlTable[] = []
    for (const { view, ref } of named) tables.push({ name: view, path: (await checked(ref, { signal })).path })
    return tables
  }

  return {
    previewImport: (path, choices = {}, options = {}) => previewImport(temporary, path, choices, { ...options, ...faults }),
    importFile: (path, options, { commit = (write: () => ImportResult) => write(), ...work } = {}) =>
      importVersion(context, store, path, options, { ...work, ...faults, commit: (write) => commit(() => toResult(write())) }),
    list: ({ trashed = false } = {}) => store.list(trashed).map(store.toSummary),
    get,
    versions(name) {
      const dataset = store.byName(name)
      return store.versionRows(dataset.id).map((v) => store.toVersion(dataset.name, v))
    },
    rows: async (ref, request, { signal } = {}) => readRowPage(context.duckdb, await checked(ref, { signal }), request, signal),
    async badRows(ref) {
      const { version } = store.find(ref)
      if (version.bad_row_object === null) return { count: 0, rows: [], reasons: [] }
      return JSON.parse((await context.objects.read(version.bad_row_object)).toString('utf8')) as BadRowReport
    },
    setColumns(ref, patches) {
      const { dataset, version } = store.find(ref)
      const columns = store.toVersion(dataset.name, version).columns
      for (const patch of patches) {
        const column = columns.find((c) => c.name === patch.name)
        if (!column)
          throw new WorkbenchError(
            'INVALID_INPUT',
            `"${dataset.name}" has no column "${patch.name}". Nothing was changed. Reload the columns.`,
            { details: { column: patch.name } }
          )
        Object.assign(column, Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)))
      }
      const targets = columns.filter((c) => c.role === 'target')
      if (targets.length > 1)
        throw new WorkbenchError(
          'INVALID_INPUT',
          `Only one column can be the target, but ${targets.map((t) => `"${t.name}"`).join(' and ')} would be. Nothing was changed. Give the others another role.`
        )
      store.setColumns(dataset.id, version.sha256, columns)
      return get(`${dataset.name}@${version.sha256}`)
    },
    update(name, { rename, metadata = {} }) {
      const checked = datasetMetadataSchema.partial().safeParse(metadata)
      if (!checked.success)
        throw new WorkbenchError(
          'INVALID_INPUT',
          `The description of the dataset is wrong: ${checked.error.issues[0].message}. Nothing was changed.`
        )
      const dataset = store.byName(name)
      const updated = store.updateMetadata(dataset.id, { ...checked.data, ...(rename !== undefined && { name: parseName(rename) }) })
      return get(updated.name)
    },
    trash(name) {
      return store.toSummary(store.setTrashed(store.byName(name).id, true))
    },
    restore(id) {
      const row = store.findById(id)
      if (!row) throw new WorkbenchError('NOT_FOUND', 'This dataset is not in the trash any more. Reload the list.')
      const rival = store.findByName(row.name)
      if (rival && rival.id !== id)
        throw new WorkbenchError('CONFLICT', `A new dataset is called "${rival.name}" now. Rename that one, then restore this one.`, {
          details: { name: row.name }
        })
      return store.toSummary(store.setTrashed(id, false))
    },
    ledgerTables: () =>
      context.ledger.views.map(({ name, description, columns }) => ({
        name: `ledger.${name}`,
        description,
        columns: columns.map((column) => ({ name: column.name, type: column.type, description: column.description }))
      })),
    sql: (text, { limit = 1_000, signal } = {}) =>
      runDatasetSql(
        text,
        {
          directory: context.directory,
          parser: context.duckdb,
          views: context.ledger.views,
          tablesNamed: (names) => tablesNamed(names, signal)
        },
        { limit, signal }
      ),
    resolve,
    checked,
    async verify(ref) {
      await assertUnchanged(resolve(ref), { afresh: true })
    }
  }
}

function parseName(name: string): string {
  const parsed = datasetNameSchema.safeParse(name)
  if (!parsed.success)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `"${name.slice(0, 80)}" cannot be a dataset's name. ${parsed.error.issues[0].message} Choose another.`
    )
  return parsed.data
}
