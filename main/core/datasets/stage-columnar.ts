import type { ColumnKind, Notice } from '../../model/dataset'
import type { ForeignColumn } from './columnar-schema'

/** How a staged column of Parquet or Arrow becomes one that every part of the workbench can read. */
export interface PlainColumn {
  /** The value; `c` is the staged column. */
  sql: string
  /** A conversion that takes time and every value: it is left to the export. */
  isCostly?: boolean
  /** Where the value has fewer digits than the file: which rows those are. */
  cutSql?: string
  /** And its text with all of them; by default that of the staged column. */
  textSql?: string
  /** Of a length of time. */
  unit?: string
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
 * Plain SQL for a staged column `column` of the engine's type `type`: zoned times become UTC, lengths of time whole numbers of their unit,
 * nested values JSON text, binary hex, and types without an everyday counterpart text. A conversion that changes how a value looks is told.
 */
export function plainColumn(
  column: string,
  name: string,
  type: string,
  foreign: ForeignColumn | undefined
): { plain: PlainColumn; notices: Notice[] } {
  const { note, ...plain } = conversion(column, type.toUpperCase(), foreign)
  const notes = [
    ...(note ? [`(${type}) ${note}`] : []),
    ...(foreign?.isCut ? ['is written in nanoseconds and read to the microsecond: finer digits, if it has any, are cut off.'] : [])
  ]
  const notices = notes.map((text): Notice => ({
    severity: 'info',
    title: 'Column converted',
    detail: `"${name}" ${text}`,
    column: name,
    line: null
  }))
  return { plain, notices }
}

/** 96 bits, lowest first: nanoseconds of the day, then the day by the Julian calendar. */
function oldTime(column: string): PlainColumn {
  const hex = `hex(${column})`
  const number = (from: number, bytes: number): string =>
    `('0x' || ${Array.from({ length: bytes }, (_, i) => `substr(${hex}, ${2 * (from + bytes - i) - 1}, 2)`).join(' || ')})::BIGINT`
  const nanoseconds = number(0, 8)
  const sql = `make_timestamp((${number(8, 4)} - 2440588) * 86400000000 + ${nanoseconds} // 1000)`
  const text = `strftime(${sql}, '%Y-%m-%d %H:%M:%S.') || lpad((${nanoseconds} % 1000000000)::VARCHAR, 9, '0')`
  return { sql, isCostly: true, cutSql: `${nanoseconds} % 1000 <> 0`, textSql: text }
}

function conversion(column: string, type: string, foreign: ForeignColumn | undefined): PlainColumn & { note?: string } {
  if (type.endsWith(']') || /^(STRUCT|MAP|UNION|LIST|VARIANT)/.test(type)) {
    const lengths = foreign && /duration\[/.test(foreign.type) ? `; lengths of time are whole numbers, as in ${foreign.type}` : ''
    return {
      sql: `CASE WHEN ${column} IS NOT NULL THEN to_json(${column})::VARCHAR END`,
      isCostly: true,
      note: `holds nested values, kept as JSON text${lengths}.`
    }
  }
  if (foreign?.unit)
    return { sql: column, unit: foreign.unit, note: `is a length of time (${foreign.type}), kept as a whole number of ${foreign.unit}.` }
  const zoned = 'has a time zone; the times are kept in UTC.'
  if (type === 'TIMESTAMP WITH TIME ZONE') return { sql: `timezone('UTC', ${column})`, note: zoned }
  if (foreign?.nanoseconds === 'int96' && type === 'BLOB') return oldTime(column)
  if (foreign?.nanoseconds === 'time' && type === 'TIMESTAMP_NS') {
    const text = `substr(${column}::VARCHAR, 12)`
    return { sql: `left(${text}, 15)::TIME`, cutSql: `epoch_ns(${column}) % 1000 <> 0`, textSql: text }
  }
  if (type === 'TIMESTAMP_NS') {
    const rest = `(epoch_ns(${column}) % 1000)`
    return {
      // the cast rounds towards 1970
      sql: `${column}::TIMESTAMP - to_microseconds(CASE WHEN isfinite(${column}) AND ${rest} < 0 THEN 1 ELSE 0 END)`,
      cutSql: `isfinite(${column}) AND ${rest} <> 0`,
      note: foreign?.isZoned ? zoned : undefined
    }
  }
  if (/^TIMESTAMP(_S|_MS)$/.test(type)) return { sql: `${column}::TIMESTAMP` }
  if (type === 'BLOB' || type === 'GEOMETRY')
    return { sql: `lower(hex(${column}))`, isCostly: true, note: 'is binary, kept as hexadecimal text.' }
  if (type.startsWith('ENUM')) return { sql: `${column}::VARCHAR` }
  // its own cast rounds, up to 24:00:00
  if (type === 'TIME_NS') return { sql: `left(${column}::VARCHAR, 15)::TIME`, cutSql: `epoch_ns(${column}) % 1000 <> 0` }
  if (/^U?(TINY|SMALL|BIG)?INT(EGER)?$/.test(type) || /^(BOOLEAN|FLOAT|DOUBLE|DECIMAL.*|DATE|TIME|TIMESTAMP|VARCHAR)$/.test(type))
    return { sql: column }
  if (type === '"NULL"' || type === 'NULL') return { sql: `${column}::VARCHAR`, note: 'has no value in any row.' }
  return { sql: `${column}::VARCHAR`, note: 'has no everyday counterpart and is kept as text.' }
}
