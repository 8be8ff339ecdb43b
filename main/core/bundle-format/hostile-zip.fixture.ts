import { crc32 } from './crc32'

/** One entry as bytes on disk; every field can lie. Numbers follow APPNOTE.TXT of the ZIP format. */
export interface HostileEntry {
  name: string | Buffer
  data?: string | Buffer
  method?: number
  flags?: number
  /** Unix mode in the external attributes. */
  mode?: number
  /** Sizes in the table of contents. */
  size?: number
  storedSize?: number
  localSize?: number
  localName?: string
  /** Flags of the local header, when the table of contents has others. */
  localFlags?: number
  /** That of the data unless told. */
  crc?: number
  localCrc?: number
  /** Bytes behind the data, where a data descriptor would be. */
  after?: Buffer
  comment?: string
  extra?: Buffer
  /** The extra field of the local header. */
  localExtra?: Buffer
  /** Place of the local header, when it is not where it was written. */
  offset?: number
  /** Bytes before the local header. */
  before?: Buffer
}

/** Builds a ZIP by hand, so that it can be wrong in any way. */
export function buildZip(
  entries: HostileEntry[],
  options: { count?: number; comment?: string; beforeDirectory?: Buffer; beforeEnd?: Buffer; tail?: Buffer; directoryBytes?: number } = {}
): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  const push = (part: Buffer) => {
    parts.push(part)
    at += part.length
  }
  for (const entry of entries) {
    const data = Buffer.from(entry.data ?? '')
    const name = Buffer.from(entry.name)
    const localName = Buffer.from(entry.localName ?? name)
    const method = entry.method ?? 0
    const flags = entry.flags ?? 0x800
    const sum = entry.crc ?? crc32(data)
    if (entry.before) push(entry.before)
    const offset = entry.offset ?? at
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(20, 4)
    local.writeUInt16LE(entry.localFlags ?? flags, 6)
    local.writeUInt16LE(method, 8)
    local.writeUInt32LE(entry.localCrc ?? sum, 14)
    local.writeUInt32LE(entry.localSize ?? data.length, 18)
    local.writeUInt32LE(entry.localSize ?? data.length, 22)
    local.writeUInt16LE(localName.length, 26)
    local.writeUInt16LE(entry.localExtra?.length ?? 0, 28)
    push(Buffer.concat([local, localName, entry.localExtra ?? Buffer.alloc(0), data, entry.after ?? Buffer.alloc(0)]))
    const central = Buffer.alloc(46)
    central.writeUInt32LE(0x02014b50, 0)
    central.writeUInt16LE((3 << 8) | 63, 4)
    central.writeUInt16LE(20, 6)
    central.writeUInt16LE(flags, 8)
    central.writeUInt16LE(method, 10)
    central.writeUInt32LE(sum, 16)
    central.writeUInt32LE(entry.storedSize ?? entry.size ?? data.length, 20)
    central.writeUInt32LE(entry.size ?? data.length, 24)
    central.writeUInt16LE(name.length, 28)
    central.writeUInt16LE(entry.extra?.length ?? 0, 30)
    central.writeUInt16LE(entry.comment?.length ?? 0, 32)
    central.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 38)
    central.writeUInt32LE(offset, 42)
    directory.push(Buffer.concat([central, name, entry.extra ?? Buffer.alloc(0), Buffer.from(entry.comment ?? '')]))
  }
  if (options.beforeDirectory) push(options.beforeDirectory)
  const start = at
  const table = Buffer.concat(directory)
  const comment = Buffer.from(options.comment ?? '')
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(options.count ?? entries.length, 8)
  end.writeUInt16LE(options.count ?? entries.length, 10)
  end.writeUInt32LE(options.directoryBytes ?? table.length, 12)
  end.writeUInt32LE(start, 16)
  end.writeUInt16LE(comment.length, 20)
  return Buffer.concat([...parts, table, options.beforeEnd ?? Buffer.alloc(0), end, comment, options.tail ?? Buffer.alloc(0)])
}

/** A data descriptor with its signature; its figures can lie. */
export function descriptor(crc: number, bytes: number): Buffer {
  const raw = Buffer.alloc(16)
  raw.writeUInt32LE(0x08074b50, 0)
  raw.writeUInt32LE(crc, 4)
  raw.writeUInt32LE(bytes, 8)
  raw.writeUInt32LE(bytes, 12)
  return raw
}

/** The 64-bit end record with its locator, which some readers believe and others do not look at. */
export function wideEnd(entries: number, directoryBytes: number, directoryStart: number, at: number): Buffer {
  const raw = Buffer.alloc(76)
  raw.writeUInt32LE(0x06064b50, 0)
  raw.writeBigUInt64LE(44n, 4)
  raw.writeBigUInt64LE(BigInt(entries), 24)
  raw.writeBigUInt64LE(BigInt(entries), 32)
  raw.writeBigUInt64LE(BigInt(directoryBytes), 40)
  raw.writeBigUInt64LE(BigInt(directoryStart), 48)
  raw.writeUInt32LE(0x07064b50, 56)
  raw.writeBigUInt64LE(BigInt(at), 64)
  raw.writeUInt32LE(1, 72)
  return raw
}
