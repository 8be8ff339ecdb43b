import { fork, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createWorkspaceFolder, lockWorkspace, readWorkspaceFile } from '.'

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

describe('workspace lock', () => {
  it('keeps a second holder out, names the first, and is free again after release', async () => {
    const directory = join(folder(), 'w')
    await createWorkspaceFolder(directory, 'w', { now })
    const release = lockWorkspace(directory)
    expect(() => lockWorkspace(directory)).toThrowError(new RegExp(`process ${process.pid} `))
    release()
    lockWorkspace(directory)()
  })
  it('is dropped by the system when the holder is killed, and does not travel with a copy', async () => {
    const directory = join(folder(), 'w')
    await createWorkspaceFolder(directory, 'w', { now })
    const script = join(folder(), 'hold.mjs')
    writeFileSync(
      script,
      `import Database from ${JSON.stringify(`file://${process.cwd()}/node_modules/libsql/index.js`)}
       const db = new Database(${JSON.stringify(join(directory, '.lock'))})
       db.exec('PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE')
       process.send('held'); setInterval(() => {}, 1000)`
    )
    const holder = fork(script)
    await new Promise((resolve) => holder.once('message', resolve))
    expect(codeOf(() => lockWorkspace(directory))).toBe('STORAGE_LOCKED')
    const copy = join(folder(), 'copy')
    cpSync(directory, copy, { recursive: true })
    lockWorkspace(copy)()
    const gone = new Promise((resolve) => holder.once('exit', resolve))
    spawnSync('kill', ['-9', String(holder.pid)])
    await gone
    lockWorkspace(directory)()
  })
})
