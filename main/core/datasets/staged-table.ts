import { randomUUID } from 'node:crypto'
import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import type { BadRowReport, ColumnChoice, ColumnKind, ImportChoices, SourceFormat } from '../../model/dataset'
import { WorkbenchError } from '../../model/errors'
import type { Sha256 } from '../../model/reference'
import { arrowColumns, normaliseArrow } from '../../storage/arrow'
import { openDatabase } from '../../storage/duckdb/database'
import { sha256File } from '../../storage/objects/durable-files'
import { collectMisfits, noCells, type MisfitCells } from './misfits'
import { typedSelect, withSource } from './read-source'
import type { ReadOptions, SourceTable } from './source-table'
import { kindOf } from './stage-columnar'

/** Bytes of a text file that are looked at before its columns are chosen. */
const lookedAt = 4 << 20
/** What the engine may take before it goes to the disk: a few columns need little, and each column of a wide table a buffer of its own. */
const memoryFor = (columns: number): string => (columns <= 64 ? '256MB' : '1GB')

/** A column of a file as it was found in its beginning. */
export interface SeenColumn {
  /** What it is called from now on: a choice may rename it. */
  name: string
  source: string
  kind: ColumnKind
}

/** Columns of a file as an Arrow file, of which nothing is kept afterwards. */
export interface StagedTable {
  /** Path of the Arrow file. */
  file: string
  rows: number
  format: Exclude<SourceFormat, 'derived'>
  /** Of the bytes of the source. */
  sha256: Sha256
  /** The line of a text file that a row, from 1, stands in; null where rows have none. */
  lineOf(row: number): number | null
  misfits: MisfitCells
  lost: BadRowReport
}

/**
 * Reads some columns of a file as an import would, and keeps nothing of it. `choose` is given the columns that there are and says which to
 * leave out and of which type others are. Memory stays bounded: the engine goes to the disk from 256 MB on, or 1 GB
 * for more than 64 columns.
 * @throws WorkbenchError INVALID_INPUT, NOT_FOUND, CANCELLED, DISK_FULL
 */
export async function withStagedTable<T>(
  temporaryRoot: string,
  path: string,
  choices: ImportChoices,
  choose: (columns: readonly SeenColumn[]) => ColumnChoice[],
  work: (table: StagedTable) => Promise<T>,
  options: Pick<ReadOptions, 'signal' | 'onProgress'> & {
    /** Byte for byte what an import with these choices writes. */
    asImported?: boolean
  } = {}
): Promise<T> {
  const bounded = (memoryLimit: string): ReadOptions => ({ ...options, openDatabase: (asked) => openDatabase({ ...asked, memoryLimit }) })
  const found = await withSource(temporaryRoot, path, choices, { ...bounded('1GB'), head: lookedAt, onProgress: undefined }, look)
  const chosen = choose(found.columns)
  const directory = join(temporaryRoot, `staged-${randomUUID()}`)
  await fs.mkdir(directory, { recursive: true })
  try {
    const file = join(directory, 'table.arrow')
    const asItIs =
      found.format === 'arrow' && chosen.every(isPlain) ? await stageArrow(path, file, found, chosen, options.signal) : undefined
    if (asItIs) return await work(asItIs)
    const table = await withSource(
      temporaryRoot,
      path,
      { ...choices, columns: chosen },
      bounded(memoryFor(found.columns.length)),
      async (source, { db }) => {
        const names = source.columns.map((column) => nameOf(column.source, chosen))
        const { rows } = await db.exportArrow(typedSelect(source, names), file, { signal: options.signal })
        const misfits = await collectMisfits(db, source, source.columns, (column) => nameOf(column, chosen), options.signal)
        const isText = source.format !== 'parquet' && source.format !== 'arrow'
        return {
          ...{ file, rows, format: source.format, sha256: source.sha256, misfits, lost: source.badRows.report() },
          lineOf: (row: number) => (isText ? source.lineOf(row - 1) : null)
        }
      }
    )
    return await work(table)
  } finally {
    await fs.rm(directory, { recursive: true, force: true })
  }

  async function look(table: SourceTable, { db }: { db: Awaited<ReturnType<typeof openDatabase>> }) {
    const sources = table.columns.map(({ source }) => source)
    const types =
      sources.length > 0
        ? await db.describe(
            typedSelect(
              table,
              sources.map((_, index) => `c${index}`)
            )
          )
        : []
    const columns = sources.map((source, index): SeenColumn => ({
      ...{ source, name: nameOf(source, choices.columns ?? []) },
      kind: kindOf(types[index]!.type)
    }))
    return { columns, format: table.format, sha256: table.sha256 }
  }
}

const nameOf = (source: string, choices: readonly ColumnChoice[]): string =>
  choices.find((choice) => choice.source === source)?.name ?? source

/** Whether a choice leaves the values as they are. */
const isPlain = (choice: ColumnChoice): boolean => choice.drop === true || Object.keys(choice).length === 1

/**
 * An Arrow file keeps its own types, so it is read as it is, batch by batch, without those columns that are left out; undefined where its
 * names are not those of the columns as they were found.
 */
async function stageArrow(
  path: string,
  file: string,
  { sha256, columns }: { sha256: Sha256; columns: readonly SeenColumn[] },
  chosen: readonly ColumnChoice[],
  signal: AbortSignal | undefined
): Promise<StagedTable | undefined> {
  const own = arrowColumns(path)
  const names = own.map(({ name }) => name)
  if (new Set(names).size < names.length || columns.some(({ source }) => !names.includes(source))) return undefined
  const dropped = new Set(chosen.flatMap(({ source, drop }) => (drop ? [source] : [])))
  const leaveOut = new Set(own.flatMap(({ name, refusal }, index) => (dropped.has(name) || refusal !== undefined ? [index] : [])))
  const { rows } = await normaliseArrow(path, file, { leaveOut, signal })
  if ((await sha256File(path)) !== sha256)
    throw new WorkbenchError('INVALID_INPUT', `"${path}" was changed while it was read. Wait until it is written, and try again.`)
  return { file, rows, format: 'arrow', sha256, lineOf: () => null, misfits: noCells, lost: { count: 0, rows: [], reasons: [] } }
}
