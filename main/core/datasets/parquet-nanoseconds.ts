import { promises as fs } from 'node:fs'

/** How a column of a Parquet file holds nanoseconds that the engine would cut off. */
export type HeldNanoseconds = 'zoned' | 'time' | 'int96'

const MAGIC = 'PAR1'
const MOST_FOOTER = 256 << 20
/** Types of the compact protocol of Thrift. */
const [TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT] = Array.from({ length: 12 }, (_, i) => i + 1)
const INT96 = 3
const FIXED_LENGTH = 7

/** A change of bytes of the footer: `length` bytes at `at` are replaced. */
interface Patch {
  at: number
  length: number
  bytes: number[]
}

/**
 * Rewrites the footer of a Parquet file so that the engine gives every digit of times in nanoseconds: a time with a zone and a time of day
 * become points in time without one, which it reads in nanoseconds, the 96-bit times of old become 12 bytes. The data stays as it is.
 * Returns what was done by place of the column; nothing where the footer is not as expected, which the engine then says itself.
 */
export async function uncoverNanoseconds(path: string): Promise<ReadonlyMap<number, HeldNanoseconds>> {
  const file = await fs.open(path, 'r+')
  try {
    const { size } = await file.stat()
    const tail = Buffer.alloc(8)
    await file.read(tail, 0, 8, Math.max(0, size - 8))
    const length = tail.readUInt32LE(0)
    if (tail.toString('latin1', 4) !== MAGIC || length > Math.min(MOST_FOOTER, size - 8)) return new Map()
    const footer = Buffer.alloc(length)
    await file.read(footer, 0, length, size - 8 - length)
    const found = findNanoseconds(footer)
    const patches = [...found.values()].flatMap((column) => column.patches)
    if (patches.length === 0) return new Map()
    const written = applied(footer, patches)
    tail.writeUInt32LE(written.length, 0)
    await file.write(Buffer.concat([written, tail]), 0, written.length + 8, size - 8 - length)
    return new Map([...found].map(([at, { held }]) => [at, held]))
  } catch (error) {
    if (error instanceof RangeError) return new Map()
    throw error
  } finally {
    await file.close()
  }
}

function applied(footer: Buffer, patches: readonly Patch[]): Buffer {
  const parts: Buffer[] = []
  let from = 0
  for (const { at, length, bytes } of [...patches].sort((a, b) => a.at - b.at)) {
    parts.push(footer.subarray(from, at), Buffer.from(bytes))
    from = at + length
  }
  return Buffer.concat([...parts, footer.subarray(from)])
}

/** Walks a struct of the compact protocol. Throws RangeError where the bytes end before it does. */
class ThriftReader {
  constructor(
    private readonly bytes: Buffer,
    public at = 0
  ) {}

  byte(): number {
    if (this.at >= this.bytes.length) throw new RangeError('the footer ends in the middle')
    return this.bytes[this.at++]
  }
  varint(): number {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
      if (scale > 2 ** 49) throw new RangeError('a number without end')
    }
  }
  zigzag(): number {
    const value = this.varint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }
  /** Calls back for each field, its header at `header`; what the callback leaves unread is passed over. */
  fields(visit: (id: number, type: number, header: number) => boolean): void {
    for (let id = 0; ;) {
      const header = this.at
      const byte = this.byte()
      if (byte === 0) return
      const type = byte & 15
      id = byte >> 4 ? id + (byte >> 4) : this.zigzag()
      if (!visit(id, type, header)) this.skip(type)
    }
  }
  list(): { size: number; type: number } {
    const byte = this.byte()
    return { size: byte >> 4 === 15 ? this.varint() : byte >> 4, type: byte & 15 }
  }
  skip(type: number, depth = 0): void {
    if (depth > 32) throw new RangeError('nested too deep')
    if (type === TRUE || type === FALSE) return
    if (type === BYTE) this.at++
    else if (type === I16 || type === I32 || type === I64) this.varint()
    else if (type === DOUBLE) this.at += 8
    else if (type === BINARY) {
      const length = this.varint()
      this.at += length
    } else if (type === STRUCT) this.fields((_, part) => (this.skip(part, depth + 1), true))
    else if (type === LIST || type === SET) {
      const { size, type: item } = this.list()
      // an item that is true or false is a byte
      if (item === TRUE || item === FALSE) this.at += size
      else for (let i = 0; i < size; i++) this.skip(item, depth + 1)
    } else if (type === MAP) throw new RangeError('a footer has no maps')
    else throw new RangeError('no such type')
    if (this.at > this.bytes.length) throw new RangeError('the footer ends in the middle')
  }
}

interface Found {
  held: HeldNanoseconds
  patches: Patch[]
}

/** Columns of the first level with times in nanoseconds, by place, and what to change. */
function findNanoseconds(footer: Buffer): Map<number, Found> {
  const reader = new ThriftReader(footer)
  const found = new Map<number, Found>()
  reader.fields((id, type) => {
    if (id !== 2 || type !== LIST) return false
    const { size } = reader.list()
    // The first node is the table; each column is followed by its parts.
    let open = 0
    let column = -1
    for (let node = 0; node < size; node++) {
      const { parts, found: nanoseconds } = schemaElement(reader, footer)
      if (node === 0) continue
      if (open > 0) open += parts - 1
      else {
        column++
        open = parts
        if (nanoseconds && parts === 0) found.set(column, nanoseconds)
      }
    }
    return true
  })
  return found
}

function schemaElement(reader: ThriftReader, footer: Buffer): { parts: number; found?: Found } {
  let parts = 0
  let found: Found | undefined
  let int96: { value: number; end: number } | undefined
  reader.fields((id, type, header) => {
    if (id === 1 && type === I32) {
      const value = reader.at
      if (reader.zigzag() === INT96) int96 = { value, end: reader.at }
    } else if (int96 && id === 3 && header === int96.end && footer[header] >> 4 === 2) {
      // a length of 12 is put between type and repetition, which counts its distance from it
      const bytes = [FIXED_LENGTH * 2, 0x15, 24, 0x10 | (footer[header] & 15)]
      found = { held: 'int96', patches: [{ at: int96.value, length: header + 1 - int96.value, bytes }] }
      return false
    } else if (id === 5 && type === I32) parts = reader.zigzag()
    else if (id === 10 && type === STRUCT) found = logicalType(reader, footer) ?? found
    else return false
    return true
  })
  return { parts, found }
}

/** TIME is the 7th member of the union of logical types, TIMESTAMP the 8th; both hold "is adjusted to UTC" and a unit, whose 3rd is nanoseconds. */
function logicalType(reader: ThriftReader, footer: Buffer): Found | undefined {
  let found: Found | undefined
  reader.fields((member, type, header) => {
    if (type !== STRUCT || (member !== 7 && member !== 8) || footer[header] >> 4 !== member) return false
    let adjusted: number | undefined
    let isNanoseconds = false
    reader.fields((id, part, flag) => {
      if (id === 1 && (part === TRUE || part === FALSE)) adjusted = flag
      else if (id === 2 && part === STRUCT) {
        reader.fields((unit) => {
          isNanoseconds = unit === 3
          return false
        })
      } else return false
      return true
    })
    if (!isNanoseconds || adjusted === undefined) return true
    const isAdjusted = (footer[adjusted] & 15) === TRUE
    const withoutZone = { at: adjusted, length: 1, bytes: [(footer[adjusted] & 0xf0) | FALSE] }
    if (member === 7) found = { held: 'time', patches: [{ at: header, length: 1, bytes: [(8 << 4) | STRUCT] }, withoutZone] }
    else if (isAdjusted) found = { held: 'zoned', patches: [withoutZone] }
    return true
  })
  return found
}
