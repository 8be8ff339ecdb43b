/** A query as DuckDB takes it: without the semicolon at its end. */
export const queryText = (query: string): string => query.trim().replace(/;\s*$/, '')
