import { mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, writeFileSync, promises as fs } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createContentStore } from './content-store'
import { makeFolder, renameDurably, writeFileDurably } from './durable-files'

let folder: string
let done: string[]
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drydock-durable-'))
  done = []
  const handle = await fs.open(folder, 'r')
  const prototype = Object.getPrototypeOf(handle) as fs.FileHandle
  await handle.close()
  // What the real calls did, in their order; they are made as ever.
  const { sync } = prototype
  vi.spyOn(prototype, 'sync').mockImplementation(async function (this: fs.FileHandle) {
    const path = readlinkSync(`/proc/self/fd/${this.fd}`)
    await sync.call(this)
    done.push(`sync ${nameOf(path)}`)
  })
  const { rename } = fs
  vi.spyOn(fs, 'rename').mockImplementation(async (from, to) => {
    await rename(from, to)
    done.push(`rename ${nameOf(String(from))} ${nameOf(String(to))}`)
  })
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true, force: true })
})
const nameOf = (path: string): string => (path.endsWith('.tmp') ? 'temporary' : basename(path).replace(basename(folder), 'folder'))

describe.skipIf(process.platform !== 'linux')('files that must survive a power cut', () => {
  it('are on the disk before they get their name, and their name is before anybody is told', async () => {
    await writeFileDurably(join(folder, 'settings.json'), '{}')
    expect(done).toEqual(['sync temporary', 'rename temporary settings.json', 'sync folder'])
    expect(readFileSync(join(folder, 'settings.json'), 'utf8')).toBe('{}')
  })

  it('are moved the same way, and objects with the folder that was made for them', async () => {
    writeFileSync(join(folder, 'made'), 'bytes')
    await renameDurably(join(folder, 'made'), join(folder, 'kept'))
    expect(done).toEqual(['sync made', 'rename made kept', 'sync folder'])
    done.length = 0
    const store = createContentStore(folder)
    const { sha256 } = await store.putBytes('an object')
    const [above, name] = [sha256.slice(0, 2), sha256.slice(2)]
    expect(done).toEqual(['sync folder', 'sync temporary', `rename temporary ${name}`, `sync ${above}`])
    done.length = 0
    await makeFolder(join(folder, above))
    expect(done).toEqual([])
  })

  it('leave the old file and no rubbish when the new one cannot be made durable', async () => {
    const path = join(folder, 'settings.json')
    await writeFileDurably(path, 'old')
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    vi.spyOn(Object.getPrototypeOf(await openOnce(path)) as fs.FileHandle, 'sync').mockRejectedValue(full)
    await expect(writeFileDurably(path, 'new')).rejects.toMatchObject({ code: 'DISK_FULL' })
    expect(readFileSync(path, 'utf8')).toBe('old')
    expect(readdirSync(folder)).toEqual(['settings.json'])
  })
})

async function openOnce(path: string): Promise<fs.FileHandle> {
  const handle = await fs.open(path, 'r')
  await handle.close()
  return handle
}
