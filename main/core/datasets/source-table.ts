import type { Dialect, ImportRule, ImportType, Notice, SourceFormat, WorkProgress } from '../../model/dataset'
import type { Database, openDatabase } from '../../storage/duckdb/database'
import type { BadRowCollector } from './bad-rows'
import type { CheckedColumn } from './misfits'
import type { Sha256 } from '../../model/reference'

export const defaultDialect: Omit<Dialect, 'encoding'> = { delimiter: ',', quote: '"', header: true, decimal: '.', skipLines: 0 }

export interface ReadOptions {
  signal?: AbortSignal
  onProgress?: (progress: WorkProgress) => void
  /** For a preview: read only so many bytes of a text file (rows of a columnar one are limited too). */
  head?: number
  /** Where the import's database comes from; replaced by tests that inject faults. */
  openDatabase?: typeof openDatabase
}

export interface ImportSession {
  db: Database
  /** The import's own temporary folder. */
  directory: string
  /** The only folder that its SQL can read. */
  input: string
  fileName: string
  size: number
  options: ReadOptions
}

/** A source file as a table `staged` in the session's database. */
export interface SourceTable {
  format: Exclude<SourceFormat, 'derived'>
  dialect: Dialect | null
  nullTokens: string[]
  /** Of the original bytes. */
  sha256: Sha256
  size: number
  columns: (CheckedColumn & { sql: string; importType: ImportType | null; missing: number; unit?: string })[]
  /** 1-based line in the file of a row id of `staged`; rows of a columnar file count as lines. */
  lineOf(rowId: number): number
  rules: ImportRule[]
  offers: ImportRule[]
  badRows: BadRowCollector
  inspectedRows: number
  /** All records of the file that were looked at, refused ones included. */
  records: number
  complete: boolean
  rowEstimate: number
  notices: Notice[]
}
