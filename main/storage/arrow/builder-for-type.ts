import { DuckDBBlobValue, DuckDBDecimalType, DuckDBEnumType, type DuckDBType, DuckDBTypeId } from '@duckdb/node-api'
import { WorkbenchError } from '../../model/errors'
import type { ArrowField, ArrowType } from './arrow-types'
import { BytesBuilder, type ColumnBuilder, DictionaryBuilder, FixedBuilder, NullBuilder } from './column-builders'
import { type FixedColumn, fixedColumns, wideColumn, wrongValue } from './fixed-columns'
import { nestedColumn } from './nested-columns'

const textType: ArrowType = { kind: 'utf8', layout: 'offset32' }

/** The builder for a result column; dictionary builders, however deep, are added to `dictionaries`. Errors: INVALID_INPUT for types Arrow files here do not hold. */
export function builderForType(name: string, type: DuckDBType, dictionary: boolean, dictionaries: DictionaryBuilder[]): ColumnBuilder {
  const field = (arrow: ArrowType): ArrowField => ({ name, nullable: true, type: arrow, children: [] })
  const dictionaryOf = (texts?: readonly string[]): ColumnBuilder => {
    const encoding = { id: dictionaries.length, index: { kind: 'int', bits: 32, signed: true }, ordered: false } as const
    const builder = new DictionaryBuilder({ ...field(textType), dictionary: encoding }, texts)
    dictionaries.push(builder)
    return builder
  }
  const text = (cells: boolean): ColumnBuilder => new BytesBuilder(field(textType), (value) => Buffer.from(String(value), 'utf8'), cells)

  const fixed = fixedColumnOf(type)
  if (fixed) return new FixedBuilder(field(fixed.arrow), fixed.width, fixed.encoder(name), fixed.form)
  switch (type.typeId) {
    case DuckDBTypeId.SQLNULL:
      return new NullBuilder(field({ kind: 'null' }))
    case DuckDBTypeId.VARCHAR:
      return dictionary ? dictionaryOf() : text(true)
    case DuckDBTypeId.UUID:
      return text(false)
    case DuckDBTypeId.BLOB:
      return new BytesBuilder(field({ kind: 'binary', layout: 'offset32' }), (value) => {
        if (!(value instanceof DuckDBBlobValue)) throw wrongValue(name, value)
        return value.bytes
      })
  }
  if (type instanceof DuckDBEnumType) return dictionaryOf(type.values)
  const nested = nestedColumn(name, type, (part, partType) => builderForType(part, partType, false, dictionaries))
  if (nested) return nested
  throw new WorkbenchError(
    'INVALID_INPUT',
    `Column "${name}" has the type ${type.toString()}, which an Arrow file here cannot hold. Cast it, for example to VARCHAR.`,
    { details: { column: name, type: type.toString() } }
  )
}

function fixedColumnOf(type: DuckDBType): FixedColumn | undefined {
  if (!(type instanceof DuckDBDecimalType)) return fixedColumns[type.typeId]
  const storedWidth = type.width <= 4 ? 2 : type.width <= 9 ? 4 : type.width <= 18 ? 8 : 16
  return wideColumn(type.width, type.scale, storedWidth)
}
