import { existsSync, lstatSync, mkdirSync, realpathSync, rmSync } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { fromSystemError, WorkbenchError } from '../../model/errors'
import { createPathGuard, FilePool } from '../arrow/file-handles'
import { createReadArrow } from '../arrow/table-function'
import type { Database, DatabaseOptions } from './database-types'
import { createDatabase } from './query-runner'
import { CallbackErrors } from './sql-errors'
import { quoteText } from '../../model/sql-quoting'

/** Files open in this process: DuckDB locks them against other processes only. */
const openFiles = new Set<string>()

/**
 * Opens DuckDB with everything outside the allowed places switched off and the configuration locked.
 * @throws WorkbenchError STORAGE_LOCKED when the file is open already, INVALID_INPUT when its path is not a file
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const file = options.file === undefined ? undefined : claimFile(options.file)
  const release = (): void => {
    if (file) openFiles.delete(file)
  }
  let instance: DuckDBInstance | undefined
  try {
    instance = file ? await openOrRebuild(file, options) : await DuckDBInstance.create(':memory:', configurationOf(options))
    const connection = await instance.connect()
    const pool = new FilePool()
    const callbacks = new CallbackErrors()
    await harden(connection, options, file)
    connection.registerTableFunction(
      createReadArrow({ pool, guard: createPathGuard(options), onError: (error) => callbacks.remember(error) })
    )
    return createDatabase({
      instance,
      keeper: connection,
      callbacks,
      onClosed: (corrupt) => {
        pool.closeAll()
        if (corrupt && file) removeDatabase(file)
        release()
      }
    })
  } catch (error) {
    instance?.closeSync()
    release()
    throw fromSystemError(error, 'opening the cache database')
  }
}

function claimFile(path: string): string {
  let file: string
  try {
    mkdirSync(dirname(path), { recursive: true })
    file = join(realpathSync(dirname(path)), basename(path))
    if (existsSync(file)) file = realpathSync(file)
    const stats = lstatSync(file, { throwIfNoEntry: false })
    if (stats && !stats.isFile()) throw new WorkbenchError('INVALID_INPUT', `${path} is not a file. Move it away, or choose another path.`)
  } catch (error) {
    throw fromSystemError(error, 'opening the cache database')
  }
  if (openFiles.has(file))
    throw new WorkbenchError(
      'STORAGE_LOCKED',
      `The database ${path} is open already in this process. Use the open one, or close it first.`,
      {
        details: { pid: process.pid }
      }
    )
  openFiles.add(file)
  return file
}

function configurationOf({ memoryLimit, threads, wideQueries }: DatabaseOptions): Record<string, string> {
  return {
    ...(memoryLimit && { memory_limit: memoryLimit }),
    ...(threads && { threads: String(threads) }),
    ...(wideQueries && { disabled_optimizers: 'common_subexpressions' }),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    allow_persistent_secrets: 'false'
  }
}

/** The file holds nothing that cannot be made again, so one that cannot be read makes way for a new one. */
async function openOrRebuild(file: string, options: DatabaseOptions): Promise<DuckDBInstance> {
  try {
    return await openAndProbe(file, options)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const holder = /PID (\d+)/.exec(message)?.[1]
    if (/could not set lock|conflicting lock|being used by another process/i.test(message))
      throw new WorkbenchError(
        'STORAGE_LOCKED',
        `Another process${holder ? ` (${holder})` : ''} has the database ${file} open. Close it there and try again.`,
        { cause: error, details: holder ? { pid: Number(holder) } : {} }
      )
    if (/no space left|disk.*full/i.test(message))
      throw new WorkbenchError(
        'DISK_FULL',
        'The disk of the workspace is full: its cache cannot be opened. Free some space and try again.',
        {
          cause: error
        }
      )
    if (/unrecognized configuration|failed to set config|memory limit|threads/i.test(message))
      throw new WorkbenchError(
        'INVALID_INPUT',
        `The database cannot be opened with these settings: ${message.split('\n')[0]}. Correct them.`,
        {
          cause: error
        }
      )
    removeDatabase(file)
    return openAndProbe(file, options)
  }
}

async function openAndProbe(file: string, options: DatabaseOptions): Promise<DuckDBInstance> {
  const instance = await DuckDBInstance.create(file, configurationOf(options))
  try {
    const connection = await instance.connect()
    await connection.run('SELECT count(*) FROM duckdb_columns()')
    connection.disconnectSync()
    return instance
  } catch (error) {
    instance.closeSync()
    throw error
  }
}

function removeDatabase(file: string): void {
  for (const path of [file, `${file}.wal`]) rmSync(path, { force: true })
}

/** The path as given and with its links followed, since DuckDB compares the latter. */
function spellings(path: string): string[] {
  try {
    return [...new Set([path, realpathSync(path)])]
  } catch {
    return [path]
  }
}

/** Allowed places first: they cannot be changed once external access is off, and nothing can be changed after the lock. */
async function harden(connection: DuckDBConnection, options: DatabaseOptions, file: string | undefined): Promise<void> {
  const directories = options.readDirectories.flatMap(spellings).map((path) => (path.endsWith(sep) ? path : path + sep))
  const files = (options.readFiles ?? []).flatMap(spellings)
  const temporary = options.temporaryDirectory ?? (file ? `${file}.tmp` : '')
  const list = (paths: string[]): string => `[${paths.map(quoteText).join(', ')}]`
  for (const statement of [
    `SET allowed_directories = ${list(directories)}`,
    `SET allowed_paths = ${list(files)}`,
    `SET temp_directory = ${quoteText(temporary)}`,
    "SET TimeZone = 'UTC'",
    'SET enable_external_access = false',
    'SET lock_configuration = true'
  ])
    await connection.run(statement)
}
