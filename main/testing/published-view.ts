import { expect } from 'vitest'
import { selectOf, type PublishedView, type ViewColumn } from '../storage/ledger/feature-tables'
import type { Ledger } from '../storage/ledger/ledger'

/** What SQLite holds for a type of DuckDB. */
const fits: Record<ViewColumn['type'], (value: unknown) => boolean> = {
  VARCHAR: (value) => typeof value === 'string',
  'VARCHAR[]': (value) => Array.isArray(JSON.parse(String(value))),
  BIGINT: Number.isInteger,
  DOUBLE: (value) => typeof value === 'number',
  BOOLEAN: (value) => value === 0 || value === 1,
  TIMESTAMP: (value) => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(String(value))
}

/** The rows that a feature publishes for others and for SQL, in their order. Fails where a value is not of its column's type, or a word is missing. */
export function publishedRows(ledger: Ledger, view: PublishedView): Record<string, unknown>[] {
  const rows = ledger.all<Record<string, unknown>>(`${selectOf(view)} ORDER BY ${view.order}`)
  expect(view.description).toMatch(/\w/)
  for (const { name, type, description } of view.columns) {
    expect(description, name).toMatch(/\w/)
    for (const row of rows) expect(row[name] === null || fits[type](row[name]), `${name} as ${type}`).toBe(true)
  }
  return rows
}
