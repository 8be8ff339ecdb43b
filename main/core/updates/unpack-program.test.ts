import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { applyUpdate, type ApplyOptions } from './apply-update'
import { freshFolder, makePlace, makeUpdateFile, newKey, removeFolders, writeProgram } from './release.fixture'

const ours = newKey('Ours')
afterAll(removeFolders)
const top = 'drydock-0.2.0-linux-x64'

interface Member {
  name: string
  type?: string
  content?: string | Buffer
  target?: string
  size?: number
  magic?: string
  checksum?: number
}

/** One header and its content, byte by byte from the POSIX description, so that it can say what no honest program writes. */
function member({ name, type = '0', content = '', target = '', size, magic = 'ustar\x0000', checksum }: Member): Buffer {
  const header = Buffer.alloc(512)
  const put = (text: string, at: number): void => void header.write(text, at, 'utf8')
  const bytes = Buffer.from(content)
  put(name, 0)
  put('0000755\0', 100)
  put((size ?? bytes.length).toString(8).padStart(11, '0') + '\0', 124)
  put('00000000000\0', 136)
  header[156] = type.charCodeAt(0)
  put(target, 157)
  put(magic, 257)
  header.fill(0x20, 148, 156)
  const sum = header.reduce((total, byte) => total + byte, 0)
  put((checksum ?? sum).toString(8).padStart(6, '0') + '\0 ', 148)
  return Buffer.concat([header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)])
}

const program = (): Buffer => {
  const root = freshFolder()
  writeProgram(join(root, top), [ours], { version: '0.2.0' })
  return execFileSync('tar', ['-cf', '-', '-C', root, top])
}
const end = Buffer.alloc(1024)
/** The members behind an honest program. */
const withMembers = (...members: Member[]): Buffer => {
  const honest = program()
  const last = honest.length - [...honest].reverse().findIndex((byte) => byte !== 0)
  return Buffer.concat([honest.subarray(0, Math.ceil(last / 512) * 512), ...members.map(member), end])
}

async function apply(archive: Buffer, watch: ApplyOptions = {}) {
  const place = makePlace([ours])
  const update = await makeUpdateFile({ version: '0.2.0', key: ours, tarball: archive })
  const error = await applyUpdate(place, update, watch).then(
    () => null,
    (reason: unknown) => reason as { code: string; message: string }
  )
  return { place, error, left: readdirSync(place.versionsFolder).filter((name) => !name.startsWith('.lock')) }
}

describe('the program in an update', () => {
  it('is taken in every form that tar has for it', async () => {
    const root = freshFolder()
    const folder = writeProgram(join(root, top), [ours], { version: '0.2.0' })
    mkdirSync(join(folder, 'lib/empty'), { recursive: true })
    symlinkSync('../LICENSE', join(folder, 'bin/LICENSE'))
    symlinkSync('bin/drydock', join(folder, 'start'))
    for (const format of ['gnu', 'ustar', 'pax', 'posix']) {
      const archive = execFileSync('tar', [`--format=${format}`, '-cf', '-', '-C', root, top])
      const { error, place } = await apply(gzipSync(archive))
      expect(error, format).toBeNull()
      const made = join(place.versionsFolder, '0.2.0')
      expect(execFileSync('diff', ['-r', '--no-dereference', folder, made], { encoding: 'utf8' }), format).toBe('')
      expect(existsSync(join(made, 'lib/empty'))).toBe(true)
      expect(execFileSync(join(made, 'start'), { encoding: 'utf8' })).toBe('drydock 0.2.0\n')
    }
  }, 60_000)

  it.each<[string, () => Buffer]>([
    ['a name that climbs out', () => withMembers({ name: `${top}/../../out` })],
    ['an absolute name', () => withMembers({ name: '/tmp/drydock-out' })],
    ['a name beside the folder', () => withMembers({ name: 'beside' })],
    ['a name with a backslash', () => withMembers({ name: `${top}/a\\..\\b` })],
    ['a link that climbs out', () => withMembers({ name: `${top}/l`, type: '2', target: '../../out' })],
    ['an absolute link', () => withMembers({ name: `${top}/l`, type: '2', target: '/etc/passwd' })],
    ['a link that climbs after it went down', () => withMembers({ name: `${top}/a/l`, type: '2', target: 'up/../..' })],
    ['a link to the folder itself', () => withMembers({ name: `${top}/l`, type: '2', target: '.' })],
    ['a file behind a link', () => withMembers({ name: `${top}/l`, type: '2', target: 'bin' }, { name: `${top}/l/file` })],
    ['a hard link', () => withMembers({ name: `${top}/h`, type: '1', target: `${top}/LICENSE` })],
    ['a device', () => withMembers({ name: `${top}/d`, type: '3' })],
    ['a pipe', () => withMembers({ name: `${top}/p`, type: '6' })],
    ['a file twice', () => withMembers({ name: `${top}/LICENSE`, content: 'other' })],
    ['a file twice but for case', () => withMembers({ name: `${top}/license` })],
    ['a file in the place of a folder', () => withMembers({ name: `${top}/bin` })],
    ['a file below a file', () => withMembers({ name: `${top}/LICENSE/x` })],
    ['a size beyond the end', () => withMembers({ name: `${top}/x`, size: 1_000_000 })],
    ['a header whose sum is wrong', () => withMembers({ name: `${top}/x`, checksum: 1 })],
    ['a long name that is far too long', () => withMembers({ name: '././@LongLink', type: 'L', content: 'x'.repeat(100_000) })],
    ['a pax header that is damaged', () => withMembers({ name: 'x', type: 'x', content: '99 path=y\n' })],
    [
      'a pax name that climbs out',
      () => withMembers({ name: 'x', type: 'x', content: '22 path=../../escape!!\n'.slice(0, 21) + '\n' }, { name: `${top}/x` })
    ],
    ['something after its end', () => Buffer.concat([withMembers(), Buffer.from('more')])],
    ['no end', () => program().subarray(0, 1536)],
    ['no program', () => Buffer.concat([member({ name: `${top}/`, type: '5' }), end])],
    [
      'another version',
      () => {
        const root = freshFolder()
        writeProgram(join(root, top), [ours], { version: '0.2.1' })
        return execFileSync('tar', ['-cf', '-', '-C', root, top])
      }
    ]
  ])('is refused with %s, and nothing of it is left', async (_what, archive) => {
    const { error, left, place } = await apply(gzipSync(archive()))
    expect(error).toMatchObject({ message: expect.stringContaining('Nothing was changed') })
    expect(error?.code).toBe('INVALID_INPUT')
    expect(left).toEqual([])
    expect(existsSync('/tmp/drydock-out') || existsSync(join(place.versionsFolder, '../out'))).toBe(false)
  })

  it('is refused where it is packed badly', async () => {
    const packed = gzipSync(program())
    const cuts = Array.from({ length: 12 }, (_, at) => packed.subarray(0, Math.floor((packed.length * (at + 1)) / 13)))
    for (const bad of [...cuts, Buffer.from('no gzip'), Buffer.concat([packed.subarray(0, 40), Buffer.alloc(40), packed.subarray(80)])])
      // Nothing may be written any more, by then, in the folder that is taken away.
      expect(await apply(bad)).toMatchObject({ error: { code: 'INVALID_INPUT' }, left: [] })
  })

  it('is let go where the unpacking is cancelled', async () => {
    const stop = new AbortController()
    const large = gzipSync(withMembers({ name: `${top}/large`, content: randomBytes(4 << 20) }))
    const cancelled = await apply(large, {
      signal: stop.signal,
      onProgress: (now) => void (now.stage === 'Unpacking the program' && stop.abort())
    })
    expect(cancelled, String(cancelled.error)).toMatchObject({ error: { code: 'CANCELLED' }, left: [] })
  })

  it('has the rights that a program needs and no others', async () => {
    const { place } = await apply(gzipSync(program()))
    const path = (name: string): string => join(place.versionsFolder, '0.2.0', name)
    expect([statSync(path('bin/drydock')).mode & 0o7777, statSync(path('LICENSE')).mode & 0o7777]).toEqual([0o755, 0o644])
    expect(readFileSync(path('LICENSE'), 'utf8')).toContain('Apache')
  })
})
