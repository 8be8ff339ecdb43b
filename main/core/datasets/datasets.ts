import { join } from 'node:path'
import type {
  BadRowReport,
  ColumnPatch,
  DatasetDetail,
  DatasetMetadata,
  DatasetSummary,
  DatasetVersion,
  ImportChoices,
  ImportOptions,
  ImportPreview,
  ImportResult,
  MisfitPage,
  MisfitRequest,
  RowPage,
  RowRequest,
  SqlResult,
  SqlTableInfo,
  WorkProgress
} from '../../model/dataset'
import { datasetMetadataSchema, datasetNameSchema } from '../../model/dataset'
import { WorkbenchError } from '../../model/errors'
import type { openDatabase } from '../../storage/duckdb/database'
import type { PublishedView } from '../../storage/ledger/feature-tables'
import type { WorkspaceContext } from '../workspace/context'
import { createDatasetStore } from './dataset-store'
import { runDatasetSql } from './dataset-sql'
import { importVersion } from './import-file'
import { importRecord, type ImportRecord } from './import-record'
import { misfitPage, type MisfitCells } from './misfits'
import { patchColumns } from './patch-columns'
import { previewImport } from './preview-import'
import { readRowPage } from './row-pages'
import { createVersionFiles, type ResolvedDataset } from './version-files'
import type { DatasetId, Sha256 } from '../../model/reference'
import { fit, inOneSentence } from '../../model/schema-words'

export type { ResolvedDataset }

export interface WorkOptions {
  signal?: AbortSignal
  onProgress?: (progress: WorkProgress) => void
}

export interface Datasets {
  previewImport(path: string, choices?: ImportChoices, options?: WorkOptions): Promise<ImportPreview>
  list(options?: { trashed?: boolean }): DatasetSummary[]
  get(ref: string): DatasetDetail
  versions(name: string): DatasetVersion[]
  rows(ref: string, request: RowRequest, options?: { signal?: AbortSignal }): Promise<RowPage>
  badRows(ref: string): Promise<BadRowReport>
  /** Cells that did not fit and rows that were left out, in the order of the lines. Throws NOT_FOUND. */
  misfits(ref: string, request?: MisfitRequest): Promise<MisfitPage>
  /** All of them as they are kept: columns by number, at most 250,000 cells. */
  misfitCells(ref: string): Promise<MisfitCells | undefined>
  /** What the import of a version lost and changed; undefined for one that no import made. Throws NOT_FOUND. */
  imported(ref: string): ImportRecord | undefined
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
  restore(id: DatasetId): DatasetSummary
}

/** Datasets of a workspace: import, catalog, pages of rows, SQL. Names: any script, unique without regard to letter case. */
export function createDatasets(context: WorkspaceContext, faults: { openDatabase?: typeof openDatabase } = {}): DatasetsWriter {
  const store = createDatasetStore(context)
  const temporary = join(context.directory, 'tmp')
  const files = createVersionFiles(context.directory, store)

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
  async function badRows(ref: string): Promise<BadRowReport> {
    const { version } = store.find(ref)
    if (version.bad_row_object === null) return { count: 0, rows: [], reasons: [] }
    return JSON.parse((await context.objects.read(version.bad_row_object)).toString('utf8')) as BadRowReport
  }
  // Who scrolls through a list asks for one page after the other, and a quarter of a million cells take long to read.
  let lastRead: { object: Sha256; cells: MisfitCells } | undefined
  async function misfitCells(ref: string): Promise<MisfitCells | undefined> {
    const object = store.find(ref).version.misfit_object
    if (object === null) return undefined
    if (lastRead?.object !== object)
      lastRead = { object, cells: JSON.parse((await context.objects.read(object)).toString('utf8')) as MisfitCells }
    return lastRead.cells
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
    rows: async (ref, request, { signal } = {}) => readRowPage(context.duckdb, await files.checked(ref, { signal }), request, signal),
    badRows,
    misfits: async (ref, request) => misfitPage(await misfitCells(ref), await badRows(ref), request),
    misfitCells,
    imported(ref) {
      const { dataset, version } = store.find(ref)
      return importRecord(dataset.name, store.toVersion(dataset.name, version), version.misfit_object)
    },
    setColumns(ref, patches) {
      const { dataset, version } = store.find(ref)
      const columns = patchColumns(dataset.name, store.toVersion(dataset.name, version).columns, patches)
      store.setColumns(dataset.id, version.sha256, columns)
      return get(`${dataset.name}@${version.sha256}`)
    },
    update(name, { rename, metadata = {} }) {
      const dataset = store.byName(name)
      const updated = store.updateMetadata(dataset.id, {
        ...parseMetadata(metadata),
        ...(rename !== undefined && { name: parseName(rename) })
      })
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
    ledgerTables: () => context.ledger.views.map(describeView),
    sql: (text, { limit = 1_000, signal } = {}) =>
      runDatasetSql(
        text,
        {
          directory: context.directory,
          parser: context.duckdb,
          views: context.ledger.views,
          tablesNamed: (names) => files.tablesNamed(names, signal),
          datasetNames: store.names
        },
        { limit, signal }
      ),
    resolve: files.resolve,
    checked: files.checked,
    verify: files.verify
  }
}

function parseMetadata(metadata: Partial<DatasetMetadata>): Partial<DatasetMetadata> {
  const parsed = fit(datasetMetadataSchema.partial(), metadata)
  if (!parsed.success)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The description of the dataset is wrong: ${inOneSentence(parsed.problems)}. Nothing was changed.`
    )
  return parsed.data
}

const describeView = ({ name, description, columns }: PublishedView): SqlTableInfo => ({
  name: `ledger.${name}`,
  description,
  columns: columns.map((column) => ({ name: column.name, type: column.type, description: column.description }))
})

function parseName(name: string): string {
  const parsed = fit(datasetNameSchema, name)
  if (!parsed.success)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `"${name.slice(0, 80)}" cannot be a dataset's name. ${parsed.problems[0].words} Choose another.`
    )
  return parsed.data
}
