import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import {
  datasetNameSchema,
  importOptionsSchema,
  type DatasetColumn,
  type ImportOptions,
  type MisfitCounts,
  type Notice
} from '../../model/dataset'
import { countOf } from '../../model/count-of'
import { WorkbenchError } from '../../model/errors'
import { isIntact, rememberDigest } from '../../storage/objects/digest-check'
import { renameDurably, sha256File } from '../../storage/objects/durable-files'
import type { WorkspaceContext } from '../workspace/context'
import type { DatasetStore, NewVersion } from './dataset-store'
import { collectMisfits } from './misfits'
import { typedSelect, withSource } from './read-source'
import type { ImportSession, ReadOptions, SourceTable } from './source-table'
import { kindOf } from './stage-columnar'
import { suggestMetadata } from './suggestions'
import type { Sha256 } from '../../model/reference'
import { fit, inOneSentence } from '../../model/schema-words'

type ImportContext = Pick<WorkspaceContext, 'directory' | 'objects'>

/** Where the Arrow file of a version lies. */
export const versionPath = (directory: string, sha256: Sha256): string => join(directory, 'data', `${sha256}.arrow`)

/**
 * Imports a file as a version of a dataset. The same bytes with the same choices give the same version. Cancel, a full disk or a
 * broken file leave the workspace as it was. Throws INVALID_INPUT, CANCELLED, DISK_FULL.
 */
export async function importVersion<T>(
  context: ImportContext,
  store: DatasetStore,
  path: string,
  given: ImportOptions,
  options: ReadOptions & { createdBy?: string | null; commit: (write: () => ReturnType<DatasetStore['addVersion']>) => T }
): Promise<T> {
  const parsed = fit(importOptionsSchema, given)
  if (!parsed.success)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The import options are wrong: ${inOneSentence(parsed.problems)}. Correct them and try again.`
    )
  const { name, metadata = {}, ...choices } = parsed.data
  return withSource(join(context.directory, 'tmp'), path, choices, options, async (table, session) => {
    assertWorthImporting(table, session.fileName)
    const names = finalNames(table, choices.columns ?? [])
    options.onProgress?.({ fraction: 0.65, message: 'Writing the columns' })
    const file = join(session.directory, 'version.arrow')
    const written = await session.db.exportArrow(typedSelect(table, names), file, {
      signal: options.signal,
      onProgress: (rows) =>
        options.onProgress?.({
          fraction: 0.65 + 0.3 * Math.min(1, rows / Math.max(1, table.inspectedRows)),
          message: `Writing the columns: ${rows.toLocaleString('en')} rows`
        })
    })
    const badRows = table.badRows.report()
    const misfits = await collectMisfits(
      session.db,
      table,
      table.columns,
      (source) => names[table.columns.findIndex((column) => column.source === source)],
      options.signal
    )
    const columns = describeColumns(store, name, names, written.columns, table, choices.columns ?? [])
    const version: NewVersion = {
      sha256: await sha256File(file),
      rows: written.rows,
      bytes: written.bytes,
      columns,
      source: { name: session.fileName, size: table.size, sha256: table.sha256, format: table.format },
      choices: { ...choices, format: table.format, ...(table.dialect && { dialect: table.dialect }), nullTokens: table.nullTokens },
      notices: [...lossNotices(badRows.count, misfits.counts), ...table.notices],
      badRows: badRows.count,
      badRowObject: badRows.count > 0 ? (await context.objects.putBytes(JSON.stringify(badRows))).sha256 : null,
      reading: { rules: table.rules, offers: table.offers, misfits: misfits.counts },
      misfitObject: misfits.counts.cells > 0 ? (await context.objects.putBytes(JSON.stringify(misfits))).sha256 : null,
      createdBy: options.createdBy ?? null
    }
    if (options.signal?.aborted) throw new WorkbenchError('CANCELLED', 'The import was cancelled. Nothing was changed.')
    options.onProgress?.({ fraction: 0.98, message: 'Recording the version' })
    return placeVersion(context, store, file, version.sha256, () =>
      options.commit(() => store.addVersion(datasetNameSchema.parse(name), version, metadata))
    )
  })
}

/** Moves a finished Arrow file into the workspace and records it; when the record fails the file goes again. */
async function placeVersion<T>(
  context: Pick<ImportContext, 'directory'>,
  store: DatasetStore,
  file: string,
  sha256: Sha256,
  record: () => T
): Promise<T> {
  const target = versionPath(context.directory, sha256)
  // A file that was damaged on the disk is replaced by the good one.
  const isNew = !(await isIntact(target, sha256))
  if (isNew) {
    await fs.mkdir(join(context.directory, 'data'), { recursive: true })
    await renameDurably(file, target)
    await rememberDigest(target, sha256)
  }
  try {
    return record()
  } catch (error) {
    if (isNew && !store.isUsed(sha256)) await fs.rm(target, { force: true })
    throw error
  }
}

function assertWorthImporting(table: SourceTable, fileName: string): void {
  const { count, reasons, rows } = table.badRows.report()
  if (table.columns.length === 0)
    throw new WorkbenchError('INVALID_INPUT', `No column of "${fileName}" is left to import. Keep at least one.`)
  if (table.records === 0 && table.dialect)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `"${fileName}" has no rows: ${table.dialect.header ? `all it holds is one line, which was taken for the names of ${table.columns.length === 1 ? 'one column' : `${table.columns.length} columns`}` : 'it holds no table'}. Nothing was imported. Check that it is the right file and was copied whole; if that line is data, say that the file has no header.`
    )
  if (count === 0 || count <= table.records / 2) return
  throw new WorkbenchError(
    'INVALID_INPUT',
    `${count} rows of "${fileName}" do not parse, more than half of it (mostly: ${reasons[0].reason}; first at line ${rows[0]?.line ?? 1}). Nothing was imported. Check that it is the right file, and its delimiter, quote and column types.`,
    { details: { badRows: count, reasons: reasons.slice(0, 5), examples: rows.slice(0, 5) } }
  )
}

function finalNames(table: SourceTable, choices: NonNullable<ImportOptions['columns']>): string[] {
  const names = table.columns.map(
    (c) =>
      choices
        .find((k) => k.source === c.source)
        ?.name?.normalize('NFC')
        .trim() ?? c.source
  )
  const seen = new Set<string>()
  for (const name of names) {
    const key = name.toLowerCase()
    if (name === '' || seen.has(key))
      throw new WorkbenchError(
        'INVALID_INPUT',
        name === ''
          ? 'A column has no name. Give it one.'
          : `Two columns would be called "${name}" (letter case does not count). Rename one of them.`,
        { details: { name } }
      )
    seen.add(key)
  }
  return names
}

/** Role, unit and the like: what the person said now, else what the version before says, else a suggestion. */
function describeColumns(
  store: DatasetStore,
  datasetName: string,
  names: string[],
  written: { name: string; type: string }[],
  table: SourceTable,
  choices: NonNullable<ImportOptions['columns']>
): DatasetColumn[] {
  const before = store.findByName(datasetName)
  const previous = new Map(before ? store.toVersion(before.name, store.latest(before.id)).columns.map((c) => [c.name, c]) : [])
  const kinds = written.map((w) => kindOf(w.type))
  const suggested = suggestMetadata(names.map((name, i) => ({ name, kind: kinds[i] })))
  return names.map((name, i) => {
    const choice = choices.find((c) => c.source === table.columns[i].source)
    const old = previous.get(name)
    return {
      name,
      type: written[i].type,
      kind: kinds[i],
      role: choice?.role ?? old?.role ?? suggested[i].role,
      knownWhen: choice?.knownWhen ?? old?.knownWhen ?? suggested[i].knownWhen,
      unit: choice?.unit ?? old?.unit ?? table.columns[i].unit ?? null,
      description: choice?.description ?? old?.description ?? null
    }
  })
}

/** What did not come into the version as it stands in the file. */
function lossNotices(badRows: number, misfits: MisfitCounts): Notice[] {
  const notices: Notice[] = []
  if (badRows > 0)
    notices.push({
      severity: 'warning',
      title: `${countOf(badRows, 'row')} did not parse`,
      detail:
        badRows === 1
          ? 'It stands in the list of misfits and not in the version. Correct the source and import again to have it.'
          : 'They stand in the list of misfits and not in the version. Correct the source and import again to have them.',
      column: null,
      line: null
    })
  if (misfits.cells > 0)
    notices.push({
      severity: 'warning',
      title: misfits.cells === 1 ? '1 cell did not fit its column' : `${countOf(misfits.cells, 'cell')} did not fit their columns`,
      detail: `${misfits.cells === 1 ? 'It is missing; its row is there, and its text is' : `They are missing in ${countOf(misfits.rows, 'row')}, which are all there; their texts are`} kept in the list of misfits with line, column and reason. ${misfits.columns.length > 1 ? 'Most are in' : misfits.cells === 1 ? 'It is in' : 'All are in'} ${misfits.columns
        .slice(0, 3)
        .map((c) => `"${c.column}" (${c.cells}, ${c.reason})`)
        .join(', ')}. Choose another type to have them.`,
      column: misfits.columns.length === 1 ? misfits.columns[0].column : null,
      line: null
    })
  return notices
}

export type { ImportSession }
