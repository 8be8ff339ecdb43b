import type { Database, DatabaseOptions } from './database'
import { DuckDBInstance } from '@duckdb/node-api'
import { WorkbenchError } from '../../model/errors'

/** Opens a hardened DuckDB instance. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const instance = await DuckDBInstance.create(options.file ?? ':memory:')
  instance.closeSync()
  throw new WorkbenchError('INTERNAL', 'The database is not built yet. Use a newer build.')
}
