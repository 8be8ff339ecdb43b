import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createApplication } from '../application'
import { shareWithGroup } from './shared-folder'

const root = mkdtempSync(join(tmpdir(), 'drydock-shared-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const modeOf = (file: string): number => statSync(file).mode & 0o777
const kept = ['.lock', 'ledger.sqlite', 'ledger.sqlite-wal', 'ledger.sqlite-shm']

describe.skipIf(process.platform === 'win32')('a workspace in a folder that a group writes to', () => {
  it('lets the group write to the ledger, its log and the lock, also to those made before', async () => {
    const directory = join(root, 'w')
    const mask = process.umask(0o002)
    const app = createApplication({ userDirectory: join(root, 'user') })
    try {
      await app.createWorkspace(directory, 'Shared')
      for (const name of kept) expect([name, modeOf(join(directory, name)) & 0o060]).toEqual([name, 0o060])
    } finally {
      process.umask(mask)
      await app.close()
    }
    for (const name of kept.slice(0, 2)) chmodSync(join(directory, name), 0o644)
    shareWithGroup(directory)
    for (const name of kept.slice(0, 2)) expect(modeOf(join(directory, name))).toBe(0o664)
  })
  it('stays closed to the group where the folder is', () => {
    const directory = join(root, 'own')
    mkdirSync(directory, { mode: 0o755 })
    writeFileSync(join(directory, 'ledger.sqlite'), '', { mode: 0o644 })
    shareWithGroup(directory)
    expect(modeOf(join(directory, 'ledger.sqlite'))).toBe(0o644)
  })
})
