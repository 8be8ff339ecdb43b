import { randomUUID } from 'node:crypto'
import { promises as fs } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import type { ImportChoices } from '../../model/dataset'
import { WorkbenchError, fromSystemError } from '../../model/errors'
import { openDatabase, type Database } from '../../storage/duckdb/database'
import { readColumnar } from './read-columnar'
import { HEAD } from './copy-text'
import { readText } from './read-text'
import { detectFormat } from './source-format'
import type { ImportSession, ReadOptions, SourceTable } from './source-table'
import { quoteName } from '../../model/sql-quoting'

/**
 * Reads a source file into a private in-memory database that can reach only its own copy of that file. `work` gets the table
 * while the database is open; afterwards every trace in `temporaryRoot` is removed, whatever happened.
 */
export async function withSource<T>(
  temporaryRoot: string,
  path: string,
  choices: ImportChoices,
  options: ReadOptions,
  work: (table: SourceTable, session: ImportSession) => Promise<T>
): Promise<T> {
  const source = resolve(path)
  const fileName = basename(source)
  const directory = join(temporaryRoot, `import-${randomUUID()}`)
  let db: Database | undefined
  try {
    const size = await sizeOf(source, fileName)
    await fs.mkdir(join(directory, 'in'), { recursive: true })
    await fs.mkdir(join(directory, 'spill'), { recursive: true })
    const head = await readHead(source)
    const kind = { ...detectFormat(head, fileName, size <= HEAD), ...(choices.format && { format: choices.format }) }
    db = await (options.openDatabase ?? openDatabase)({
      readDirectories: [join(directory, 'in')],
      temporaryDirectory: join(directory, 'spill'),
      wideQueries: true
    })
    const session: ImportSession = { db, directory, input: join(directory, 'in'), fileName, size, options }
    const table =
      kind.format === 'parquet' || kind.format === 'arrow'
        ? await readColumnar(session, source, kind.format, choices)
        : await readText(session, source, head, { ...kind, format: kind.format }, choices)
    return await work(table, session)
  } catch (error) {
    if (options.signal?.aborted) throw new WorkbenchError('CANCELLED', 'The import was cancelled. Nothing was changed.', { cause: error })
    throw withSourceName(fromSystemError(error, `importing "${fileName}"`), join(directory, 'in'), fileName)
  } finally {
    await db?.close()
    await fs.rm(directory, { recursive: true, force: true })
  }
}

/** Readers name the private copy, which is gone by now and says nothing to the person: the chosen file is named instead. */
function withSourceName(error: WorkbenchError, copies: string, fileName: string): WorkbenchError {
  const message = ['arrow', 'parquet'].reduce(
    (text, ending) => text.replaceAll(join(copies, `source.${ending}`), `"${fileName}"`),
    error.message
  )
  return message === error.message ? error : new WorkbenchError(error.code, message, { details: error.details, cause: error })
}

async function sizeOf(source: string, fileName: string): Promise<number> {
  const stat = await fs.stat(source)
  if (!stat.isFile())
    throw new WorkbenchError('INVALID_INPUT', `"${fileName}" is not a file but a folder or a device. Choose a table file.`)
  return stat.size
}

async function readHead(source: string): Promise<Buffer> {
  const file = await fs.open(source, 'r')
  try {
    const buffer = Buffer.alloc(HEAD)
    const { bytesRead } = await file.read(buffer, 0, HEAD, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** The typed SELECT over the staged rows, in file order. */
export const typedSelect = (table: SourceTable, names: readonly string[]): string =>
  `SELECT ${table.columns.map((c, i) => `${c.sql} AS ${quoteName(names[i])}`).join(', ')} FROM staged`
