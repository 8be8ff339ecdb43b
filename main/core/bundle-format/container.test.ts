import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  truncateSync,
  utimesSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { crc32 } from './crc32'
import type { HostileEntry } from './hostile-zip.fixture'
import { buildZip, descriptor, wideEnd } from './hostile-zip.fixture'
import { openBundle, packBundle, signDirectory, verifyBundle } from './index'
import { allFiles, freshFolder, newKey, publicPem, removeFolders, sampleFiles, sha256, writeFiles } from './sample-bundle.fixture'

afterAll(removeFolders)

/** Independent implementations of ZIP, when this machine has them. */
const hasPython = spawnSync('python3', ['-c', 'import zipfile']).status === 0
const hasInfoZip = spawnSync('zip', ['-v']).status === 0

async function packed(folder: string): Promise<string> {
  const file = join(freshFolder(), 'x.drydock')
  await packBundle(folder, file)
  return file
}

describe('a packed bundle', () => {
  it.skipIf(!hasPython)('is opened by another program, stored and with a fixed date', async () => {
    const folder = writeFiles()
    const file = await packed(folder)
    const listing = execFileSync('python3', ['-c', 'import sys,zipfile,json;z=zipfile.ZipFile(sys.argv[1]);assert z.testzip() is None;print(json.dumps({i.filename:[i.file_size,i.compress_type,list(i.date_time)] for i in z.infolist()}))', file]).toString() // prettier-ignore
    const entries = Object.entries(JSON.parse(listing) as Record<string, unknown>)
    expect(entries.map(([name]) => name).sort()).toEqual(Object.keys(sampleFiles).sort())
    for (const [name, facts] of entries) expect(facts).toEqual([Buffer.byteLength(sampleFiles[name] ?? ''), 0, [1980, 2, 1, 12, 0, 0]])
  })

  it('is opened by us with the same content', async () => {
    const file = await packed(writeFiles())
    const bundle = await openBundle(file)
    const target = join(freshFolder(), 'out')
    await bundle.extractTo(target)
    for (const [name, content] of Object.entries(sampleFiles)) {
      expect((await bundle.read(name)).toString()).toBe(content)
      expect(readFileSync(join(target, name), 'utf8')).toBe(content)
    }
    expect(bundle.list().map((item) => item.name)).toEqual(
      Object.keys(sampleFiles).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    )
    await expect(bundle.extractTo(target)).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(bundle.read('README.md', 3)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(bundle.read('absent')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(openDescriptors(file)).toBe(process.platform === 'linux' ? 1 : 0)
    await bundle.close()
    await bundle.close()
    expect(openDescriptors(file)).toBe(0)
  })

  it('has the same bytes for the same content, whatever order, time, permission and time zone', async () => {
    const name = fc.stringMatching(/^[a-z]{1,6}(\/[a-z]{1,4}){0,2}$/)
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, fc.string(), { minKeys: 1, maxKeys: 6, noNullPrototype: true }), async (generated) => {
        const files = withoutFolders(generated)
        const first = writeFiles(files)
        const second = writeFiles(Object.fromEntries(Object.entries(files).reverse()))
        for (const file of allFiles(second)) {
          utimesSync(join(second, file), 1e9, 1e9)
          chmodSync(join(second, file), 0o600)
        }
        const before = process.env['TZ']
        const one = readFileSync(await packed(first))
        process.env['TZ'] = 'Pacific/Auckland'
        const two = readFileSync(await packed(second))
        if (before === undefined) delete process.env['TZ']
        else process.env['TZ'] = before
        expect(sha256(two)).toBe(sha256(one))
      }),
      { numRuns: 25 }
    )
  })

  it('is not made over an existing file, inside its folder, of a file, or of links', async () => {
    const folder = writeFiles()
    const file = await packed(folder)
    await expect(packBundle(folder, file)).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(packBundle(folder, join(folder, 'x.drydock'))).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(packBundle(file, `${file}2`)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(packBundle(join(folder, 'absent'), `${file}2`)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    mkdirSync(join(folder, 'empty'))
    await expect(packBundle(folder, `${file}2`)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(packBundle(writeFiles(), join(folder, 'no', 'where', 'x.drydock'))).rejects.toMatchObject({ code: expect.any(String) })
    expect(existsSync(`${file}2`)).toBe(false)
    expect(readdirSync(join(file, '..'))).toEqual(['x.drydock'])
  })

  it('with 200 MB is verified in pieces', async () => {
    const folder = writeFiles({ ...sampleFiles, 'model/big.bin': '' })
    truncateSync(join(folder, 'model/big.bin'), 200 * 1024 * 1024)
    const key = newKey()
    await signDirectory(folder, { key })
    const file = await packed(folder)
    const before = process.memoryUsage().rss
    let most = before
    const fractions: number[] = []
    const report = await verifyBundle(file, { publicKeyPem: publicPem(key) }, {
      onProgress: (fraction) => {
        fractions.push(fraction)
        most = Math.max(most, process.memoryUsage().rss)
      }
    }) // prettier-ignore
    expect(report.verdict).toBe('holds')
    expect(most - before).toBeLessThan(100 * 1024 * 1024)
    expect(fractions.length).toBeGreaterThan(100)
    expect(fractions[fractions.length - 1]).toBe(1)
    const stop = new AbortController()
    stop.abort()
    await expect(verifyBundle(file, {}, { signal: stop.signal })).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})

describe('a hostile container', () => {
  const good: HostileEntry = { name: 'README.md', data: 'hello' }
  const sum = crc32(Buffer.from('hello'))
  const later: HostileEntry = { name: 'a', data: 'hello', flags: 0x808, localCrc: 0, localSize: 0, after: descriptor(sum, 5) }
  const cases: [string, RegExp, Buffer][] = [
    ['a path upwards', /"\.\."/, buildZip([good, { name: '../up.txt', data: 'x' }])],
    ['a path upwards inside', /"\.\."/, buildZip([{ name: 'a/../../up.txt', data: 'x' }])],
    ['an absolute path', /absolute/, buildZip([{ name: '/etc/passwd', data: 'x' }])],
    ['a drive', /drive/, buildZip([{ name: 'C:/x', data: 'x' }])],
    ['a drive-relative path', /drive/, buildZip([{ name: 'c:x', data: 'x' }])],
    ['a backslash', /backslash/, buildZip([{ name: 'a\\..\\x', data: 'x' }])],
    ['a NUL', /NUL/, buildZip([{ name: 'a.txt\0.exe', data: 'x' }])],
    ['a "./"', /"\."/, buildZip([{ name: './a', data: 'x' }])],
    ['a "//"', /empty part/, buildZip([{ name: 'a//b', data: 'x' }])],
    ['an empty name', /empty name/, buildZip([{ name: '', data: 'x' }])],
    ['a line break', /control/, buildZip([{ name: 'a\nb', data: 'x' }])],
    ['a writing direction', /direction/, buildZip([{ name: 'a\u202egpj.exe', data: 'x' }])],
    ['a stream of NTFS', /Windows/, buildZip([{ name: 'a.txt:hidden', data: 'x' }])],
    ['a device', /reserves/, buildZip([{ name: 'a/NUL.txt', data: 'x' }])],
    ['a trailing dot', /dot or a space/, buildZip([{ name: 'a.', data: 'x' }])],
    ['a byte order mark before the name', /invisible/, buildZip([{ name: '\ufeffa', data: 'x' }])],
    ['a wrong encoding', /valid Unicode/, buildZip([{ name: Buffer.from([0x61, 0xff]), data: 'x' }])],
    ['an unknown character set', /character set/, buildZip([{ name: Buffer.from([0x61, 0xe4]), data: 'x', flags: 0 }])],
    ['a duplicate', /same name/, buildZip([good, { ...good, data: 'other' }])],
    ['a case collision', /same name/, buildZip([good, { name: 'readme.MD', data: 'x' }])],
    ['a Unicode collision', /same name/, buildZip([{ name: '\u00e9', data: 'x' }, { name: 'e\u0301', data: 'y' }])],
    ['a folder collision', /same name/, buildZip([{ name: 'Model/a', data: 'x' }, { name: 'model/b', data: 'y' }])],
    ['a file as folder', /same name/, buildZip([{ name: 'a', data: 'x' }, { name: 'a/b', data: 'y' }])],
    ['a symbolic link', /link/, buildZip([{ name: 'a', data: '/etc/passwd', mode: 0o120777 }])],
    ['a device file', /special file/, buildZip([{ name: 'a', mode: 0o020666 }])],
    ['a folder entry', /folder entry/, buildZip([good, { name: 'a/', mode: 0o040755 }])],
    ['encryption', /encrypted/, buildZip([{ name: 'a', data: 'x'.repeat(20), flags: 0x801, size: 8, storedSize: 20 }])],
    ['compression', /compressed/, buildZip([{ name: 'a', data: 'xx', method: 8, size: 1_000_000, storedSize: 2 }])],
    ['an unknown method', /compressed/, buildZip([{ name: 'a', data: 'xx', method: 99 }])],
    ['a size beyond the file', /size/, buildZip([{ name: 'a', data: 'x', size: 5_000_000 }])],
    ['two sizes', /damaged|size/, buildZip([{ name: 'a', data: 'xyz', size: 2, storedSize: 3 }])],
    ['a local size that differs', /size/, buildZip([{ name: 'a', data: 'xyz', localSize: 2 }])],
    ['a local name that differs', /disagree/, buildZip([{ name: 'a', localName: 'b', data: 'x' }])],
    ['a second name', /two names/, buildZip([{ name: 'a', data: 'x', extra: unicodePath('a', '../b') }])],
    ['overlapping files', /overlaps/, buildZip([{ name: 'a', data: 'x' }, { name: 'a', data: 'x' }, { name: 'b', data: 'y', offset: 0 }].slice(1))],
    ['a gap', /gap/, buildZip([good, { name: 'b', data: 'x', before: Buffer.from('hidden') }])],
    ['a prefix', /gap/, buildZip([{ name: 'b', data: 'x', before: Buffer.from('#!/bin/sh\n') }])],
    ['data before the table', /gap/, buildZip([good], { beforeDirectory: Buffer.from('hidden') })],
    ['a second table of contents', /gap|overlaps/, twoTables(false)],
    ['a second table that only some readers find', /disagree|behind the table/, twoTables(true)],
    ['data behind the table', /behind the table/, buildZip([good], { beforeEnd: Buffer.from('hidden payload') })],
    ['a whole container before it', /behind the table/, Buffer.concat([buildZip([good]), buildZip([good])])],
    ['a table that lies about its size', /disagree/, buildZip([good], { directoryBytes: 4 })],
    ['a descriptor that lies', /gap/, buildZip([{ ...later, after: descriptor(sum, 6) }, good])],
    ['a descriptor with another checksum', /gap/, buildZip([{ ...later, after: descriptor(sum + 1, 5) }, good])],
    ['a payload in place of a descriptor', /gap/, buildZip([{ ...later, after: Buffer.from('sixteen letters!') }, good])],
    ['a descriptor that is missing', /gap/, buildZip([{ ...later, after: Buffer.alloc(0) }, good])],
    ['encryption by one table only', /disagree/, buildZip([{ ...good, localFlags: 0x801 }])],
    ['two checksums', /disagree/, buildZip([{ ...good, crc: 1, localCrc: 2 }])],
    ['four gigabytes that are not there', /size/, buildZip([{ name: 'a', data: 'x', size: 0xfffffffe }])],
    ['a name of 60,000 bytes', /too long|damaged|not a bundle/, buildZip([{ name: 'n'.repeat(60_000), data: 'x' }])],
    ['a comment of a file', /comment/, buildZip([{ ...good, comment: 'hello' }])],
    ['a comment', /comment/, buildZip([good], { comment: 'hello' })],
    ['a tail', /not a bundle/, buildZip([good], { tail: Buffer.from('tail') })],
    ['more entries than there are', /damaged/, buildZip([good], { count: 3 })],
    ['no entry', /empty/, buildZip([])],
    ['.git in the root', /\.git/, buildZip([good, { name: '.git/config', data: 'x' }])],
    ['an ambiguous order', /order/, buildZip([{ name: 'a-b/x', data: 'x' }, { name: 'a/x', data: 'x' }])],
    ['no container at all', /not a bundle/, Buffer.from('just text')],
    ['nothing', /not a bundle/, Buffer.alloc(0)],
    ['a cut container', /not a bundle/, buildZip([good]).subarray(0, 60)]
  ] // prettier-ignore

  it.each(cases)('with %s is refused before a byte is written', async (_what, message, bytes) => {
    const folder = freshFolder()
    const file = join(folder, 'x.drydock')
    writeFileSync(file, bytes)
    await expect(openBundle(file)).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringMatching(message) })
    const report = await verifyBundle(file)
    expect(report.verdict).toBe('altered')
    expect(report.checks.filter((check) => check.status === 'fail').map((check) => check.id)).toHaveLength(1)
    expect(readdirSync(folder)).toEqual(['x.drydock'])
    expect(openDescriptors(file)).toBe(0)
  })

  it('differs from a sound one built the same way only in its fault', async () => {
    const file = join(freshFolder(), 'x.drydock')
    const entries = [later, good, { name: 'model/a', data: 'x' }]
    const { length } = buildZip(entries)
    const table = length - 22
    const start = buildZip(entries).readUInt32LE(length - 6)
    for (const bytes of [buildZip(entries), buildZip(entries, { beforeEnd: wideEnd(3, table - start, start, table) })]) {
      writeFileSync(file, bytes)
      const bundle = await openBundle(file)
      expect((await bundle.read('model/a')).toString()).toBe('x')
      expect((await bundle.read('a')).toString()).toBe('hello')
      await bundle.close()
    }
  })

  it.skipIf(!hasPython)('written by another program as a stored ZIP is read, seekable or as a stream', async () => {
    const script =
      'import sys,zipfile\nclass S:\n  def __init__(s,f): s.f=f\n  def write(s,b): return s.f.write(b)\n  def flush(s): s.f.flush()\nf=open(sys.argv[1],"wb")\nz=zipfile.ZipFile(S(f) if sys.argv[2]=="stream" else f,"w")\nfor n in ["b","a/\u00fc"]:\n  with z.open(n,"w",force_zip64=sys.argv[2]=="wide") as e: e.write(b"content")\nz.close()'
    for (const how of ['file', 'stream', 'wide']) {
      const file = join(freshFolder(), 'x.drydock')
      execFileSync('python3', ['-c', script, file, how])
      if (how === 'wide') await expect(openBundle(file)).rejects.toThrow(/leaves its size to another place/)
      else await assertContent(file)
    }
  })

  it.skipIf(!hasInfoZip)('written by Info-ZIP is read, with its times and owners', async () => {
    for (const more of [[], ['-X']]) {
      const folder = writeFiles({ b: 'content', 'a/u': 'content' })
      const file = join(freshFolder(), 'x.zip')
      execFileSync('zip', ['-q', '-0', '-D', '-r', ...more, file, '.'], { cwd: folder })
      await assertContent(file, 'a/u')
    }
  })

  it('whose file does not have the stated checksum is refused at the check of the container, whoever signed it', async () => {
    const folder = writeFiles()
    await signDirectory(folder, { key: newKey() })
    const bytes = readFileSync(await packed(folder))
    const table = bytes.readUInt32LE(bytes.length - 6)
    const place = bytes.indexOf('model/', table)
    const [sum, file] = [bytes.readUInt32LE(place - 46 + 16), join(freshFolder(), 'x.drydock')]
    const wrong = (sum ^ 1) >>> 0
    for (let at = bytes.indexOf(leBytes(sum)); at >= 0; at = bytes.indexOf(leBytes(sum), at + 4)) bytes.writeUInt32LE(wrong, at)
    writeFileSync(file, bytes)
    const report = await verifyBundle(file)
    expect(report.checks.filter((check) => check.status === 'fail')).toMatchObject([
      { id: 'container', detail: expect.stringMatching(/checksum/) }
    ])
    const bundle = await openBundle(file)
    await expect(bundle.extractTo(join(freshFolder(), 'out'))).rejects.toThrow(/checksum/)
    await bundle.close()
  })

  it.each(['badcrc', 'lupath'])('that went through once is refused for its container (%s)', async (name) => {
    const { verdict, checks } = await verifyBundle(join(__dirname, 'fixtures', `${name}.drydock`))
    expect([verdict, checks[0]]).toMatchObject(['altered', { id: 'container', status: 'fail' }])
  })

  it('of very many files that nobody signed is refused without a look at each of them', async () => {
    const file = join(freshFolder(), 'x.drydock')
    writeFileSync(file, buildZip(Array.from({ length: 50_000 }, (_, index) => ({ name: `d${index % 100}/f${index}`, data: 'x' }))))
    const before = process.cpuUsage()
    const report = await verifyBundle(file)
    const { user, system } = process.cpuUsage(before)
    expect(report).toMatchObject({ verdict: 'altered', summary: expect.stringMatching(/50000 files and no model\.sig/) })
    expect((user + system) / 1e6).toBeLessThan(4)
    const few = buildZip(Array.from({ length: 1000 }, (_, index) => ({ name: `f${index}`, data: 'x' })))
    writeFileSync(file, few)
    expect((await verifyBundle(file)).totals.allFiles).toBe(1000)
  })

  it('of too many or too large files is refused from its headers', async () => {
    const file = join(freshFolder(), 'x.drydock')
    writeFileSync(file, buildZip([good, { name: 'b', data: 'x'.repeat(100) }]))
    await expect(openBundle(file, { totalBytes: 50, entries: 10 })).rejects.toThrow(/larger than 50/)
    await expect(openBundle(file, { totalBytes: 500, entries: 1 })).rejects.toThrow(/more than the 1/)
    const folder = writeFiles()
    await expect(openBundle(folder, { totalBytes: 50, entries: 100 })).rejects.toThrow(/larger than 50/)
    await expect(openBundle(folder, { totalBytes: 5000, entries: 3 })).rejects.toThrow(/more than the 3/)
    expect((await verifyBundle(file, {}, { limits: { totalBytes: 50, entries: 10 } })).verdict).toBe('altered')
  })

  it('never crashes the reader, whichever bytes were changed', async () => {
    const original = buildZip([good, { name: 'model/a', data: 'weights' }, { name: 'z', data: '' }])
    const file = join(freshFolder(), 'x.drydock')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(original.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }), async (changes) => {
        const bytes = Buffer.from(original)
        for (const [at, value] of changes) bytes[at] = value
        writeFileSync(file, bytes)
        expect((await verifyBundle(file)).verdict).toBe('altered')
      }),
      { numRuns: 300 }
    )
  })
})

function leBytes(value: number): Buffer {
  const raw = Buffer.alloc(4)
  raw.writeUInt32LE(value)
  return raw
}

/** Two files that another program packed. */
async function assertContent(file: string, first = 'a/\u00fc'): Promise<void> {
  const bundle = await openBundle(file)
  expect((await bundle.read(first)).toString()).toBe('content')
  expect(bundle.list().map((item) => item.name)).toEqual([first, 'b'])
  await bundle.close()
}

/** How often this process has a file open, where the system tells (Linux); what stays open keeps a medium from being taken out. */
function openDescriptors(file: string): number {
  const folder = '/proc/self/fd'
  if (!existsSync(folder)) return 0
  const target = (descriptor: string): string | null => {
    try {
      return readlinkSync(join(folder, descriptor))
    } catch {
      return null
    }
  }
  return readdirSync(folder).filter((descriptor) => target(descriptor) === realpathSync(file)).length
}

/** Two sets of files in one container: the last end record points to the one, a hidden one to the other. */
function twoTables(wide: boolean): Buffer {
  const shown = buildZip([{ name: 'a', data: 'shown' }])
  const start = shown.readUInt32LE(shown.length - 6)
  const table = shown.subarray(start, -22)
  const hidden = Buffer.from(table)
  hidden[46] = 'b'.charCodeAt(0)
  if (wide) return Buffer.concat([shown.subarray(0, -22), hidden, wideEnd(1, table.length, start + table.length, shown.length - 22 + table.length), shown.subarray(-22)]) // prettier-ignore
  const end = Buffer.from(shown.subarray(-22))
  end.writeUInt32LE(start + table.length, 16)
  return Buffer.concat([shown.subarray(0, -22), table, end])
}

/** A ZIP extra field that gives the entry a second name (0x7075), with the right checksum of the first. */
function unicodePath(first: string, second: string): Buffer {
  let sum = 0xffffffff
  for (const byte of Buffer.from(first)) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1
  }
  const data = Buffer.alloc(9 + second.length)
  data.writeUInt16LE(0x7075, 0)
  data.writeUInt16LE(5 + second.length, 2)
  data.writeUInt8(1, 4)
  data.writeUInt32LE((sum ^ 0xffffffff) >>> 0, 5)
  data.write(second, 9)
  return data
}

/** Drops names that would need a file where another needs a folder, are reserved, or whose order is ambiguous. */
function withoutFolders(files: Record<string, string>): Record<string, string> {
  const names = Object.keys(files).filter((name) => !/(^|\/)(con|prn|aux|nul)(\/|$)/.test(name))
  const kept = names.filter((name) => !names.some((other) => other.startsWith(`${name}/`)))
  return Object.fromEntries([...kept.map((name) => [name, files[name] ?? '']), ['z0', '']])
}
