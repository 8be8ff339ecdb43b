import {
  ARRAY,
  BIGINT,
  BLOB,
  BOOLEAN,
  DATE,
  DECIMAL,
  DOUBLE,
  type DuckDBType,
  FLOAT,
  INTEGER,
  LIST,
  SMALLINT,
  SQLNULL,
  STRUCT,
  TIME,
  TIME_NS,
  TIMESTAMP,
  TIMESTAMP_MS,
  TIMESTAMP_NS,
  TIMESTAMP_S,
  TIMESTAMPTZ,
  TINYINT,
  UBIGINT,
  UINTEGER,
  USMALLINT,
  UTINYINT,
  VARCHAR
} from '@duckdb/node-api'
import { type ArrowField, arrowTypeName, type IntegerType, unsupportedColumn } from './arrow-types'

function integerType({ bits, signed }: IntegerType): DuckDBType {
  if (bits === 8) return signed ? TINYINT : UTINYINT
  if (bits === 16) return signed ? SMALLINT : USMALLINT
  if (bits === 32) return signed ? INTEGER : UINTEGER
  return signed ? BIGINT : UBIGINT
}

/**
 * The DuckDB type a field is read as: half floats as FLOAT, timestamps with a zone as TIMESTAMPTZ, durations as whole numbers of their unit,
 * dictionaries and runs as their value type, maps as a list of key and value.
 * @throws WorkbenchError INVALID_INPUT naming column and type
 */
export function duckTypeOf(field: ArrowField, column = field.name): DuckDBType {
  const { type, children } = field
  const refuse = (why?: string): never => {
    throw unsupportedColumn(column, arrowTypeName(field), why)
  }
  const inner = (): DuckDBType => {
    const [child] = children
    if (!child || children.length !== 1) return refuse('a list needs exactly one item type')
    return duckTypeOf(child, `${column}.${child.name}`)
  }
  switch (type.kind) {
    case 'null':
      return SQLNULL
    case 'bool':
      return BOOLEAN
    case 'int':
      return integerType(type)
    case 'float':
      return type.bits === 64 ? DOUBLE : FLOAT
    case 'decimal':
      if (type.precision < 1 || type.precision > 38) return refuse('at most 38 digits')
      if (type.scale < 0 || type.scale > type.precision) return refuse('the scale must be between 0 and the precision')
      return DECIMAL(type.precision, type.scale)
    case 'date':
      return DATE
    case 'duration':
      return BIGINT
    case 'time':
      return type.unit === 'ns' ? TIME_NS : TIME
    case 'timestamp':
      if (type.zone) return TIMESTAMPTZ
      return { s: TIMESTAMP_S, ms: TIMESTAMP_MS, us: TIMESTAMP, ns: TIMESTAMP_NS }[type.unit]
    case 'utf8':
      return VARCHAR
    case 'binary':
    case 'fixed-binary':
      return BLOB
    case 'list':
    case 'list-view':
    case 'map':
      return LIST(inner())
    case 'fixed-list':
      if (type.size < 1 || type.size > 100_000) return refuse('the size must be between 1 and 100,000')
      return ARRAY(inner(), type.size)
    case 'struct': {
      if (children.length === 0) return refuse('it has no parts')
      const entries: Record<string, DuckDBType> = Object.create(null) as Record<string, DuckDBType>
      const seen = new Set<string>()
      for (const child of children) {
        const key = child.name.toLowerCase()
        if (key === '' || key.includes('\0') || seen.has(key))
          return refuse(`its part names must be given and differ, "${child.name}" does not`)
        seen.add(key)
        entries[child.name] = duckTypeOf(child, `${column}.${child.name}`)
      }
      return STRUCT(entries)
    }
    case 'run-end-encoded': {
      const [ends, values] = children
      if (!values || children.length !== 2 || ends?.type.kind !== 'int' || ends.type.bits === 8 || !ends.type.signed || ends.dictionary)
        return refuse('it needs ends and values of runs')
      return duckTypeOf(values, column)
    }
    case 'interval':
      return refuse('a span of months or days has no one length')
    case 'union':
      return refuse('its values are of several types')
    default:
      return refuse()
  }
}
