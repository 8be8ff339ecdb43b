import { open } from 'node:fs/promises'
import { DataType, RecordBatchReader, TimeUnit, type Field, type RecordBatch, type Vector } from 'apache-arrow'
import { WorkbenchError, fromSystemError } from '../../model/errors'
import { didYouMean } from '../../model/near-names'
import { breathe, isHeldByDouble } from '../numerics'

/** A column of numbers: NaN is missing, booleans are 0 and 1, dates and timestamps are seconds since 1970 UTC. */
export interface NumericColumn {
  kind: 'number' | 'boolean' | 'timestamp'
  values: Float64Array
  /** How many values of the file were infinite or beyond float32, and so count as missing. */
  outOfRange: number
  /** How many whole numbers and decimals of the file have more digits than a 64-bit number holds, and so are read as the nearest one; absent: none. */
  rounded?: number
}
/** A column of texts: code -1 is missing; an empty text counts as missing. A text ends at its first NUL. */
export interface CategoryColumn {
  kind: 'category'
  codes: Int32Array
  categories: string[]
}
export type Column = NumericColumn | CategoryColumn

/** A table in memory, column by column. */
export interface Frame {
  rows: number
  columns: Map<string, Column>
  /** Columns of the file that are not here because no model can use their type; only where all columns were asked for. */
  unusable?: readonly string[]
}

/** Most rows that are handed on at once. */
const batchRows = 131_072
const float32Limit = 3.4028234663852886e38
interface CellReader {
  kind: Column['kind']
  cell?: (value: unknown) => number
  /** Of a type that holds more digits than a number: whether the number that was read is another than the value. */
  isRounded?: (value: unknown, read: number) => boolean
}

const wholeOf = (value: unknown): bigint => {
  const words = value as Uint32Array
  let whole = 0n
  for (let i = words.length - 1; i >= 0; i--) whole = (whole << 32n) | BigInt(words[i]!)
  return BigInt.asIntN(words.length * 32, whole)
}

const mostExact = 10n ** 15n

function decimalReader(scale: number): CellReader {
  const isShort = (whole: bigint): boolean => whole < mostExact && whole > -mostExact && scale <= 22
  const written = (whole: bigint): string => {
    const digits = String(whole < 0n ? -whole : whole).padStart(scale + 1, '0')
    return `${whole < 0n ? '-' : ''}${digits.slice(0, digits.length - scale)}.${digits.slice(digits.length - scale)}`
  }
  return {
    kind: 'number',
    cell: (value) => {
      const whole = wholeOf(value)
      // Of longer ones the number and the power of ten would both be rounded, and two roundings can miss the nearest number.
      return isShort(whole) ? Number(whole) / 10 ** scale : Number(written(whole))
    },
    isRounded: (value) => {
      const whole = wholeOf(value)
      return !isShort(whole) && !isHeldByDouble(written(whole))
    }
  }
}

const isRoundedWhole = (value: unknown, read: number): boolean => !Number.isSafeInteger(read) && BigInt(read) !== value

/** How a field is read; undefined for a type that no trainer can use (lists, structs, binary). */
function readerOf(field: Field): CellReader | undefined {
  const type = DataType.isDictionary(field.type) ? field.type.dictionary : field.type
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isUtf8View(type)) return { kind: 'category' }
  if (DataType.isBool(type)) return { kind: 'boolean', cell: (value) => (value ? 1 : 0) }
  if (DataType.isFloat(type)) return { kind: 'number', cell: (value) => Number(value) }
  if (DataType.isInt(type))
    return { kind: 'number', cell: (value) => Number(value), ...(type.bitWidth === 64 && { isRounded: isRoundedWhole }) }
  if (DataType.isDecimal(type)) return decimalReader(type.scale)
  // A whole number of its unit, as everywhere else.
  if (DataType.isDuration(type)) return { kind: 'number', cell: (value) => Number(value), isRounded: isRoundedWhole }
  if (DataType.isNull(type)) return { kind: 'number', cell: () => NaN }
  // Arrow hands dates and timestamps of every unit over as milliseconds.
  if (DataType.isTimestamp(type) || DataType.isDate(type)) return { kind: 'timestamp', cell: (value) => Number(value) / 1000 }
  if (DataType.isTime(type)) {
    const perSecond = { [TimeUnit.SECOND]: 1, [TimeUnit.MILLISECOND]: 1e3, [TimeUnit.MICROSECOND]: 1e6, [TimeUnit.NANOSECOND]: 1e9 }[
      type.unit
    ]
    return { kind: 'number', cell: (value) => Number(value) / perSecond }
  }
  return undefined
}

class ColumnBuilder {
  private values = new Float64Array(1024)
  private codes = new Int32Array(0)
  private readonly index = new Map<string, number>()
  private readonly categories: string[] = []
  private rows = 0
  private outOfRange = 0
  private rounded = 0

  constructor(private readonly reader: CellReader) {
    if (reader.kind === 'category') this.codes = new Int32Array(1024)
  }

  append(vector: Vector): void {
    const end = this.rows + vector.length
    if (this.reader.kind === 'category') {
      if (end > this.codes.length) this.codes = grown(this.codes, new Int32Array(Math.max(end, this.codes.length * 2)))
      for (let i = 0; i < vector.length; i++) this.codes[this.rows + i] = this.codeOf(vector.get(i))
    } else {
      if (end > this.values.length) this.values = grown(this.values, new Float64Array(Math.max(end, this.values.length * 2)))
      const { cell, isRounded } = this.reader as CellReader & Required<Pick<CellReader, 'cell'>>
      for (let i = 0; i < vector.length; i++) {
        const raw: unknown = vector.get(i)
        const value = raw === null || raw === undefined ? NaN : cell(raw)
        const isTooLarge = Math.abs(value) > float32Limit
        if (isTooLarge) this.outOfRange++
        else if (isRounded && value === value && isRounded(raw, value)) this.rounded++
        this.values[this.rows + i] = isTooLarge ? NaN : value
      }
    }
    this.rows = end
  }

  private codeOf(value: unknown): number {
    if (value === null || value === undefined || value === '') return -1
    const text = String(value)
    let code = this.index.get(text)
    if (code === undefined) this.index.set(text, (code = this.newCode(text)))
    return code
  }

  /** ONNX Runtime takes texts as C strings, which end at a NUL: what follows one cannot tell two texts apart. */
  private newCode(text: string): number {
    const end = text.indexOf('\0')
    return end < 0 ? this.categories.push(text) - 1 : this.codeOf(text.slice(0, end))
  }

  finish(): Column {
    if (this.reader.kind === 'category') return { kind: 'category', codes: this.codes.slice(0, this.rows), categories: this.categories }
    return {
      kind: this.reader.kind,
      values: this.values.slice(0, this.rows),
      outOfRange: this.outOfRange,
      ...(this.rounded > 0 && { rounded: this.rounded })
    }
  }
}

function grown<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from)
  return to
}

/**
 * Reads columns of an Arrow IPC file (or all that a trainer can use). Values beyond float32 and infinities count as missing.
 * @throws WorkbenchError NOT_FOUND, INVALID_INPUT (not an Arrow file, no such column, a type that cannot be used), CANCELLED
 */
export async function readFrame(path: string, wanted?: readonly string[], signal?: AbortSignal): Promise<Frame> {
  return withReader(path, async (source) => {
    const { reader, builders, unusable } = await chooseColumns(source, wanted)
    let rows = 0
    for await (const batch of reader) {
      for (const [name, builder] of builders) builder.append(cellsOf(batch, name))
      rows += batch.numRows
      await breathe(signal)
    }
    const columns = new Map([...builders].map(([name, builder]) => [name, builder.finish()]))
    return { rows, columns, ...(unusable.length > 0 && { unusable }) }
  })
}

/**
 * The same columns in batches of at most 131,072 rows, so that a table of any length takes the memory of a batch of its file; `work` gets them
 * in the order of the rows. A text has a code of its own in each batch. Throws like `readFrame`, and what `work` throws.
 */
export async function eachFrame(
  path: string,
  wanted: readonly string[],
  work: (batch: Frame) => Promise<void> | void,
  signal?: AbortSignal
): Promise<void> {
  await withReader(path, async (source) => {
    const { reader, readers } = await chooseColumns(source, wanted)
    for await (const batch of reader)
      for (let from = 0; from < batch.numRows; from += batchRows) {
        const rows = Math.min(batchRows, batch.numRows - from)
        const columns = new Map<string, Column>()
        for (const [name, kind] of readers) {
          const builder = new ColumnBuilder(kind)
          builder.append(cellsOf(batch, name).slice(from, from + rows))
          columns.set(name, builder.finish())
        }
        await work({ rows, columns })
        await breathe(signal)
      }
  })
}

type OpenSource = Awaited<ReturnType<typeof RecordBatchReader.from>>

async function withReader<T>(path: string, work: (source: OpenSource) => Promise<T>): Promise<T> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw fromSystemError(error, `opening the table ${path}`)
  })
  try {
    return await work(await RecordBatchReader.from(file))
  } catch (error) {
    if (error instanceof WorkbenchError) throw error
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The table ${path} is not a readable Arrow file: ${error instanceof Error ? error.message : String(error)}. It may be cut off or damaged; import the data again.`,
      { cause: error }
    )
  } finally {
    await file.close().catch(() => undefined)
  }
}

const cellsOf = (batch: RecordBatch, name: string): Vector => {
  const vector = batch.getChild(name)
  if (!vector || vector.length !== batch.numRows) throw new Error(`the column "${name}" does not have one value per row`)
  return vector
}

/** How the columns asked for are read, each by its name, and a builder for each. */
async function chooseColumns(source: OpenSource, wanted: readonly string[] | undefined) {
  const reader = await source.open()
  const schema = reader.schema
  if (!schema) throw new Error('it has no schema')
  const readers = new Map<string, CellReader>()
  const unusable: string[] = []
  const available = schema.fields.map((field) => field.name)
  for (const name of wanted ?? available) {
    const index = available.indexOf(name)
    if (index < 0)
      throw new WorkbenchError(
        'INVALID_INPUT',
        `The table has no column "${name}". It has: ${listed(available)}.${didYouMean(name, available)} Choose one of these.`,
        {
          details: { column: name, columns: available }
        }
      )
    const kind = readerOf(schema.fields[index]!)
    if (kind) readers.set(name, kind)
    else if (wanted)
      throw new WorkbenchError(
        'INVALID_INPUT',
        `The column "${name}" has the type ${String(schema.fields[index]!.type)}, which a model cannot use. Turn it into numbers or text first, or leave it out.`,
        { details: { column: name } }
      )
    else unusable.push(name)
  }
  return { reader, readers, builders: new Map([...readers].map(([name, kind]) => [name, new ColumnBuilder(kind)])), unusable }
}

/** Names for a message: the first twenty and how many more there are. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 20).map((name) => `"${name}"`)
  return shown.join(', ') + (names.length > 20 ? ` and ${names.length - 20} more` : '')
}

/** The column, or INVALID_INPUT. */
export function columnOf(frame: Frame, name: string): Column {
  const column = frame.columns.get(name)
  if (column) return column
  const names = [...frame.columns.keys()]
  throw new WorkbenchError(
    'INVALID_INPUT',
    `The table has no column "${name}". It has: ${listed(names)}.${didYouMean(name, names)} Choose one of these.`,
    {
      details: { column: name, columns: names }
    }
  )
}

/** The chosen rows as a new frame. */
export function selectRows(frame: Frame, rows: Uint32Array): Frame {
  const columns = new Map<string, Column>()
  for (const [name, column] of frame.columns) {
    if (column.kind === 'category') columns.set(name, { ...column, codes: Int32Array.from(rows, (row) => column.codes[row]!) })
    else columns.set(name, { ...column, values: Float64Array.from(rows, (row) => column.values[row]!) })
  }
  return { rows: rows.length, columns }
}
