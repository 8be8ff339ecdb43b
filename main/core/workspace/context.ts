import type { Topic } from '../../model/topics'
import type { Database } from '../../storage/duckdb/database'
import type { Ledger } from '../../storage/ledger/ledger'
import type { ContentStore } from '../../storage/objects/content-store'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** What every feature of an open workspace is built from; tests make one over a temporary folder. */
export interface WorkspaceContext {
  /** Absolute path of the workspace folder. */
  readonly directory: string
  readonly ledger: Ledger
  readonly objects: ContentStore
  /** The one DuckDB instance of this process, over the disposable cache file. */
  readonly duckdb: Database
  clock(): Date
  /** A fresh UUID. */
  newId(): string
  /** Tells every window which cached queries are stale. */
  changed(...topics: Topic[]): void
  log(level: LogLevel, message: string, fields?: Record<string, unknown>): void
}
