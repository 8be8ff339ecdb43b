import { realpathSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { fromSystemError, WorkbenchError } from '../../model/errors'
import { quoteText } from '../../model/sql-quoting'
import { createPathGuard, FilePool } from '../arrow/file-handles'
import { createReadArrow } from '../arrow/table-function'
import { renameDurably } from '../objects/durable-files'
import { CallbackErrors, toSqlError } from './sql-errors'

export interface WriteTableOptions {
  /** Folders whose Arrow files the query may read by `read_arrow`. */
  readDirectories: string[]
  /** Where the engine may put what does not fit in memory. */
  temporaryDirectory: string
  signal?: AbortSignal
}

const copyOptions = {
  csv: 'FORMAT csv, HEADER true',
  parquet: 'FORMAT parquet, COMPRESSION zstd',
  jsonl: 'FORMAT json, ARRAY false'
} as const
const memoryLimit = '1GB'
const interruptEvery = 20

/**
 * Writes the rows of one query as CSV, Parquet or JSON lines, in their order. The file stands beside its place until it is whole.
 * @throws WorkbenchError CANCELLED, DISK_FULL, FORBIDDEN, INVALID_INPUT
 */
export async function writeTable(query: string, path: string, format: keyof typeof copyOptions, options: WriteTableOptions): Promise<void> {
  const { signal, readDirectories, temporaryDirectory } = options
  const beside = join(realpathSync(dirname(path)), `${basename(path)}.${process.pid}.${Math.random().toString(36).slice(2)}.tmp`)
  const callbacks = new CallbackErrors()
  const pool = new FilePool()
  let repeat: ReturnType<typeof setInterval> | undefined
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: memoryLimit, threads: '1' })
  try {
    const connection = await instance.connect()
    const stop = (): void => {
      connection.interrupt()
      repeat ??= setInterval(() => connection.interrupt(), interruptEvery)
    }
    connection.registerTableFunction(
      createReadArrow({ pool, guard: createPathGuard({ readDirectories }), onError: (error) => callbacks.remember(error) })
    )
    for (const statement of [
      `SET allowed_paths = [${quoteText(beside)}]`,
      `SET allowed_directories = []`,
      `SET temp_directory = ${quoteText(temporaryDirectory)}`,
      "SET TimeZone = 'UTC'",
      'SET enable_external_access = false',
      'SET lock_configuration = true'
    ])
      await connection.run(statement)
    if (signal?.aborted) throw cancelled()
    signal?.addEventListener('abort', stop, { once: true })
    try {
      await connection.run(`COPY (${query}) TO ${quoteText(beside)} (${copyOptions[format]})`)
    } catch (error) {
      throw signal?.aborted ? cancelled() : toSqlError(error, callbacks)
    } finally {
      signal?.removeEventListener('abort', stop)
      clearInterval(repeat)
      connection.disconnectSync()
    }
    if (signal?.aborted) throw cancelled()
    await renameDurably(beside, path)
  } catch (error) {
    throw fromSystemError(error, `writing ${path}`)
  } finally {
    instance.closeSync()
    pool.closeAll()
    await rm(beside, { force: true })
  }
}

const cancelled = (): WorkbenchError => new WorkbenchError('CANCELLED', 'Writing the table was cancelled. Nothing was kept.')
