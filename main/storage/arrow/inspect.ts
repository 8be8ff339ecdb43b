import { arrowFormat, openArrowFile } from './arrow-file'
import { type ArrowField, arrowTypeName, corruptArrow, isZonedNanoseconds, type TimeUnit } from './arrow-types'
import { duckTypeOf } from './duck-types'
import { FilePool } from './file-handles'
import { parseMessage } from './metadata'
import { arrowMessages, resolvePath } from './normalise'
import { WorkbenchError } from '../../model/errors'

export interface ArrowFileSummary {
  rows: number
  batches: number
  /** `type` is Arrow's name, such as `timestamp[us, UTC]`. */
  columns: { name: string; type: string; nullable: boolean }[]
  compressed: boolean
}

/** What an Arrow IPC file says about itself, from its footer and batch headers; no values are read. Errors: INVALID_INPUT, NOT_FOUND */
export async function inspectArrowFile(path: string): Promise<ArrowFileSummary> {
  const pool = new FilePool(1)
  try {
    const arrow = openArrowFile(pool.get(resolvePath(path)))
    return {
      rows: arrow.rows,
      batches: arrow.batches.length,
      columns: arrow.fields.map((field) => ({ name: field.name, type: arrowTypeName(field), nullable: field.nullable })),
      compressed: arrow.compressed
    }
  } finally {
    pool.closeAll()
  }
}

/** A column of an Arrow schema, and what becomes of it. */
export interface ArrowColumn {
  name: string
  /** Arrow's name. */
  type: string
  /** Why it cannot be read; undefined for one that can. */
  refusal?: string
  /** Of a duration. */
  unit?: TimeUnit
  /** True for a timestamp with a zone. */
  isZoned?: boolean
  /** True for one in nanoseconds that is read to the microsecond. */
  isCut?: boolean
}

function describeField(field: ArrowField): ArrowColumn {
  const isRuns = field.type.kind === 'run-end-encoded'
  const held = (isRuns && field.children[1]?.type) || field.type
  return {
    name: field.name,
    type: arrowTypeName(field),
    refusal: refusalOf(field),
    ...(held.kind === 'duration' && { unit: held.unit }),
    ...(held.kind === 'timestamp' && held.zone !== undefined && { isZoned: true }),
    ...(isZonedNanoseconds({ type: held }) && (isRuns || field.dictionary) && { isCut: true })
  }
}

function refusalOf(field: ArrowField): string | undefined {
  try {
    duckTypeOf(field)
    return undefined
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error
    const why = error.details?.why
    return typeof why === 'string' ? why : 'the type is not known here'
  }
}

/** True for a stream as Arrow wrote it before 0.15: without the mark of four bytes before each length. Errors: NOT_FOUND */
export function isUnmarkedStream(path: string): boolean {
  const pool = new FilePool(1)
  try {
    const file = pool.get(resolvePath(path))
    return arrowFormat(file) === 'stream' && Buffer.from(file.read(0, 4)).readUInt32LE(0) !== 0xffffffff
  } finally {
    pool.closeAll()
  }
}

/** The columns of an Arrow file or stream, readable or not. Errors: INVALID_INPUT, NOT_FOUND */
export function arrowColumns(path: string): ArrowColumn[] {
  const pool = new FilePool(1)
  try {
    const first = arrowMessages(pool.get(resolvePath(path))).next().value
    if (first?.message.kind !== 'schema') throw corruptArrow('it has no schema')
    return first.message.fields.map(describeField)
  } finally {
    pool.closeAll()
  }
}

/**
 * True when a file begins as an Arrow stream: with the mark of four bytes, or as those of before Arrow 0.15 with the length of its schema. The
 * latter is believed only where a schema follows.
 */
export function isArrowStream(head: Buffer): boolean {
  if (head.length < 16) return false
  const first = head.readUInt32LE(0)
  const isMarked = first === 0xffffffff
  const size = isMarked ? head.readInt32LE(4) : first
  if (isMarked) return size > 0 && size < 64 << 20 && size % 8 === 0
  if (size < 16 || size >= 1 << 24) return false
  try {
    return parseMessage(new Uint8Array(head.subarray(4, 4 + size))).kind === 'schema'
  } catch (error) {
    return error instanceof WorkbenchError && error.details?.form !== undefined
  }
}

/** The columns of a schema message as other formats carry it (Parquet under "ARROW:schema"); undefined when it is none. */
export function arrowSchemaColumns(bytes: Uint8Array): ArrowColumn[] | undefined {
  try {
    // the length is behind a mark of four bytes since Arrow 0.15
    const start = Buffer.from(bytes.subarray(0, 4)).readInt32LE(0) === -1 ? 8 : 4
    const message = parseMessage(new Uint8Array(bytes.subarray(start)))
    return message.kind === 'schema' ? message.fields.map(describeField) : undefined
  } catch {
    return undefined
  }
}
