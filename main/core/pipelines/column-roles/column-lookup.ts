import type { ParseQuery } from './sql-tree'
import type { DeclaredColumn } from './table-facts'

/** Where the columns of datasets and the meaning of queries are looked up; no row is read. */
export interface ColumnLookup {
  /** The columns of "latest" or of (the beginning of) a SHA-256; undefined when there is no such version. */
  dataset(name: string, version: string): readonly DeclaredColumn[] | undefined
  parse: ParseQuery
}
