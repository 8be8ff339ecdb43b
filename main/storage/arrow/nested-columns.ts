import {
  DuckDBArrayType,
  DuckDBArrayValue,
  DuckDBListType,
  DuckDBListValue,
  DuckDBMapType,
  DuckDBMapValue,
  DuckDBStructType,
  DuckDBStructValue,
  type DuckDBType,
  type DuckDBValue
} from '@duckdb/node-api'
import type { ArrowField } from './arrow-types'
import { type ColumnBuilder, NestedBuilder } from './column-builders'
import { wrongValue } from './fixed-columns'

/** The builder for a part of a nested column. */
type PartBuilder = (name: string, type: DuckDBType) => ColumnBuilder

/** The builder for lists, arrays, structs and maps; undefined for any other type. */
export function nestedColumn(name: string, type: DuckDBType, partOf: PartBuilder): ColumnBuilder | undefined {
  if (type instanceof DuckDBListType)
    return listColumn(name, partOf('item', type.valueType), (value) => (value instanceof DuckDBListValue ? value.items : undefined))
  if (type instanceof DuckDBArrayType) return arrayColumn(name, partOf('item', type.valueType), type.length)
  if (type instanceof DuckDBStructType) {
    const names = [...type.entryNames]
    return structColumn(
      name,
      names,
      names.map((part, index) => partOf(part, type.entryTypes[index] as DuckDBType))
    )
  }
  if (type instanceof DuckDBMapType) return mapColumn(name, partOf('key', type.keyType), partOf('value', type.valueType))
  return undefined
}

function listColumn(name: string, items: ColumnBuilder, read: (value: DuckDBValue) => readonly DuckDBValue[] | undefined): ColumnBuilder {
  const field: ArrowField = { name, nullable: true, type: { kind: 'list', layout: 'offset32' }, children: [items.field] }
  return new NestedBuilder(field, [items], (value) => {
    if (value === null) return [[]]
    const held = read(value)
    if (held === undefined) throw wrongValue(name, value)
    return [[...held]]
  })
}

function arrayColumn(name: string, items: ColumnBuilder, length: number): ColumnBuilder {
  const absent: DuckDBValue[] = Array.from({ length }, () => null)
  const field: ArrowField = { name, nullable: true, type: { kind: 'fixed-list', size: length }, children: [items.field] }
  return new NestedBuilder(field, [items], (value) => {
    if (value === null) return [absent]
    if (value instanceof DuckDBArrayValue) return [[...value.items]]
    throw wrongValue(name, value)
  })
}

function structColumn(name: string, names: readonly string[], parts: ColumnBuilder[]): ColumnBuilder {
  const field: ArrowField = { name, nullable: true, type: { kind: 'struct' }, children: parts.map((part) => part.field) }
  return new NestedBuilder(field, parts, (value) => {
    if (value === null) return names.map(() => [null])
    if (value instanceof DuckDBStructValue) return names.map((part) => [value.entries[part] ?? null])
    throw wrongValue(name, value)
  })
}

/** A map is a list of pairs. */
function mapColumn(name: string, key: ColumnBuilder, held: ColumnBuilder): ColumnBuilder {
  return listColumn(name, structColumn('entries', ['key', 'value'], [key, held]), (value) =>
    value instanceof DuckDBMapValue ? value.entries.map((pair) => new DuckDBStructValue({ key: pair.key, value: pair.value })) : undefined
  )
}
