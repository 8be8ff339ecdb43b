import type { ColumnKind, Notice } from '../../model/dataset'
import type { ResultColumn } from '../../storage/duckdb/database'
import { uniqueColumnNames } from './column-names'

/** How a column of Parquet or Arrow becomes one that every part of the workbench can read. */
export interface PlainColumn {
  name: string
  sql: string
}

/** Kind of a storage type. */
export function kindOf(type: string): ColumnKind {
  const t = type.toUpperCase()
  if (t.endsWith(']')) return 'other'
  if (t === 'BOOLEAN') return 'boolean'
  if (/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(t)) return 'integer'
  if (/^(FLOAT|DOUBLE|REAL|DECIMAL)/.test(t)) return 'number'
  if (t === 'DATE') return 'date'
  if (t.startsWith('TIMESTAMP')) return 'timestamp'
  if (t.startsWith('TIME')) return 'time'
  if (t === 'VARCHAR' || t.startsWith('ENUM')) return 'text'
  return 'other'
}

/**
 * Plain SQL for the columns `c0`, `c1`, ... of a columnar file: zoned times become UTC, nested values JSON text, binary hex, and
 * types without an everyday counterpart text. Each conversion that changes how a value looks is reported.
 */
export function plainColumns(columns: readonly ResultColumn[]): { columns: PlainColumn[]; notices: Notice[] } {
  const { names, notices } = uniqueColumnNames(columns.map((c) => c.name))
  const plain = columns.map((c, i): PlainColumn => {
    const { sql, note } = conversion(`c${i}`, c.type.toUpperCase())
    if (note)
      notices.push({
        severity: 'info',
        title: 'Column converted',
        detail: `"${names[i]}" (${c.type}) ${note}`,
        column: names[i],
        line: null
      })
    return { name: names[i], sql }
  })
  return { columns: plain, notices }
}

function conversion(column: string, type: string): { sql: string; note?: string } {
  if (type.endsWith(']') || /^(STRUCT|MAP|UNION|LIST|VARIANT)/.test(type))
    return { sql: `CASE WHEN ${column} IS NOT NULL THEN to_json(${column})::VARCHAR END`, note: 'holds nested values, kept as JSON text.' }
  if (type === 'TIMESTAMP WITH TIME ZONE') return { sql: `timezone('UTC', ${column})`, note: 'has a time zone; the times are kept in UTC.' }
  if (/^TIMESTAMP(_S|_MS|_NS)$/.test(type)) return { sql: `${column}::TIMESTAMP` }
  if (type === 'BLOB' || type === 'GEOMETRY') return { sql: `lower(hex(${column}))`, note: 'is binary, kept as hexadecimal text.' }
  if (type.startsWith('ENUM')) return { sql: `${column}::VARCHAR` }
  if (type === 'TIME_NS') return { sql: `${column}::TIME` }
  if (/^U?(TINY|SMALL|BIG)?INT(EGER)?$/.test(type) || /^(BOOLEAN|FLOAT|DOUBLE|DECIMAL.*|DATE|TIME|TIMESTAMP|VARCHAR)$/.test(type))
    return { sql: column }
  if (type === '"NULL"' || type === 'NULL') return { sql: `${column}::VARCHAR`, note: 'has no value in any row.' }
  return { sql: `${column}::VARCHAR`, note: 'has no everyday counterpart and is kept as text.' }
}
