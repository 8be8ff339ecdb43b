/** A table's name in SQL, with the shape of its rows for the compiler. */
export type Table<R extends object> = string & { readonly row?: R }

/** A row to add: what may be null may be left out. */
export type NewRow<R> = { [K in keyof R as null extends R[K] ? never : K]: R[K] } & {
  [K in keyof R as null extends R[K] ? K : never]?: R[K]
}

export interface ViewColumn {
  name: string
  /** In DuckDB. */
  type: 'VARCHAR' | 'VARCHAR[]' | 'BIGINT' | 'DOUBLE' | 'BOOLEAN' | 'TIMESTAMP'
  description: string
  /** SQLite expression. */
  from: string
}

/** Facts of one feature for the others and for SQL (`ledger.<name>`): what stands in its tables, under names that stay. */
export interface PublishedView {
  name: string
  description: string
  columns: ViewColumn[]
  /** SQLite FROM clause. */
  from: string
  /** Columns that put the rows in a total order. */
  order: string
}

/** A column that names files of the workspace by their SHA-256; where it is null, there is none. */
export interface ContentColumn {
  table: string
  column: string
  /** `objects` or `data`, the folder of the file; or a SQLite expression over the row that says which. */
  kept: string
  /** What such a file is, for people. */
  what: string
  /** Lost, it is made again when it is needed. */
  isRemade?: true
}

/** What one feature keeps in the ledger. */
export interface FeatureTables {
  /** Where its part stands in a format. It may refer to the tables of lower places; no two features have the same. */
  readonly place: number
  /** Its part of each format of the ledger, by version. Never changed after a release: the checksum of the whole is stored. */
  migrations: Readonly<Record<number, string>>
  published: readonly PublishedView[]
  /** Which columns name files of the workspace. */
  content?: readonly ContentColumn[]
}

type ColumnSpec = [name: string, type: ViewColumn['type'], description: string, from?: string]

/** Publishes what `from` holds; a column without an expression is the one of the same name. */
export const publish = (name: string, from: string, order: string, description: string, columns: ColumnSpec[]): PublishedView => ({
  name,
  from,
  order,
  description,
  columns: columns.map(([column, type, text, source]) => ({ name: column, type, description: text, from: source ?? column }))
})

/** Seconds between two ISO times, to the millisecond. */
export const secondsBetween = (start: string, end: string): string => `round((julianday(${end}) - julianday(${start})) * 86400, 3)`

export const selectOf = ({ columns, from }: PublishedView): string =>
  `SELECT ${columns.map((column) => `${column.from} AS ${column.name}`).join(', ')} FROM ${from}`

/** `INSERT INTO t(a, b) VALUES(?, ?)`, and what stands for the marks. */
export function insertOf(table: string, row: object, otherwise: '' | 'OR REPLACE' | 'OR IGNORE'): { sql: string; values: unknown[] } {
  const entries = Object.entries(row).filter(([, value]) => value !== undefined)
  const columns = entries.map(([name]) => name).join(', ')
  return {
    sql: `INSERT ${otherwise} INTO ${table}(${columns}) VALUES(${entries.map(() => '?').join(', ')})`,
    values: entries.map(([, value]) => value)
  }
}

/** The same for many rows in one statement, whose only mark is for all of them as JSON; they have the columns of the first. */
export function insertAllOf(table: string, first: object): string {
  const columns = Object.keys(first)
  return `INSERT INTO ${table}(${columns.join(', ')}) SELECT ${columns.map((name) => `value ->> '$.${name}'`).join(', ')} FROM json_each(?)`
}
