import {
  type ArrowField,
  type ArrowType,
  type BytesLayout,
  corruptArrow,
  foreignArrow,
  type IntegerType,
  type TimeUnit
} from './arrow-types'
import { FlatTable, readSafeInt64 } from './flatbuffer'
import { WorkbenchError } from '../../model/errors'

/** One message block of a file, byte positions from the start of the file. */
export interface Block {
  offset: number
  metadataLength: number
  bodyLength: number
}

export interface BatchMetadata {
  rows: number
  /** length and null count of each node, in pairs */
  nodes: Float64Array
  /** offset in the body and length of each buffer, in pairs */
  buffers: Float64Array
  variadicCounts: number[]
  compression?: 'lz4' | 'zstd' | 'unknown'
  /** Metadata version 4: unions have a validity bitmap. */
  isOld: boolean
}

export type Message =
  | { kind: 'schema'; fields: ArrowField[]; bodyLength: number }
  | { kind: 'batch'; batch: BatchMetadata; bodyLength: number }
  | { kind: 'dictionary'; id: number; isDelta: boolean; batch: BatchMetadata; bodyLength: number }

const maximumFields = 20_000
const maximumDepth = 32
/** One message or footer larger than this is a lie: 20,000 fields take a few MB, ten million batches 240 MB. Bytes. */
const maximumMetadata = 256 * 1024 * 1024
const units: readonly TimeUnit[] = ['s', 'ms', 'us', 'ns']
const intervals = ['month', 'day-time', 'month-day-nano'] as const
const rewrite = 'Write it again as an Arrow IPC file (Feather version 2) with a current version of the software that made it.'

/** Runs a parser over metadata and reports any out-of-bounds read as a damaged file. */
function parsing<T>(what: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    if (error instanceof WorkbenchError) throw error
    throw corruptArrow(`${what} cannot be read (${error instanceof Error ? error.message : String(error)})`)
  }
}

/** Refuses a claimed size before memory is taken for it. */
export function assertMetadataSize(bytes: number): void {
  if (bytes > maximumMetadata) throw corruptArrow(`it claims ${bytes} bytes of metadata in one piece`)
}

/** Decodes an encapsulated message (Arrow columnar format, "Encapsulated message format"), without its length prefix. */
export function parseMessage(bytes: Uint8Array): Message {
  return parsing('the metadata of a message', () => {
    const table = FlatTable.root(bytes)
    const version = table.int16(0)
    if (version < 0) throw corruptArrow(`it claims metadata version ${version + 1}`)
    if (version < 3) throw foreignArrow(`of metadata version ${version + 1}, of before Arrow 0.8`, rewrite)
    const isOld = version < 4
    const kind = table.uint8(1)
    const header = table.table(2)
    const bodyLength = table.int64(3)
    if (bodyLength < 0) throw corruptArrow('a message has a negative body length')
    if (!header) throw corruptArrow('a message has no header')
    if (kind === 1) return { kind: 'schema', fields: parseSchema(header, bytes.byteLength), bodyLength }
    if (kind === 3) return { kind: 'batch', batch: parseBatch(header, isOld), bodyLength }
    if (kind === 2) {
      const data = header.table(1)
      if (!data) throw corruptArrow('a dictionary message has no values')
      return { kind: 'dictionary', id: header.int64(0), isDelta: header.uint8(2) !== 0, batch: parseBatch(data, isOld), bodyLength }
    }
    throw corruptArrow(`a message is of the unknown kind ${kind}`)
  })
}

/** Decodes the footer of an IPC file. */
export function parseFooter(bytes: Uint8Array): { fields: ArrowField[]; dictionaries: Block[]; batches: Block[] } {
  return parsing('the footer', () => {
    const table = FlatTable.root(bytes)
    const schema = table.table(1)
    if (!schema) throw corruptArrow('the footer has no schema')
    return { fields: parseSchema(schema, bytes.byteLength), dictionaries: parseBlocks(table, 2), batches: parseBlocks(table, 3) }
  })
}

function parseBlocks(footer: FlatTable, slot: number): Block[] {
  const vector = footer.vector(slot, 24)
  const blocks: Block[] = []
  if (!vector) return blocks
  for (let index = 0; index < vector.length; index++) {
    const at = vector.start + index * 24
    blocks.push({
      offset: readSafeInt64(vector.view, at),
      metadataLength: vector.view.getInt32(at + 8, true),
      bodyLength: readSafeInt64(vector.view, at + 16)
    })
  }
  return blocks
}

function parseBatch(table: FlatTable, isOld: boolean): BatchMetadata {
  const rows = table.int64(0)
  if (rows < 0) throw corruptArrow('a batch has a negative row count')
  const compression = table.table(3)
  const codec = compression?.uint8(0)
  const variadic = table.vector(4, 8)
  const variadicCounts: number[] = []
  if (variadic)
    for (let index = 0; index < variadic.length; index++) variadicCounts.push(readSafeInt64(variadic.view, variadic.start + index * 8))
  return {
    rows,
    nodes: readPairs(table, 1),
    buffers: readPairs(table, 2),
    variadicCounts,
    compression: codec === undefined ? undefined : codec === 0 ? 'lz4' : codec === 1 ? 'zstd' : 'unknown',
    isOld
  }
}

function readPairs(table: FlatTable, slot: number): Float64Array {
  const vector = table.vector(slot, 16)
  const pairs = new Float64Array((vector?.length ?? 0) * 2)
  if (vector) for (let index = 0; index < pairs.length; index++) pairs[index] = readSafeInt64(vector.view, vector.start + index * 8)
  return pairs
}

/** What a schema may still use up: fields may share one table and one name, so that a small file could describe a huge schema. */
interface SchemaBudget {
  fields: number
  /** Bytes of names. */
  text: number
}

function parseSchema(table: FlatTable, size: number): ArrowField[] {
  const order = table.int16(0)
  if (order === 1)
    throw foreignArrow(
      'big-endian: a machine of the other byte order wrote it',
      'Write it again on a little-endian machine, such as any PC.'
    )
  if (order !== 0) throw corruptArrow(`it claims the byte order ${order}`)
  const budget: SchemaBudget = { fields: maximumFields, text: size }
  return table.tables(1).map((field) => parseField(field, 0, budget))
}

function parseField(table: FlatTable, depth: number, budget: SchemaBudget): ArrowField {
  if (depth > maximumDepth || --budget.fields < 0)
    throw corruptArrow(`it nests deeper than ${maximumDepth} levels or has more than ${maximumFields} fields`)
  const typeTable = table.table(3)
  budget.text -= table.textBytes(0) + (table.uint8(2) === 10 ? (typeTable?.textBytes(1) ?? 0) : 0)
  if (budget.text < 0) throw corruptArrow('its names take more room than its metadata has')
  const encoding = table.table(4)
  const type = parseType(table.uint8(2), typeTable)
  return {
    name: table.text(0) ?? '',
    nullable: table.uint8(1) !== 0,
    type,
    children: table.tables(5).map((child) => parseField(child, depth + 1, budget)),
    ...(encoding && {
      dictionary: {
        id: encoding.int64(0),
        index: encoding.table(1) ? parseInteger(encoding.table(1) as FlatTable) : { kind: 'int' as const, bits: 32 as const, signed: true },
        ordered: encoding.uint8(2) !== 0
      }
    })
  }
}

function parseInteger(table: FlatTable): IntegerType {
  const bits = table.int32(0)
  if (bits !== 8 && bits !== 16 && bits !== 32 && bits !== 64) throw corruptArrow(`an integer has ${bits} bits`)
  return { kind: 'int', bits, signed: table.uint8(1) !== 0 }
}

function parseUnit(value: number): TimeUnit {
  const unit = units[value]
  if (!unit) throw corruptArrow(`a time has the unknown unit ${value}`)
  return unit
}

function parseType(id: number, table: FlatTable | undefined): ArrowType {
  const bytes = (kind: 'utf8' | 'binary', layout: BytesLayout): ArrowType => ({ kind, layout })
  switch (id) {
    case 1:
      return { kind: 'null' }
    case 4:
      return bytes('binary', 'offset32')
    case 5:
      return bytes('utf8', 'offset32')
    case 6:
      return { kind: 'bool' }
    case 12:
      return { kind: 'list', layout: 'offset32' }
    case 13:
      return { kind: 'struct' }
    case 17:
      return { kind: 'map' }
    case 19:
      return bytes('binary', 'offset64')
    case 20:
      return bytes('utf8', 'offset64')
    case 21:
      return { kind: 'list', layout: 'offset64' }
    case 22:
      return { kind: 'run-end-encoded' }
    case 23:
      return bytes('binary', 'view')
    case 24:
      return bytes('utf8', 'view')
    case 25:
      return { kind: 'list-view', layout: 'offset32' }
    case 26:
      return { kind: 'list-view', layout: 'offset64' }
  }
  if (!table) throw corruptArrow(`a field has no type (${id})`)
  switch (id) {
    case 2:
      return parseInteger(table)
    case 3: {
      const precision = table.int16(0)
      if (precision < 0 || precision > 2) throw corruptArrow(`a float has the unknown precision ${precision}`)
      return { kind: 'float', bits: ([16, 32, 64] as const)[precision] ?? 64 }
    }
    case 7: {
      const bits = table.int32(2, 128)
      if (bits !== 32 && bits !== 64 && bits !== 128 && bits !== 256) throw corruptArrow(`a decimal has ${bits} bits`)
      return { kind: 'decimal', bits, precision: table.int32(0), scale: table.int32(1) }
    }
    case 8:
      return { kind: 'date', unit: table.int16(0, 1) === 0 ? 'day' : 'ms' }
    case 9: {
      const unit = parseUnit(table.int16(0, 1))
      const bits = table.int32(1, 32)
      if (bits !== (unit === 's' || unit === 'ms' ? 32 : 64)) throw corruptArrow(`a time in ${unit} has ${bits} bits`)
      return { kind: 'time', unit, bits }
    }
    case 10:
      return { kind: 'timestamp', unit: parseUnit(table.int16(0)), zone: table.text(1) || undefined }
    case 11: {
      const unit = intervals[table.int16(0)]
      if (!unit) throw corruptArrow(`an interval has the unknown unit ${table.int16(0)}`)
      return { kind: 'interval', unit }
    }
    case 14: {
      const mode = (['sparse', 'dense'] as const)[table.int16(0)]
      if (!mode) throw corruptArrow(`a union has the unknown mode ${table.int16(0)}`)
      return { kind: 'union', mode }
    }
    case 18:
      return { kind: 'duration', unit: parseUnit(table.int16(0, 1)) }
    case 15: {
      const width = table.int32(0)
      if (width < 0) throw corruptArrow('a fixed-size binary has a negative width')
      return { kind: 'fixed-binary', width }
    }
    case 16: {
      const size = table.int32(0)
      if (size < 0) throw corruptArrow('a fixed-size list has a negative size')
      return { kind: 'fixed-list', size }
    }
    default:
      return { kind: 'other', name: `type ${id}` }
  }
}
