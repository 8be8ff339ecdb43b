/** What DuckDB returns, as plain JSON: safe to send over any wire. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue }

export interface ResultColumn {
  name: string
  /** DuckDB type name, such as `BIGINT` or `DECIMAL(18,3)`. */
  type: string
}

export interface QueryResult {
  columns: ResultColumn[]
  rows: JsonValue[][]
  /** True when `limit` cut the result short. */
  truncated: boolean
}

export interface QueryOptions {
  signal?: AbortSignal
}

export interface ExportOptions extends QueryOptions {
  /** Called with the rows written so far. */
  onProgress?: (rows: number) => void
  /** VARCHAR columns to be written dictionary-encoded. ENUM columns always are. */
  dictionaryColumns?: string[]
}

/**
 * One DuckDB instance with `read_arrow('path')`. Calls may overlap: each runs on a connection of its own (at most three at a time, the rest
 * wait in order), so temporary tables and open transactions do not outlive the call that made them.
 */
export interface Database {
  /**
   * One statement, its rows JSON-safe: bigint beyond 2^53 as string, decimals as number or, where no number is the same to the last
   * digit, as string, timestamps ISO UTC, blobs as hex, and NaN or infinities as the strings 'NaN', 'Infinity', '-Infinity'. Refuses statements that touch files or settings (COPY, ATTACH, SET, ...).
   * @throws WorkbenchError INVALID_INPUT (DuckDB's message with line and column), CANCELLED
   */
  query(sql: string, parameters?: JsonValue[], options?: QueryOptions & { limit?: number }): Promise<QueryResult>
  /** As `query`, without a limit, rows as objects keyed by column name. */
  all<T = Record<string, JsonValue>>(sql: string, parameters?: JsonValue[], options?: QueryOptions): Promise<T[]>
  /**
   * One statement whose columns are all DOUBLE, each column in an array of its own; NULL is NaN.
   * @throws WorkbenchError INVALID_INPUT (another type too), CANCELLED
   */
  numbers(sql: string, options?: QueryOptions): Promise<Float64Array[]>
  /**
   * Runs one or several statements for their effect. Parameters go to the last one. An open transaction is rolled back at the end. Besides
   * what `query` takes, transactions are allowed; files and settings stay out of reach.
   */
  run(sql: string, parameters?: JsonValue[], options?: QueryOptions): Promise<void>
  /** Columns of a query, without running it. */
  describe(sql: string): Promise<ResultColumn[]>
  /** Writes the result as an uncompressed Arrow IPC file of several record batches: temporary file, fsync, rename. Sizes in bytes. */
  exportArrow(sql: string, path: string, options?: ExportOptions): Promise<{ rows: number; bytes: number; columns: ResultColumn[] }>
  /** Interrupts what still runs, waits for it, then closes. Never hangs in the middle of a scan; may be called twice. */
  close(): Promise<void>
}

export interface DatabaseOptions {
  /** Database file; in memory when absent. The file is disposable: an unreadable one is deleted and made anew. */
  file?: string
  /** Folders whose files SQL may read (read_arrow, read_csv, read_parquet). Nothing else is reachable. */
  readDirectories: string[]
  readFiles?: string[]
  /** DuckDB notation, such as `1GB`. */
  memoryLimit?: string
  threads?: number
  temporaryDirectory?: string
  /**
   * For queries with thousands of expressions over thousands of columns: leaves out the search for common subexpressions, whose time grows
   * with the square of their number (5,000 columns: a minute).
   */
  wideQueries?: boolean
}
