import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { WorkbenchError } from '../../../model/errors'
import { toJsonValue } from '../../duckdb/json-values'
import type { JsonValue } from '../../duckdb/database'
import { createPathGuard, FilePool } from '../file-handles'
import { createReadArrow } from '../table-function'

/** A DuckDB with both ways of scanning: `read_arrow` in bulk and `read_arrow_plain` value by value. */
export interface ScanHarness {
  folder: string
  connection: DuckDBConnection
  rows(sql: string): Promise<JsonValue[][]>
  /** The rows both scans agree on, or the error both give. */
  scan(path: string): Promise<{ rows: JsonValue[][] } | { error: string }>
  close(): void
}

export async function createScanHarness(): Promise<ScanHarness> {
  const folder = mkdtempSync(join(tmpdir(), 'arrow-scan-'))
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  await connection.run("SET TimeZone = 'UTC'")
  const pool = new FilePool(4)
  const guard = createPathGuard({ readDirectories: [folder] })
  let last: WorkbenchError | undefined
  for (const [name, plain] of [
    ['read_arrow', false],
    ['read_arrow_plain', true]
  ] as const)
    connection.registerTableFunction(
      createReadArrow({
        name,
        plain,
        pool,
        guard,
        onError: (error) => {
          last = error
        }
      })
    )
  const rows = async (sql: string): Promise<JsonValue[][]> => {
    const result = await connection.run(sql)
    return (await result.getRows()).map((row) => row.map(toJsonValue))
  }
  const attempt = async (name: string, path: string): Promise<{ rows: JsonValue[][] } | { error: string }> => {
    last = undefined
    try {
      return { rows: await rows(`SELECT * FROM ${name}('${path}')`) }
    } catch (error) {
      const known = last as WorkbenchError | undefined
      // DuckDB itself may refuse a value (a date out of its range); then both scans have to hand it over alike
      return { error: known ? `${known.code} ${known.message}` : `duckdb ${error instanceof Error ? error.message : String(error)}` }
    }
  }
  return {
    folder,
    connection,
    rows,
    scan: async (path) => {
      const bulk = await attempt('read_arrow', path)
      const plain = await attempt('read_arrow_plain', path)
      if (JSON.stringify(bulk) !== JSON.stringify(plain) && 'rows' in bulk !== 'rows' in plain)
        throw new Error(`the scans differ: ${JSON.stringify(bulk).slice(0, 300)} | ${JSON.stringify(plain).slice(0, 300)}`)
      if ('rows' in bulk && 'rows' in plain && JSON.stringify(bulk.rows) !== JSON.stringify(plain.rows))
        throw new Error(`the scans read different values from ${path}`)
      return bulk
    },
    close: () => {
      connection.disconnectSync()
      instance.closeSync()
      pool.closeAll()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
