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
  extra?: Buffer
  /** Place of the local header, when it is not where it was written. */
  offset?: number
  /** Bytes before the local header. */
  before?: Buffer
}

/** Builds a ZIP by hand, so that it can be wrong in any way. */
export function buildZip(
  entries: HostileEntry[],
  options: { count?: number; comment?: string; beforeDirectory?: Buffer; tail?: Buffer } = {}
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
    if (entry.before) push(entry.before)
    const offset = entry.offset ?? at
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(20, 4)
    local.writeUInt16LE(flags, 6)
    local.writeUInt16LE(method, 8)
    local.writeUInt32LE(entry.localSize ?? data.length, 18)
    local.writeUInt32LE(entry.localSize ?? data.length, 22)
    local.writeUInt16LE(localName.length, 26)
    push(Buffer.concat([local, localName, data]))
    const central = Buffer.alloc(46)
    central.writeUInt32LE(0x02014b50, 0)
    central.writeUInt16LE((3 << 8) | 63, 4)
    central.writeUInt16LE(20, 6)
    central.writeUInt16LE(flags, 8)
    central.writeUInt16LE(method, 10)
    central.writeUInt32LE(entry.storedSize ?? entry.size ?? data.length, 20)
    central.writeUInt32LE(entry.size ?? data.length, 24)
    central.writeUInt16LE(name.length, 28)
    central.writeUInt16LE(entry.extra?.length ?? 0, 30)
    central.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 38)
    central.writeUInt32LE(offset, 42)
    directory.push(Buffer.concat([central, name, entry.extra ?? Buffer.alloc(0)]))
  }
  if (options.beforeDirectory) push(options.beforeDirectory)
  const start = at
  const table = Buffer.concat(directory)
  const comment = Buffer.from(options.comment ?? '')
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(options.count ?? entries.length, 8)
  end.writeUInt16LE(options.count ?? entries.length, 10)
  end.writeUInt32LE(table.length, 12)
  end.writeUInt32LE(start, 16)
  end.writeUInt16LE(comment.length, 20)
  return Buffer.concat([...parts, table, end, comment, options.tail ?? Buffer.alloc(0)])
}
