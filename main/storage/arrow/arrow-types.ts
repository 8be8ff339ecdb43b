import { WorkbenchError } from '../../model/errors'

export type TimeUnit = 's' | 'ms' | 'us' | 'ns'
export type IntegerType = { kind: 'int'; bits: 8 | 16 | 32 | 64; signed: boolean }
/** How variable-length bytes are laid out: 32-bit offsets, 64-bit offsets, or 16-byte views. */
export type BytesLayout = 'offset32' | 'offset64' | 'view'

export type ArrowType =
  | { kind: 'null' }
  | { kind: 'bool' }
  | IntegerType
  | { kind: 'float'; bits: 16 | 32 | 64 }
  | { kind: 'decimal'; bits: 32 | 64 | 128 | 256; precision: number; scale: number }
  | { kind: 'date'; unit: 'day' | 'ms' }
  | { kind: 'time'; unit: TimeUnit; bits: 32 | 64 }
  | { kind: 'timestamp'; unit: TimeUnit; zone?: string }
  | { kind: 'duration'; unit: TimeUnit }
  | { kind: 'interval'; unit: 'month' | 'day-time' | 'month-day-nano' }
  | { kind: 'utf8'; layout: BytesLayout }
  | { kind: 'binary'; layout: BytesLayout }
  | { kind: 'fixed-binary'; width: number }
  | { kind: 'list'; layout: 'offset32' | 'offset64' }
  | { kind: 'list-view'; layout: 'offset32' | 'offset64' }
  | { kind: 'fixed-list'; size: number }
  | { kind: 'struct' }
  | { kind: 'map' }
  | { kind: 'union'; mode: 'sparse' | 'dense' }
  | { kind: 'run-end-encoded' }
  | { kind: 'other'; name: string }

export interface ArrowField {
  name: string
  nullable: boolean
  /** The value type, also when dictionary-encoded. */
  type: ArrowType
  children: ArrowField[]
  dictionary?: { id: number; index: IntegerType; ordered: boolean }
}

/** Readable name, such as `timestamp[us, UTC]` or `list<int64>`. */
export function arrowTypeName(field: Pick<ArrowField, 'type' | 'children' | 'dictionary'>): string {
  const name = valueTypeName(field.type, field.children)
  if (!field.dictionary) return name
  const { index } = field.dictionary
  return `dictionary<${name}, ${index.signed ? 'int' : 'uint'}${index.bits}>`
}

function valueTypeName(type: ArrowType, children: ArrowField[]): string {
  const inner = (): string => children.map((child) => arrowTypeName(child)).join(', ')
  switch (type.kind) {
    case 'int':
      return `${type.signed ? 'int' : 'uint'}${type.bits}`
    case 'float':
      return type.bits === 16 ? 'halffloat' : type.bits === 32 ? 'float' : 'double'
    case 'decimal':
      return `decimal${type.bits}(${type.precision}, ${type.scale})`
    case 'date':
      return type.unit === 'day' ? 'date32' : 'date64'
    case 'time':
      return `time${type.bits}[${type.unit}]`
    case 'timestamp':
      return `timestamp[${type.unit}${type.zone ? `, ${type.zone}` : ''}]`
    case 'duration':
      return `duration[${type.unit}]`
    case 'interval':
      return `${type.unit.replaceAll('-', '_')}_interval`
    case 'utf8':
    case 'binary': {
      const base = type.kind === 'utf8' ? 'string' : 'binary'
      return type.layout === 'offset32' ? base : type.layout === 'offset64' ? `large_${base}` : `${base}_view`
    }
    case 'fixed-binary':
      return `fixed_size_binary[${type.width}]`
    case 'list':
    case 'list-view':
      return `${type.layout === 'offset64' ? 'large_' : ''}${type.kind.replace('-', '_')}<${inner()}>`
    case 'fixed-list':
      return `fixed_size_list<${inner()}>[${type.size}]`
    case 'struct':
      return `struct<${children.map((child) => `${child.name}: ${arrowTypeName(child)}`).join(', ')}>`
    case 'map':
      return `map<${inner()}>`
    case 'union':
      return `${type.mode}_union<${inner()}>`
    case 'run-end-encoded':
      return `run_end_encoded<${inner()}>`
    case 'other':
      return type.name
    default:
      return type.kind
  }
}

/** The type of the buffers in a batch: the index type for a dictionary-encoded field. */
export const physicalType = (field: ArrowField): ArrowType => field.dictionary?.index ?? field.type

/** SQL has times with a zone to the microsecond only. */
export const isZonedNanoseconds = ({ type }: Pick<ArrowField, 'type'>): boolean =>
  type.kind === 'timestamp' && type.unit === 'ns' && type.zone !== undefined

/** Bytes per value of a fixed-width type; undefined for bits and variable widths. */
export function fixedWidth(type: ArrowType): number | undefined {
  switch (type.kind) {
    case 'int':
    case 'float':
    case 'decimal':
    case 'time':
      return type.bits / 8
    case 'date':
      return type.unit === 'day' ? 4 : 8
    case 'timestamp':
    case 'duration':
      return 8
    case 'interval':
      return { month: 4, 'day-time': 8, 'month-day-nano': 16 }[type.unit]
    case 'fixed-binary':
      return type.width
    default:
      return undefined
  }
}

/** Result column names: those of the file, made unique without regard to case as SQL wants them. */
export function columnNames(fields: ArrowField[]): string[] {
  const seen = new Set<string>()
  // where the search for a free number went on last time: thousands of equal names must not take quadratic time
  const next = new Map<string, number>()
  return fields.map((field, index) => {
    const base = field.name.replaceAll('\0', '') || `column${index}`
    const key = base.toLowerCase()
    let name = base
    let count = next.get(key) ?? 1
    for (; seen.has(name.toLowerCase()); count++) name = `${base}_${count}`
    next.set(key, count)
    seen.add(name.toLowerCase())
    return name
  })
}

/** The one error for a file whose content contradicts itself. */
export function corruptArrow(what: string, details: Record<string, unknown> = {}): WorkbenchError {
  return new WorkbenchError(
    'INVALID_INPUT',
    `The Arrow file is damaged: ${what}. None of its values can be trusted. Get the file from its source again, or import the source anew.`,
    { details }
  )
}

/** The error for a whole file in a form of Arrow that is not read: nothing is wrong with it. */
export function foreignArrow(what: string, next: string): WorkbenchError {
  return new WorkbenchError('INVALID_INPUT', `The Arrow file is ${what}, which the workbench does not read. ${next}`, {
    details: { form: what }
  })
}

/** The error for a column whose type the workbench does not read. */
export function unsupportedColumn(column: string, type: string, why?: string): WorkbenchError {
  return new WorkbenchError(
    'INVALID_INPUT',
    `Column "${column}" has the Arrow type ${type}, which the workbench does not read${why ? ` (${why})` : ''}. ` +
      'Cast the column to a supported type (number, text, date, time, timestamp, list, struct) where the file is written.',
    { details: { column, type, ...(why && { why }) } }
  )
}
