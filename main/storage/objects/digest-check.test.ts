import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { assertDigest, isIntact } from './digest-check'
import { sha256 } from './durable-files'
import * as files from './durable-files'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drydock-digest-'))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true, force: true })
})
const file = (content: string): string => {
  const path = join(folder, 'file')
  writeFileSync(path, content)
  return path
}

/** Waits until the file's times would show another write. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50))

describe('digest check', () => {
  it('reads a file once for any number of callers, and again only when it was touched', async () => {
    const reads = vi.spyOn(files, 'sha256File')
    const path = file('good')
    await settled()
    const digest = sha256('good')
    expect(await Promise.all(Array.from({ length: 20 }, () => isIntact(path, digest)))).toEqual(Array(20).fill(true))
    expect(await isIntact(path, digest)).toBe(true)
    expect(reads).toHaveBeenCalledTimes(1)
    file('evil')
    expect(await isIntact(path, digest)).toBe(false)
    expect(await isIntact(path, digest)).toBe(false)
    expect(reads).toHaveBeenCalledTimes(3)
  })
  it('does not trust the times of a file that was written a moment ago', async () => {
    const path = file('good')
    const digest = sha256('good')
    const now = vi.spyOn(Date, 'now').mockReturnValue(statSync(path).ctimeMs + 1)
    const reads = vi.spyOn(files, 'sha256File')
    expect([await isIntact(path, digest), await isIntact(path, digest)]).toEqual([true, true])
    expect(reads).toHaveBeenCalledTimes(2)
    now.mockReturnValue(statSync(path).ctimeMs + 1000)
    expect([await isIntact(path, digest), await isIntact(path, digest)]).toEqual([true, true])
    expect(reads).toHaveBeenCalledTimes(3)
  })
  it('does not remember bytes that were changed behind its back while it read', async () => {
    const path = file('good')
    const digest = sha256('good')
    const read = files.sha256File
    // The change comes after the last byte was read and before the look at the file afterwards.
    vi.spyOn(files, 'sha256File').mockImplementationOnce(async (name) => {
      const found = await read(name)
      file('evil')
      return found
    })
    expect(await isIntact(path, digest)).toBe(false)
    await expect(assertDigest(path, digest, 'The file')).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' })
  })
  it('stops waiting when cancelled, says what is missing, and reads afresh when told to', async () => {
    const path = file('good')
    const digest = sha256('good')
    const controller = new AbortController()
    controller.abort()
    await expect(assertDigest(path, digest, 'The file', { signal: controller.signal })).rejects.toMatchObject({ code: 'CANCELLED' })
    await assertDigest(path, digest, 'The file')
    const reads = vi.spyOn(files, 'sha256File')
    await assertDigest(path, digest, 'The file', { afresh: true })
    expect(reads).toHaveBeenCalledTimes(1)
    rmSync(path)
    await expect(assertDigest(path, digest, 'The file')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
