import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { programFile } from '../../testing/programs'
import { createWorkspaceFolder, holdWorkspace, readWorkspaceFile } from '.'

const root = mkdtempSync(join(tmpdir(), 'drydock-workspace-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const folder = (): string => mkdtempSync(join(root, 'folder-'))
const now = new Date('2026-01-02T03:04:05.000Z')
const codeOf = (work: () => unknown): unknown => {
  try {
    work()
  } catch (error) {
    return (error as { code?: string }).code
  }
}

describe('workspace folder', () => {
  it('is created in an empty folder, also with a name from another alphabet, and read back', async () => {
    const directory = join(folder(), 'Überprüfung 検査')
    const created = await createWorkspaceFolder(directory, 'Überprüfung 検査', { now })
    expect(readWorkspaceFile(directory)).toEqual(created)
  })
  it('refuses a folder that holds anything, and leaves it alone', async () => {
    const directory = folder()
    writeFileSync(join(directory, 'thesis.txt'), 'mine')
    await expect(createWorkspaceFolder(directory, 'x', { now })).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(readFileSync(join(directory, 'thesis.txt'), 'utf8')).toBe('mine')
  })
  it('says what is wrong with a missing, a damaged and a newer workspace', async () => {
    expect(codeOf(() => readWorkspaceFile(join(folder(), 'nowhere')))).toBe('NOT_FOUND')
    expect(codeOf(() => readWorkspaceFile(folder()))).toBe('NOT_FOUND')
    const directory = join(folder(), 'w')
    await createWorkspaceFolder(directory, 'w', { now })
    const file = join(directory, 'drydock.json')
    const good = readFileSync(file, 'utf8')
    writeFileSync(file, good.slice(0, 20))
    expect(codeOf(() => readWorkspaceFile(directory))).toBe('STORAGE_CORRUPT')
    writeFileSync(file, good.replace('"version": 1', '"version": 2'))
    expect(codeOf(() => readWorkspaceFile(directory))).toBe('UNSUPPORTED_VERSION')
  })
})

describe('the hold on a workspace', () => {
  const workspace = async (): Promise<string> => {
    const directory = join(folder(), 'w')
    await createWorkspaceFolder(directory, 'w', { now })
    return directory
  }
  const holder = (directory: string): string => join(directory, '.lock-holder.json')
  const named = (directory: string): Record<string, unknown> => JSON.parse(readFileSync(holder(directory), 'utf8'))
  const isHeld = async (directory: string): Promise<boolean> => {
    try {
      ;(await holdWorkspace(directory)).release()
      return false
    } catch (error) {
      expect(error).toMatchObject({ code: 'STORAGE_LOCKED' })
      return true
    }
  }

  it('keeps a second one out, names the first, and leaves nothing after release', async () => {
    const directory = await workspace()
    const hold = await holdWorkspace(directory)
    await expect(holdWorkspace(directory)).rejects.toThrowError(new RegExp(`process ${process.pid} `))
    hold.release()
    expect(existsSync(holder(directory))).toBe(false)
    expect(await isHeld(directory)).toBe(false)
  })

  it('of another process stands also where the lock of the system is granted, and ends with that process, not for a copy', async () => {
    const directory = await workspace()
    const child = spawn(process.execPath, [programFile('hold-workspace'), join(root, 'user'), directory], {
      stdio: ['ignore', 'pipe', 'inherit']
    })
    await new Promise((resolve) => child.stdout.once('data', resolve))
    expect(await isHeld(directory)).toBe(true)
    const copy = join(folder(), 'copy')
    cpSync(directory, copy, { recursive: true })
    expect(await isHeld(copy)).toBe(false)
    // As in a network folder that ignores locks: the next one gets a lock of its own.
    rmSync(join(directory, '.lock'))
    expect(await isHeld(directory)).toBe(true)
    const gone = new Promise((resolve) => child.once('exit', resolve))
    spawnSync('kill', ['-9', String(child.pid)])
    await gone
    expect(named(directory)).toMatchObject({ pid: child.pid })
    expect(await isHeld(directory)).toBe(false)
  })

  it('from elsewhere counts while its heart beats; a number that was given to a later process does not', async () => {
    const directory = await workspace()
    const hold = await holdWorkspace(directory)
    const here = named(directory)
    hold.release()
    const put = (changes: object, secondsAgo: number): void => {
      writeFileSync(holder(directory), JSON.stringify({ ...here, nonce: 'another', ...changes }))
      utimesSync(holder(directory), new Date(Date.now() - secondsAgo * 1000), new Date(Date.now() - secondsAgo * 1000))
    }
    for (const elsewhere of [
      { host: 'other', boot: 'b' },
      { host: 'other', space: 'pid:[1]' }
    ]) {
      put(elsewhere, 1)
      expect(await isHeld(directory)).toBe(true)
      put(elsewhere, 60)
      expect(await isHeld(directory)).toBe(false)
    }
    put({ start: '1' }, 1)
    expect(await isHeld(directory)).toBe(false)
    put({}, 3600)
    expect(await isHeld(directory)).toBe(true)
    // The programs before this one left their file behind when they closed.
    put({ nonce: undefined, host: 'other' }, 1)
    expect(await isHeld(directory)).toBe(false)
    writeFileSync(holder(directory), '{"pid": ')
    expect(await isHeld(directory)).toBe(false)
  })

  it('is waited for while it ends', async () => {
    const directory = await workspace()
    const hold = await holdWorkspace(directory)
    hold.closing()
    const next = holdWorkspace(directory)
    setTimeout(() => hold.release(), 250)
    const second = await next
    expect(named(directory)).not.toHaveProperty('closing')
    second.release()
  })

  it('is lost, and said to be, when another process has taken the folder all the same', async () => {
    const directory = await workspace()
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    let lost = 0
    const hold = await holdWorkspace(directory, () => lost++)
    vi.advanceTimersByTime(5_000)
    expect(lost).toBe(0)
    writeFileSync(holder(directory), JSON.stringify({ ...named(directory), nonce: 'another' }))
    vi.advanceTimersByTime(5_000)
    expect(lost).toBe(1)
    vi.useRealTimers()
    hold.release()
    expect(named(directory)).toMatchObject({ nonce: 'another' })
  })
})
