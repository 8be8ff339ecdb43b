import type { Database } from '../../../storage/duckdb/database'

/** A node of a query as DuckDB's own parser gives it; keys with default values are absent. */
export interface SqlTree {
  class?: string
  type?: string
  alias?: string
  [key: string]: unknown
}

/** Parses a query; undefined when it is not one SELECT, or cannot be parsed at all. */
export type ParseQuery = (sql: string) => Promise<SqlTree | undefined>

/** So many queries are remembered; a document has a handful, and each is asked for again with every change on the canvas. */
const REMEMBERED = 200

/** Parses with a database, which looks at the text only: no table is read, none has to be there. */
export function createQueryParser(database: Pick<Database, 'all'>): ParseQuery {
  const known = new Map<string, Promise<SqlTree | undefined>>()
  return (sql) => {
    const earlier = known.get(sql)
    if (earlier) return earlier
    const parsed = parse(database, sql)
    known.set(sql, parsed)
    // What failed may succeed the next time: the database was closed, or the call was interrupted.
    parsed.catch(() => known.delete(sql))
    if (known.size > REMEMBERED) known.delete(known.keys().next().value!)
    return parsed
  }
}

async function parse(database: Pick<Database, 'all'>, sql: string): Promise<SqlTree | undefined> {
  const [{ tree }] = await database.all<{ tree: string }>(
    `SELECT CAST(json_serialize_sql(CAST($1 AS VARCHAR), skip_null := true, skip_empty := true, skip_default := true) AS VARCHAR) AS tree`,
    [sql]
  )
  const { statements } = JSON.parse(tree) as { statements?: { node: SqlTree }[] }
  return statements?.length === 1 ? statements[0].node : undefined
}
