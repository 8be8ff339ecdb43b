import { fromSystemError, WorkbenchError } from '../../model/errors'
import { arrowFormat, dictionaryValueField, openArrowFile } from './arrow-file'
import { type ArrowField, arrowTypeName, corruptArrow, isZonedNanoseconds } from './arrow-types'
import { type ColumnLayout, layoutColumns, maximumBuffer } from './batch-layout'
import { withoutFields } from './batch-parts'
import { assertPlausibleSize, decompressBuffer } from './body-codecs'
import { loadColumn, readIndices } from './column-arrays'
import { duckTypeOf } from './duck-types'
import { FilePool, type RandomFile } from './file-handles'
import { ArrowFileWriter, type OutgoingBatch } from './file-writer'
import { assertMetadataSize, type BatchMetadata, type Message, parseMessage } from './metadata'
import { realpathSync } from 'node:fs'

type Incoming = { message: Message; body: number }

/** The messages of a stream, from byte 0; a torn tail is an error, since half a data set is not the data set. */
function* streamMessages(file: RandomFile): Generator<Incoming> {
  let position = 0
  while (position < file.size) {
    if (file.size - position < 4) throw truncatedStream(file, position)
    const word = (at: number): number => Buffer.from(file.read(at, 4)).readInt32LE(0)
    const marked = word(position) === -1
    if (marked && file.size - position < 8) throw truncatedStream(file, position)
    const length = marked ? word(position + 4) : word(position)
    const start = position + (marked ? 8 : 4)
    if (length === 0) return
    if (length < 0 || start + length > file.size) throw truncatedStream(file, position)
    assertMetadataSize(length)
    const message = parseMessage(file.read(start, length))
    const body = start + length
    if (body + message.bodyLength > file.size) throw truncatedStream(file, position)
    yield { message, body }
    position = body + message.bodyLength
  }
}

const truncatedStream = (file: RandomFile, position: number): WorkbenchError =>
  new WorkbenchError(
    'INVALID_INPUT',
    `${file.path} is a truncated Arrow stream: it breaks off in the message at byte ${position}. Check that the copy or download was complete, then get it again.`,
    { details: { path: file.path, position } }
  )

/** The messages of a file or a stream, the schema first. */
export const arrowMessages = (file: RandomFile): Generator<Incoming> =>
  arrowFormat(file) === 'stream' ? streamMessages(file) : fileMessages(file)

/** The same messages for a file, dictionaries first. */
function* fileMessages(file: RandomFile): Generator<Incoming> {
  const arrow = openArrowFile(file)
  yield { message: { kind: 'schema', fields: arrow.fields, bodyLength: 0 }, body: 0 }
  for (const { block, id, isDelta, batch } of arrow.dictionaries)
    yield { message: { kind: 'dictionary', id, isDelta, batch, bodyLength: block.bodyLength }, body: block.offset + block.metadataLength }
  for (const { rows, body, metadata, bodyLength } of arrow.batches) {
    if (rows > 0) yield { message: { kind: 'batch', batch: metadata, bodyLength }, body }
  }
}

/** Fields that share a dictionary id, and the values written for it so far. */
interface KnownDictionary {
  value: ArrowField
  type: string
  /** Where the dictionary in force begins in what was written, and its size. */
  base: number
  size: number
  written: number
}

/** Output schema: dictionary positions become 32 bits wide, so that replaced dictionaries can be appended to one another. */
function outputField(field: ArrowField, dictionaries: Map<number, KnownDictionary>, open: number[] = []): ArrowField {
  let inner = open
  if (field.dictionary) {
    const { id } = field.dictionary
    if (open.includes(id)) throw corruptArrow(`dictionary ${id} of column "${field.name}" contains itself`, { column: field.name })
    inner = [...open, id]
    const value = dictionaryValueField(field)
    const type = arrowTypeName(value)
    const known = dictionaries.get(id)
    if (known && known.type !== type) throw corruptArrow(`dictionary ${id} is used as ${known.type} and as ${type}`, { column: field.name })
    if (!known) dictionaries.set(id, { value, type, base: 0, size: 0, written: 0 })
  }
  return {
    ...field,
    children: field.children.map((child) => outputField(child, dictionaries, inner)),
    ...(field.dictionary && { dictionary: { ...field.dictionary, index: { kind: 'int' as const, bits: 32 as const, signed: true } } })
  }
}

/** Nanoseconds with a zone have no counterpart in SQL and would be rounded: they are the same instants in UTC without one. */
const withoutZone = (field: ArrowField): ArrowField =>
  isZonedNanoseconds(field) && !field.dictionary ? { ...field, type: { kind: 'timestamp', unit: 'ns' } } : field

/** Ids of the dictionaries of a field and its parts. */
const dictionaryIds = (field: ArrowField): number[] => [
  ...(field.dictionary ? [field.dictionary.id] : []),
  ...field.children.flatMap(dictionaryIds)
]

/** Unpacks, checks and re-bases one batch. */
async function prepareBatch(
  file: RandomFile,
  fields: ArrowField[],
  { batch, body, bodyLength }: { batch: BatchMetadata; body: number; bodyLength: number },
  dictionaries: Map<number, KnownDictionary>
): Promise<OutgoingBatch> {
  const buffers: Uint8Array[] = []
  const spans = new Float64Array(batch.buffers.length)
  let claimed = 0
  let total = 0
  for (let index = 0; index * 2 < batch.buffers.length; index++) {
    const offset = batch.buffers[index * 2] ?? -1
    const length = batch.buffers[index * 2 + 1] ?? -1
    claimed += length
    if (offset < 0 || length < 0 || offset + length > bodyLength || claimed > bodyLength)
      throw corruptArrow('a buffer lies outside its batch')
    if (length > maximumBuffer) throw corruptArrow('a buffer is larger than 2 GiB; write the file with smaller batches', { length })
    const stored = file.read(body + offset, length)
    const bytes = batch.compression ? await decompressBuffer(stored, batch.compression) : stored
    spans[index * 2] = total
    spans[index * 2 + 1] = bytes.byteLength
    total += bytes.byteLength
    assertPlausibleSize(total, bodyLength)
    buffers.push(bytes)
  }
  const layouts = layoutColumns(fields, { ...batch, buffers: spans }, total)
  const nothing = new Uint8Array(0)
  const rebase = (layout: ColumnLayout): void => {
    const [span] = layout.buffers
    if (layout.field.dictionary && span) {
      const array = loadColumn(layout, (part) => buffers[part.index] ?? nothing)
      const known = dictionaries.get(layout.field.dictionary.id)
      const indices = readIndices(array, known?.size ?? 0, layout.field.name)
      if (known?.base) for (let row = 0; row < indices.length; row++) indices[row] = (indices[row] as number) + known.base
      buffers[span.index] = new Uint8Array(indices.buffer)
    }
    layout.children.forEach(rebase)
  }
  for (const layout of layouts) {
    loadColumn(layout, (span) => buffers[span.index] ?? nothing)
    rebase(layout)
  }
  return { rows: batch.rows, nodes: [...batch.nodes], buffers, variadicCounts: batch.variadicCounts }
}

/**
 * Turns any Arrow IPC file or stream, compressed (LZ4 frame, Zstandard) or not, into the uncompressed file that `read_arrow` takes. All
 * values are checked on the way; the output appears only when it is whole and on disk. Columns at `leaveOut` are not in it, nor are they
 * looked into.
 * @returns the number of rows. Errors: INVALID_INPUT (naming column and type where there is one), NOT_FOUND, CANCELLED
 */
export async function normaliseArrow(
  input: string,
  output: string,
  options: { signal?: AbortSignal; leaveOut?: ReadonlySet<number> } = {}
): Promise<{ rows: number }> {
  const { leaveOut = new Set<number>() } = options
  const pool = new FilePool(1)
  let writer: ArrowFileWriter | undefined
  try {
    const file = pool.get(resolvePath(input))
    const messages = arrowMessages(file)
    const dictionaries = new Map<number, KnownDictionary>()
    let all: ArrowField[] = []
    let fields: ArrowField[] | undefined
    const skipped = new Set<number>()
    let rows = 0
    for (const { message, body } of messages) {
      if (options.signal?.aborted) throw new WorkbenchError('CANCELLED', 'The import was cancelled. Nothing was kept.')
      if (message.kind === 'schema') {
        if (fields) throw corruptArrow('it has a second schema')
        all = message.fields
        fields = all.filter((_, index) => !leaveOut.has(index))
        for (const field of fields) duckTypeOf(field)
        const outgoing = fields.map((field) => withoutZone(outputField(field, dictionaries)))
        for (const index of leaveOut) for (const id of all[index] ? dictionaryIds(all[index]) : []) skipped.add(id)
        writer = new ArrowFileWriter(output, outgoing)
        continue
      }
      if (!fields || !writer) throw corruptArrow('a batch comes before the schema')
      if (message.kind === 'batch') {
        const batch = withoutFields(all, message.batch, leaveOut)
        const prepared = await prepareBatch(file, fields, { ...message, batch, body }, dictionaries)
        writer.writeBatch(prepared)
        rows += prepared.rows
      } else {
        const known = dictionaries.get(message.id)
        if (!known && skipped.has(message.id)) continue
        if (!known) throw corruptArrow(`no column uses dictionary ${message.id}`)
        const prepared = await prepareBatch(file, [known.value], { ...message, body }, dictionaries)
        writer.writeDictionary(message.id, prepared, known.written > 0)
        if (message.isDelta) known.size += prepared.rows
        else {
          known.base = known.written
          known.size = prepared.rows
        }
        known.written += prepared.rows
        if (known.written > 2 ** 31 - 1) throw corruptArrow(`dictionary ${message.id} has more than ${2 ** 31 - 1} entries`)
      }
      // lets timers and aborts in between batches
      await new Promise((resolve) => setImmediate(resolve))
    }
    if (!writer) throw corruptArrow('it has no schema')
    await writer.finish()
    return { rows }
  } catch (error) {
    writer?.abort()
    throw fromSystemError(error, 'importing an Arrow file')
  } finally {
    pool.closeAll()
  }
}

/** A path with its symbolic links followed, for callers that were given the path by the user. */
export function resolvePath(path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    throw fromSystemError(error, `opening ${path}`)
  }
}
