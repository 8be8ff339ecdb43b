import { type ArrowField, arrowTypeName, corruptArrow } from './arrow-types'
import { type ColumnLayout, layoutColumns } from './batch-layout'
import { type ArrowArray, loadColumn } from './column-arrays'
import type { RandomFile } from './file-handles'
import { assertMetadataSize, type BatchMetadata, type Block, type Message, parseFooter, parseMessage } from './metadata'
import { WorkbenchError } from '../../model/errors'

const magic = 'ARROW1'

/** A batch whose metadata was checked against the schema and the file. */
export interface PlacedBatch {
  rows: number
  /** Where the body starts in the file. */
  body: number
  bodyLength: number
  metadata: BatchMetadata
  /** Empty when the file is compressed or has a type of unknown layout. */
  columns: ColumnLayout[]
}

export interface ArrowFile {
  file: RandomFile
  fields: ArrowField[]
  rows: number
  batches: PlacedBatch[]
  dictionaries: { block: Block; id: number; isDelta: boolean; batch: BatchMetadata }[]
  compressed: boolean
}

const notArrow = (path: string, what: string, next: string): WorkbenchError =>
  new WorkbenchError('INVALID_INPUT', `${path} ${what} ${next}`, { details: { path } })

/** Tells a file from a stream by its first bytes. */
export function arrowFormat(file: RandomFile): 'file' | 'stream' {
  const { path } = file
  if (file.size < 8)
    throw notArrow(path, `has only ${file.size} bytes and is no Arrow file.`, 'Check that the copy or download was complete.')
  const head = file.read(0, 8)
  const text = Buffer.from(head).toString('latin1')
  if (text.startsWith(magic)) return 'file'
  if (text.startsWith('PAR1')) throw notArrow(path, 'is a Parquet file, not an Arrow file.', 'Import it as Parquet.')
  if (text.startsWith('FEA1')) throw notArrow(path, 'is a Feather version 1 file.', 'Write it again as Feather version 2 or Arrow IPC.')
  const view = new DataView(head.buffer, head.byteOffset, 8)
  const first = view.getUint32(0, true)
  // a stream starts with the continuation marker, or (before format version 5) with the length of its schema
  if (first === 0xffffffff || (first >= 16 && first + 4 <= file.size && first < 1 << 24 && view.getUint32(4, true) < first)) return 'stream'
  throw notArrow(path, 'is no Arrow file: its first bytes are unknown.', 'Check that this is the file you meant.')
}

/**
 * Opens an Arrow IPC file: footer, schema and the metadata of all batches, each checked against the others and the file size.
 * The result is remembered on the file handle.
 */
export function openArrowFile(file: RandomFile): ArrowFile {
  const known = file.parsed as ArrowFile | undefined
  if (known) return known
  const { path, size } = file
  if (arrowFormat(file) === 'stream')
    throw notArrow(
      path,
      'is an Arrow stream, not an Arrow file: it has no footer.',
      'Import it into the workspace, which turns it into a file.'
    )
  const truncated = (): WorkbenchError =>
    notArrow(path, 'is a truncated Arrow file: its footer is missing.', 'Check that the copy or download was complete, then get it again.')
  if (size < 24) throw truncated()
  const tail = Buffer.from(file.read(size - 10, 10))
  if (tail.toString('latin1', 4) !== magic) throw truncated()
  const footerLength = tail.readInt32LE(0)
  const footerStart = size - 10 - footerLength
  if (footerLength <= 0 || footerStart < 8) throw corruptArrow(`its footer claims ${footerLength} bytes in a file of ${size}`, { path })
  assertMetadataSize(footerLength)
  const footer = parseFooter(file.read(footerStart, footerLength))

  assertApart([...footer.dictionaries, ...footer.batches], path)
  const messageOf = (block: Block): Message => {
    const { offset, metadataLength, bodyLength } = block
    if (offset < 8 || metadataLength < 8 || bodyLength < 0 || offset + metadataLength + bodyLength > footerStart)
      throw corruptArrow(`a batch at byte ${offset} lies outside the file`, { path })
    assertMetadataSize(metadataLength)
    const bytes = file.read(offset, metadataLength)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const prefix = view.getUint32(0, true) === 0xffffffff ? 4 : 0
    const length = view.getInt32(prefix, true)
    if (length <= 0 || prefix + 4 + length > metadataLength)
      throw corruptArrow(`a batch at byte ${offset} claims ${length} bytes of metadata`, { path })
    const message = parseMessage(bytes.subarray(prefix + 4, prefix + 4 + length))
    if (message.bodyLength > bodyLength)
      throw corruptArrow(`a batch at byte ${offset} claims a larger body than the footer gives it`, { path })
    return message
  }

  const result: ArrowFile = { file, fields: footer.fields, rows: 0, batches: [], dictionaries: [], compressed: false }
  for (const block of footer.dictionaries) {
    const message = messageOf(block)
    if (message.kind !== 'dictionary') throw corruptArrow('a dictionary block holds something else', { path })
    result.dictionaries.push({ block, id: message.id, isDelta: message.isDelta, batch: message.batch })
    if (message.batch.compression) result.compressed = true
  }
  for (const block of footer.batches) {
    const message = messageOf(block)
    if (message.kind !== 'batch') throw corruptArrow('a batch block holds something else', { path })
    if (message.batch.compression) result.compressed = true
    // spans of compressed buffers say nothing about rows, and unknown types have no known layout: neither is scanned
    const readable = !message.batch.compression && isReadable(footer.fields)
    const columns = readable ? layoutColumns(footer.fields, message.batch, block.bodyLength) : []
    const { batch: metadata } = message
    result.batches.push({ rows: metadata.rows, body: block.offset + block.metadataLength, bodyLength: block.bodyLength, metadata, columns })
    result.rows += message.batch.rows
  }
  file.parsed = result
  return result
}

/** Refuses a footer that names a byte twice: the same batch over and over would make a small file a huge table. */
function assertApart(blocks: readonly Block[], path: string): void {
  let end = 0
  for (const { offset, metadataLength, bodyLength } of [...blocks].sort((a, b) => a.offset - b.offset)) {
    if (offset < end) throw corruptArrow('its batches overlap', { path })
    end = offset + Math.max(1, metadataLength) + Math.max(0, bodyLength)
  }
}

/** False when a field has a type whose layout is not known; such a file can be described but not placed. */
function isReadable(fields: ArrowField[]): boolean {
  return fields.every((field) => field.type.kind !== 'other' && field.type.kind !== 'union' && isReadable(field.children))
}

/** Refuses compressed bodies: their values cannot be read at positions. */
export function assertUncompressed(arrow: ArrowFile): void {
  if (arrow.compressed)
    throw notArrow(
      arrow.file.path,
      'has compressed batches, which SQL does not read directly.',
      'Import it into the workspace, which unpacks it once.'
    )
}

/** Loads and checks one column of a batch. */
export function loadBatchColumn(arrow: ArrowFile, batch: PlacedBatch, column: number): ArrowArray {
  const layout = batch.columns[column]
  if (!layout) throw corruptArrow(`a batch lacks column ${column}`)
  return loadColumn(layout, (span) => arrow.file.read(batch.body + span.offset, span.length))
}

/** The value arrays of dictionaries, in the order of their batches, by id. */
export type Dictionaries = (field: ArrowField) => ArrowArray[]

/** The field that describes the values of a dictionary-encoded field. */
export const dictionaryValueField = (field: ArrowField): ArrowField => ({ ...field, name: field.name, dictionary: undefined })

/** A lookup that loads each dictionary of the file once, when first asked for. */
export function createDictionaries(arrow: ArrowFile): Dictionaries {
  const loaded = new Map<number, { type: string; arrays: ArrowArray[] }>()
  return (field) => {
    const id = field.dictionary?.id ?? 0
    const values = dictionaryValueField(field)
    const type = arrowTypeName(values)
    const known = loaded.get(id)
    if (known) {
      if (known.type !== type) throw corruptArrow(`dictionary ${id} is used as ${known.type} and as ${type}`, { column: field.name })
      return known.arrays
    }
    const arrays: ArrowArray[] = []
    for (const entry of arrow.dictionaries) {
      if (entry.id !== id) continue
      if (arrays.length > 0 && !entry.isDelta) throw corruptArrow(`dictionary ${id} is given twice`, { column: field.name })
      const [layout] = layoutColumns([values], entry.batch, entry.block.bodyLength, false)
      const body = entry.block.offset + entry.block.metadataLength
      if (layout) arrays.push(loadColumn(layout, (span) => arrow.file.read(body + span.offset, span.length)))
    }
    loaded.set(id, { type, arrays })
    return arrays
  }
}
