import { closeSync, openSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { HostileEntry } from './hostile-zip.fixture'
import { buildZip, descriptor, wideEnd } from './hostile-zip.fixture'
import { openBundle } from './open-bundle'
import { freshFolder, removeFolders } from './sample-bundle.fixture'

afterAll(removeFolders)

const file = join(freshFolder(), 'x.drydock')
/** Whether a container with these bytes is opened; what is refused is refused for its container. */
async function isOpened(bytes: Buffer): Promise<boolean> {
  writeFileSync(file, bytes)
  try {
    await (await openBundle(file)).close()
    return true
  } catch (error) {
    expect(error).toMatchObject({ code: 'INVALID_INPUT', details: { check: 'container' } })
    return false
  }
}
/** Places from `start` whose byte may be another one without that the container is refused. */
async function freePlaces(bytes: Buffer, start: number, length: number, flip = 1): Promise<number[]> {
  const free: number[] = []
  for (let place = 0; place < length; place++) {
    const changed = Buffer.from(bytes)
    changed[start + place] = (changed[start + place] ?? 0) ^ flip
    if (await isOpened(changed)) free.push(place)
  }
  return free
}
const bytesOf = (...parts: [size: 2 | 4 | 8, value: number][]) =>
  Buffer.concat(
    parts.map(([size, value]) => {
      const raw = Buffer.alloc(8)
      raw.writeBigUInt64LE(BigInt(value))
      return raw.subarray(0, size)
    })
  )
const field = (id: number, data: Buffer) => Buffer.concat([bytesOf([2, id], [2, data.length]), data])

const plain: HostileEntry = { name: 'a', data: 'hello', crc: 0x01020304 }
const second: HostileEntry = { name: 'b', data: 'x' }
const localBytes = 30 + 1

describe('the header before the data of a file', () => {
  it('says what the table of contents says, but for the version', async () => {
    expect(await freePlaces(buildZip([plain, second]), 0, localBytes)).toEqual([4, 5])
  })

  it('may leave checksum and sizes to what follows the data, and then says nothing else of them', async () => {
    const later = { ...plain, flags: 0x808, localCrc: 0, localSize: 0, after: descriptor(0x01020304, 5) }
    const told = { ...later, localCrc: plain.crc!, localSize: 5 }
    expect(await isOpened(buildZip([told, second]))).toBe(true)
    expect(await freePlaces(buildZip([later, second]), 0, localBytes)).toEqual([4, 5])
    const unannounced = { ...later, flags: 0x800 }
    expect(await isOpened(buildZip([unannounced, second]))).toBe(false)
    expect(await isOpened(buildZip([{ ...unannounced, after: Buffer.alloc(0) }, second]))).toBe(false)
  })

  it('leaves its sizes to no field of their own where they fit into it', async () => {
    const wide = (...values: number[]) => field(1, bytesOf(...values.map((value): [8, number] => [8, value])))
    const later = { ...plain, flags: 0x808, localCrc: 0, after: descriptor(0x01020304, 5) }
    for (const entry of [plain, later])
      for (const localExtra of [wide(5, 5), wide(0, 0), wide(5, 4), wide(5), wide(), Buffer.alloc(0)])
        expect(await isOpened(buildZip([{ ...entry, localSize: 0xffffffff, localExtra }, second]))).toBe(false)
    expect(await isOpened(buildZip([{ ...plain, localExtra: wide(5, 5) }, second]))).toBe(false)
    for (const place of [18, 22]) {
      const one = buildZip([{ ...plain, localExtra: wide(5) }, second])
      one.writeUInt32LE(0xffffffff, place)
      expect(await isOpened(one)).toBe(false)
    }
  })

  it('has them there where they do not fit, both and right', async () => {
    const bytes = 2 ** 32
    const opened: [number[], boolean][] = []
    for (const sizes of [[bytes, bytes], [bytes, 5], [0, 0], [bytes], [bytes, bytes, 0]]) {
      writeFileSync(file, '')
      truncateSync(file, 0)
      const [start, end] = largeContainer(bytes, field(1, bytesOf(...sizes.map((size): [8, number] => [8, size]))))
      const handle = openSync(file, 'w')
      writeSync(handle, start)
      writeSync(handle, end, 0, end.length, start.length + bytes)
      closeSync(handle)
      const refused = await openBundle(file).then(
        async (bundle) => void (await bundle.close()),
        (error: unknown) => error
      )
      opened.push([sizes, refused === undefined])
    }
    truncateSync(file, 0)
    expect(opened.filter(([, isOpen]) => isOpen)).toEqual([[[bytes, bytes], true]])
  })

  it('has no second name and no field but the times and the owner, once and in their own form', async () => {
    const time = (flags: number, ...bytes: number[]) => field(0x5455, Buffer.from([flags, ...bytes, ...new Array<number>(4).fill(1)]))
    const owner = field(0x7875, Buffer.from([1, 4, 0, 0, 0, 0, 4, 0, 0, 0, 0]))
    const allowed = [time(1), time(3, 1, 2, 3, 4), owner, Buffer.concat([time(1), owner])]
    for (const localExtra of allowed) expect(await isOpened(buildZip([{ ...plain, localExtra }, second]))).toBe(true)
    const refused = [
      field(0x7075, Buffer.from('\u0001....../up.txt')),
      Buffer.concat([time(1), field(0x7075, Buffer.from('\u0001....evil'))]),
      bytesOf([2, 0x5455], [2, 9]),
      field(0x5455, Buffer.alloc(5)),
      time(1, 7),
      time(8),
      field(0x7875, Buffer.alloc(11)),
      field(0x000a, Buffer.alloc(32)),
      field(0xcafe, Buffer.from('hidden')),
      field(0xcafe, Buffer.alloc(0)),
      Buffer.concat([owner, owner]),
      Buffer.concat([owner, Buffer.of(0)]),
      Buffer.of(1, 2, 3)
    ]
    for (const localExtra of refused)
      expect([localExtra.toString('hex'), await isOpened(buildZip([{ ...plain, localExtra }, second]))]).toEqual([
        localExtra.toString('hex'),
        false
      ])
  })
})

describe('what follows the data of a file', () => {
  const [crc, size] = [0x01020304, 5]
  const signature: [4, number] = [4, 0x08074b50]
  const forms: [string, Buffer][] = [
    ['12 bytes', bytesOf([4, crc], [4, size], [4, size])],
    ['16 bytes', bytesOf(signature, [4, crc], [4, size], [4, size])],
    ['20 bytes', bytesOf([4, crc], [8, size], [8, size])],
    ['24 bytes', bytesOf(signature, [4, crc], [8, size], [8, size])]
  ]
  it.each(forms)('has %s, of which none may be another one', async (_what, after) => {
    const later = { ...plain, flags: 0x808, localCrc: 0, localSize: 0, after }
    for (const entries of [[later, second], [later]]) {
      const bytes = buildZip(entries)
      expect(await isOpened(bytes)).toBe(true)
      expect(await freePlaces(bytes, localBytes + size, after.length)).toEqual([])
    }
  })

  it('is never longer or shorter, nor there when it was not announced', async () => {
    for (const length of [1, 8, 11, 13, 15, 17, 19, 21, 23, 25, 28]) {
      const after = Buffer.concat([forms[3]![1], Buffer.alloc(4)]).subarray(0, length)
      expect([length, await isOpened(buildZip([{ ...plain, flags: 0x808, localCrc: 0, localSize: 0, after }, second]))]).toEqual([
        length,
        false
      ])
    }
    for (const [, after] of forms) expect(await isOpened(buildZip([{ ...plain, after }, second]))).toBe(false)
  })
})

describe('an entry of the table of contents', () => {
  it('is that of the header, but for versions, permissions and what no reader looks at', async () => {
    const bytes = buildZip([plain, second])
    const table = bytes.readUInt32LE(bytes.length - 6)
    // Made by, needed; first disk, text or not, permissions.
    expect(await freePlaces(bytes, table, 46 + 1)).toEqual([4, 5, 6, 7, 34, 35, 36, 37, 38, 39, 40, 41])
  })

  it('is a plain file or says nothing of its kind', async () => {
    const kinds = [0, 0o100644, 0o010644, 0o020644, 0o040755, 0o060644, 0o120777, 0o140755]
    const opened: number[] = []
    for (const mode of kinds) if (await isOpened(buildZip([{ ...plain, mode }]))) opened.push(mode)
    expect(opened).toEqual([0, 0o100644])
  })

  it('may have its sizes in a field of their own', async () => {
    const extra = field(1, bytesOf([8, 5], [8, 5]))
    expect(await isOpened(buildZip([{ ...plain, size: 0xffffffff, extra }]))).toBe(true)
    expect(await isOpened(buildZip([{ ...plain, size: 0xffffffff, extra: field(1, bytesOf([8, 5], [8, 4])) }]))).toBe(false)
  })

  it('has no field that no signature covers, and nothing but its size and its place in that of the sizes', async () => {
    const time = field(0x5455, Buffer.from([3, 1, 2, 3, 4]))
    expect(await isOpened(buildZip([{ ...plain, extra: time }]))).toBe(true)
    for (const extra of [
      field(0x5455, Buffer.from([3, 1, 2, 3, 4, 1, 2, 3, 4])),
      field(0xcafe, Buffer.from('hidden')),
      Buffer.concat([time, time]),
      Buffer.concat([time, Buffer.of(0)]),
      field(1, bytesOf([8, 5], [8, 5], [8, 0], [4, 0])),
      field(1, bytesOf([8, 9]))
    ])
      expect([extra.toString('hex'), await isOpened(buildZip([{ ...plain, extra }]))]).toEqual([extra.toString('hex'), false])
  })

  it('has a name in ASCII where it does not say that it is Unicode', async () => {
    expect(await isOpened(buildZip([{ ...plain, flags: 0 }]))).toBe(true)
    expect(await isOpened(buildZip([{ ...plain, name: 'a\u007e', flags: 0 }]))).toBe(true)
    expect(await isOpened(buildZip([{ ...plain, name: Buffer.from([0x80]), flags: 0 }]))).toBe(false)
    expect(await isOpened(buildZip([{ ...plain, name: '\u00fc' }]))).toBe(true)
  })
})

describe('the end of a container', () => {
  const bytes = buildZip([plain, second])
  const end = bytes.length - 22
  const start = bytes.readUInt32LE(bytes.length - 6)
  const wide = buildZip([plain, second], { beforeEnd: wideEnd(2, end - start, start, end) })

  it('says what stands before it, in every byte', async () => {
    expect(await freePlaces(bytes, end, 22)).toEqual([])
    expect(await freePlaces(bytes, end, 22, 0xff)).toEqual([])
  })

  it('says so in its form of eight bytes too, but for versions and the number of disks', async () => {
    expect(await isOpened(wide)).toBe(true)
    expect(await freePlaces(wide, end, 76 + 22)).toEqual([12, 13, 14, 15, 72, 73, 74, 75])
    expect(await freePlaces(wide, end, 76 + 22, 0xff)).toEqual([12, 13, 14, 15, 72, 73, 74, 75])
  })

  it('names no place beyond the largest number of the system, which would throw where nobody catches it', async () => {
    const beyond = 2 ** 60
    for (const record of [wideEnd(2, end - start, beyond, end), wideEnd(2, end - start, start, beyond)])
      expect(await isOpened(buildZip([plain, second], { beforeEnd: record }))).toBe(false)
    const far = field(1, bytesOf([8, beyond]))
    expect(await isOpened(buildZip([{ ...plain, offset: 0xffffffff, extra: far }, second]))).toBe(false)
  })

  it('leaves to that form what it has no room for, and only where that form is there', async () => {
    for (const places of [[8, 10], [12], [16], [8, 10, 12, 16]]) {
      const left = (container: Buffer) => {
        const changed = Buffer.from(container)
        for (const place of places) changed.fill(0xff, changed.length - 22 + place, changed.length - 22 + place + (place < 12 ? 2 : 4))
        return changed
      }
      expect([places, await isOpened(left(wide))]).toEqual([places, true])
      expect([places, await isOpened(left(bytes))]).toEqual([places, false])
    }
  })
})

/** What stands before and behind the bytes of one large file, with sizes of eight bytes and a field for them before the data. */
function largeContainer(bytes: number, localExtra: Buffer): [Buffer, Buffer] {
  const whole = buildZip([{ ...plain, data: '', size: 0xffffffff, localSize: 0xffffffff, localExtra, extra: field(1, bytesOf([8, bytes], [8, bytes])) }]) // prettier-ignore
  const start = whole.readUInt32LE(whole.length - 6)
  const table = whole.subarray(start, -22)
  const last = Buffer.from(whole.subarray(-22))
  last.writeUInt32LE(0xffffffff, 16)
  return [whole.subarray(0, start), Buffer.concat([table, wideEnd(1, table.length, start + bytes, start + bytes + table.length), last])]
}
