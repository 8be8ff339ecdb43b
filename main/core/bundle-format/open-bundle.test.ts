import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openRegularFile, readRange } from './file-chunks'
import { openBundle } from './open-bundle'
import { exists, packBundle, syncFolder, writeContainer } from './pack-bundle'
import { allFiles, freshFolder, removeFolders, writeFiles } from './sample-bundle.fixture'

afterAll(removeFolders)

const large = Buffer.alloc(2 * 1024 * 1024 + 5, 'abcdefg')
let folder: string
let file: string
beforeEach(async () => {
  folder = writeFiles({ 'b/one.txt': 'one', 'a.txt': '', 'large.bin': large.toString() })
  file = join(freshFolder(), 'x.drydock')
  await packBundle(folder, file)
})

describe('an opened bundle', () => {
  it('says what it holds, in either form', async () => {
    for (const [path, form] of [
      [folder, 'directory'],
      [file, 'file']
    ] as const) {
      const bundle = await openBundle(path)
      const files = [
        { name: 'a.txt', bytes: 0 },
        { name: 'b/one.txt', bytes: 3 },
        { name: 'large.bin', bytes: large.length }
      ]
      expect(bundle.contents()).toEqual({ path, form, files, totalBytes: large.length + 3 })
      expect([bundle.path, bundle.form, bundle.list()]).toEqual([path, form, files])
      await bundle.close()
    }
  })

  it('gives its files in pieces of a mebibyte at most, and whole up to a limit', async () => {
    for (const path of [folder, file]) {
      const bundle = await openBundle(path)
      const pieces: number[] = []
      for await (const chunk of bundle.chunks('large.bin')) pieces.push(chunk.length)
      expect(pieces).toEqual([1024 * 1024, 1024 * 1024, 5])
      expect((await bundle.read('large.bin')).equals(large)).toBe(true)
      expect((await bundle.read('b/one.txt', 3)).toString()).toBe('one')
      expect(await bundle.read('a.txt', 0)).toHaveLength(0)
      await expect(bundle.read('b/one.txt', 2)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringContaining('b/one.txt has 3 bytes, more than the 2')
      })
      expect(() => bundle.chunks('b')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
      await bundle.close()
    }
  })

  it('reads 16 MiB at once unless told', async () => {
    const path = join(folder, 'huge.bin')
    for (const [bytes, outcome] of [
      [16 * 1024 * 1024, 'read'],
      [16 * 1024 * 1024 + 1, 'more than the 16777216 that are read at once']
    ] as const) {
      writeFileSync(path, '')
      truncateSync(path, bytes)
      const bundle = await openBundle(folder)
      expect(
        await bundle.read('huge.bin').then(
          ({ length }) => (length === bytes ? 'read' : 'cut'),
          (error: Error) => error.message
        )
      ).toContain(outcome)
    }
  })

  it('is written out whole, or leaves nothing behind', async () => {
    for (const path of [folder, file]) {
      const bundle = await openBundle(path)
      const target = join(freshFolder(), 'out')
      await bundle.extractTo(target)
      expect(allFiles(target).sort()).toEqual(['a.txt', 'b/one.txt', 'large.bin'])
      expect(readFileSync(join(target, 'large.bin')).equals(large)).toBe(true)
      // Whatever a bundle says, nothing that comes out of it is a program.
      expect(allFiles(target).map((name) => statSync(join(target, name)).mode & 0o133)).toEqual([0, 0, 0])
      await expect(bundle.extractTo(target)).rejects.toMatchObject({ code: 'CONFLICT' })
      await expect(bundle.extractTo(join(target, 'a.txt', 'x'))).rejects.toMatchObject({ code: expect.not.stringMatching('CONFLICT') })
      expect(allFiles(target).sort()).toEqual(['a.txt', 'b/one.txt', 'large.bin'])
      truncateSync(path === folder ? join(folder, 'large.bin') : file, 100)
      const other = join(freshFolder(), 'other')
      await expect(bundle.extractTo(other)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringMatching(
          path === folder ? /^large.bin changed its size while the bundle was read\./ : /^The bundle file became shorter/
        ),
        details: { check: 'container', files: [{ name: 'large.bin' }] }
      })
      expect(existsSync(other)).toBe(false)
      await bundle.close()
    }
  })

  it('is a folder or a file, and is there', async () => {
    await expect(openBundle(`${folder}-absent`)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(openBundle('/dev/null')).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('neither a bundle folder nor a bundle file')
    })
    const hollow = freshFolder()
    await expect(openBundle(hollow)).rejects.toMatchObject({
      message: expect.stringContaining('The folder is empty.'),
      details: { check: 'layout', files: [] }
    })
    const many = { totalBytes: 1e9, entries: 2 }
    await expect(openBundle(folder, many)).rejects.toMatchObject({ details: { check: 'container' } })
    await expect(openBundle(file, many)).rejects.toMatchObject({ message: expect.stringContaining('3 files, more than the 2') })
    for (const path of [folder, file]) await (await openBundle(path, { totalBytes: large.length + 3, entries: 3 })).close()
  })

  it.each<[string, (path: string) => void, string]>([
    ['a link to a file', (path) => symlinkSync('a.txt', join(path, 'b/link')), 'b/link is a symbolic link'],
    ['a link to a folder', (path) => symlinkSync('b', join(path, 'link')), 'link is a symbolic link'],
    ['a pipe', (path) => void spawnSync('mkfifo', [join(path, 'pipe')]), 'pipe is neither a file nor a folder'],
    ['an empty folder', (path) => mkdirSync(join(path, 'b/c')), 'The folder b/c is empty']
  ])('has not %s', async (_what, change, message) => {
    change(folder)
    const name = /^(?:The folder )?(\S+)/.exec(message)?.[1]
    await expect(openBundle(folder)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining(message),
      details: { check: 'layout', files: [{ name }] }
    })
  })
})

describe('a name that hides something', () => {
  it.each<[string, (path: string) => void]>([
    ['of a link', (path) => symlinkSync('a.txt', path)],
    ['of an empty folder', (path) => mkdirSync(path)],
    ['of a pipe', (path) => void spawnSync('mkfifo', [path])],
    ['of a file', (path) => writeFileSync(path, '')]
  ])('%s is shown by its escapes, in the sentence and in the list', async (_what, make) => {
    make(join(folder, 'x\u202ey\u001b[2J'))
    const failure: unknown = await openBundle(folder).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'INVALID_INPUT', details: { files: [{ name: 'x\\u202ey\\u001b[2J' }] } })
    expect((failure as Error).message).toContain('x\\u202ey\\u001b[2J')
    expect(`${String(failure)} ${JSON.stringify((failure as { details?: unknown }).details)}`).not.toMatch(/[\u202e\u001b]/)
  })
})

describe('a file of a bundle', () => {
  it('is read in the range that was asked for, and fails when it is shorter', async () => {
    const handle = await openRegularFile(join(folder, 'large.bin'))
    const parts: Buffer[] = []
    for await (const chunk of readRange(handle, 3, 1024 * 1024 + 2)) parts.push(Buffer.from(chunk))
    expect(parts.map(({ length }) => length)).toEqual([1024 * 1024, 2])
    expect(Buffer.concat(parts).equals(large.subarray(3, 3 + 1024 * 1024 + 2))).toBe(true)
    await expect(
      (async () => {
        for await (const _ of readRange(handle, large.length - 2, 3));
      })()
    ).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' })
    await handle.close()
  })

  it('is never a link that took its place, nor a folder', async () => {
    const link = join(freshFolder(), 'link')
    symlinkSync(join(folder, 'a.txt'), link)
    await expect(openRegularFile(link)).rejects.toThrow()
    await expect(openRegularFile(join(folder, 'b'))).rejects.toMatchObject({ code: expect.any(String) })
    const bundle = await openBundle(folder)
    rmSync(join(folder, 'b/one.txt'))
    symlinkSync('../large.bin', join(folder, 'b/one.txt'))
    await expect(bundle.read('b/one.txt')).rejects.toThrow()
  })
})

describe('a packed file', () => {
  it('says where it is and how large, lies outside of its folder, and replaces nothing', async () => {
    const other = join(freshFolder(), 'y.drydock')
    expect(await packBundle(folder, other)).toEqual({ path: other, bytes: readFileSync(other).length })
    expect(readFileSync(other).equals(readFileSync(file))).toBe(true)
    for (const [path, code] of [
      [other, 'CONFLICT'],
      [join(folder, 'x.drydock'), 'INVALID_INPUT'],
      [join(folder, 'b', '..', 'x.drydock'), 'INVALID_INPUT']
    ] as const)
      await expect(packBundle(folder, path)).rejects.toMatchObject({ code })
    await expect(packBundle(file, join(freshFolder(), 'z.drydock'))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('is a file already')
    })
    expect((await packBundle(folder, `${folder}.drydock`)).bytes).toBe(readFileSync(file).length)
  })

  it('appears whole or not at all, after what it replaces is let go', async () => {
    const place = freshFolder()
    const target = join(place, 'x.drydock')
    const entry = (name: string, content: string, bytes = content.length) => ({
      name,
      bytes,
      async *chunks() {
        yield Buffer.from(content)
      }
    })
    await expect(writeContainer(target, [entry('a', 'text'), entry('b', 'text', 5)])).rejects.toThrow()
    await expect(writeContainer(target, [entry('a', 'text')], () => Promise.reject(new Error('held')))).rejects.toThrow('held')
    expect(readdirSync(place)).toEqual([])
    const failing = {
      name: 'a',
      bytes: 4,
      async *chunks(): AsyncGenerator<Buffer> {
        yield Buffer.from('te')
        throw new Error('gone')
      }
    }
    await expect(writeContainer(target, [failing])).rejects.toThrow('gone')
    expect(readdirSync(place)).toEqual([])
    let seen: string[] = []
    const size = await writeContainer(target, [entry('b', 'two'), entry('a', 'one')], async () => void (seen = readdirSync(place)))
    expect(seen).toEqual([expect.stringMatching(/^x\.drydock\.[0-9a-f]{12}\.partial$/)])
    expect([readdirSync(place), readFileSync(target).length]).toEqual([['x.drydock'], size])
    const bundle = await openBundle(target)
    expect([bundle.list().map(({ name }) => name), (await bundle.read('b')).toString()]).toEqual([['a', 'b'], 'two'])
    await bundle.close()
  })

  it('rests on small things that hold: what is there, and a folder that may not be opened', async () => {
    expect([await exists(file), await exists(folder), await exists(`${file}x`)]).toEqual([true, true, false])
    await syncFolder(folder)
    await syncFolder(`${folder}-absent`)
  })
})
