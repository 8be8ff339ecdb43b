import { copyFileSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'libsql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from '../../cli/program'
import { commands } from '../all-commands'
import type { Application } from '../application'
import { policyText } from '../../testing/fault-workspace'
import { makeSmallWorkspace, type SmallWorkspace } from '../../testing/small-workspace'
import { isSoundSnapshot, ledgerSnapshots } from '../../storage/ledger/ledger-snapshots'
import { readHighWater } from '../../storage/ledger/high-water'
import { examineWorkspace, repairWorkspace } from './index'

let small: SmallWorkspace
beforeAll(async () => {
  small = await makeSmallWorkspace()
})
afterAll(() => small.remove())

const savePolicies = async (app: Application, count: number): Promise<void> => {
  for (let index = 0; index < count; index++)
    await app.do(commands.policies.save, { text: policyText(`later-${index}`, 0.6 + index / 1000) })
}
const damagesOf = async (directory: string) => (await examineWorkspace(directory)).findings.filter(({ severity }) => severity === 'damage')

/** A copy of a workspace that is open, as a killed process leaves it: commits in the log, the mark beside it. */
async function killed(change: (app: Application) => Promise<void>): Promise<string> {
  const directory = small.copy()
  const app = small.application()
  await app.openWorkspace(directory)
  await change(app)
  const left = mkdtempSync(join(small.root, 'killed-'))
  cpSync(directory, left, { recursive: true, filter: (path) => !/\.lock|cache\.duckdb/.test(path) })
  await app.close()
  return left
}

describe('committed entries that are gone', () => {
  it('because the log of the ledger was deleted, are said by doctor and at opening, recorded, and the workspace opens', async () => {
    const directory = await killed((app) => savePolicies(app, 3))
    expect(await damagesOf(directory)).toEqual([])
    for (const end of ['-wal', '-shm']) rmSync(join(directory, `ledger.sqlite${end}`), { force: true })
    expect(await damagesOf(directory)).toMatchObject([
      { area: 'record', message: expect.stringMatching(/^3 entries of the record.*not in the ledger/) }
    ])
    const app = small.application()
    await app.openWorkspace(directory)
    expect(app.workbench().warnings).toEqual([expect.stringMatching(/^3 entries/)])
    expect(app.audit.list({ offset: 0, limit: 1 }).events[0]).toMatchObject({
      action: 'workspace.lost',
      detail: { command: 'recovery.noteLoss' }
    })
    await app.close()
    // Said once, and kept in the record.
    await app.openWorkspace(directory)
    expect(app.workbench().warnings).toEqual([])
    await app.close()
  })

  it('because an older ledger was put in its place, are said too, by the command line as well', async () => {
    const directory = small.copy()
    const app = small.application()
    await app.openWorkspace(directory)
    await savePolicies(app, 2)
    await app.close()
    copyFileSync(join(small.base, 'ledger.sqlite'), join(directory, 'ledger.sqlite'))
    process.env.DRYDOCK_USER_DIR = join(small.root, 'user')
    let said = ''
    const io = { out: () => undefined, err: (text: string) => void (said += text) }
    await runCli(['dataset', 'list', '-w', directory], io).finally(() => delete process.env.DRYDOCK_USER_DIR)
    expect(said).toMatch(/Warning: 2 entries of the record/)
  })

  it('of a copy that went another way are noticed by the hash', async () => {
    const directory = small.copy()
    const other = small.copy()
    for (const each of [directory, other]) {
      const app = small.application()
      await app.openWorkspace(each)
      await savePolicies(app, each === directory ? 1 : 2)
      await app.close()
    }
    copyFileSync(join(other, 'ledger.sqlite'), join(directory, 'ledger.sqlite'))
    expect(await damagesOf(directory)).toMatchObject([
      { area: 'record', message: expect.stringMatching(/another copy/) },
      { area: 'ledger' },
      { area: 'references' }
    ])
    expect(await repairWorkspace(directory)).toMatchObject({ opens: true })
  })

  it('a torn mark is none, and the other one counts', async () => {
    const directory = small.copy()
    const mark = readHighWater(directory)!
    expect(mark.entry).toBeGreaterThan(20)
    truncateSync(join(directory, 'log', 'high-water.0'), 20)
    writeFileSync(join(directory, 'log', 'high-water.1'), readFileSync(join(directory, 'log', 'high-water.1')).reverse())
    expect(readHighWater(directory)).toBeUndefined()
    expect(await damagesOf(directory)).toEqual([])
  })
})

describe('a ledger that was changed while the workspace was closed', () => {
  it('is noticed though SQLite sees nothing, said at opening, and brought back by a repair', async () => {
    const directory = small.copy()
    const db = new Database(join(directory, 'ledger.sqlite'))
    db.exec("UPDATE person SET name = 'Mallory' WHERE name = 'Ada'; PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    expect(await examineWorkspace(directory)).toMatchObject({ opens: true, sound: false, findings: [{ area: 'ledger', way: 'repair' }] })
    const opened = mkdtempSync(join(small.root, 'opened-'))
    cpSync(directory, opened, { recursive: true })
    const app = small.application()
    await app.openWorkspace(opened)
    expect(app.workbench().warnings).toEqual([expect.stringMatching(/changed by something else than Drydock/)])
    await app.close()
    const report = await repairWorkspace(directory)
    expect(report).toMatchObject({ opens: true, lost: [], now: { sound: true } })
    await app.openWorkspace(directory)
    expect(app.people.list().map(({ name }) => name)).toContain('Ada')
    await app.close()
  })
})

describe('copies of the ledger', () => {
  it('are made when much has changed, three are kept, all sound; what only reads makes none', async () => {
    const directory = small.copy()
    const app = small.application()
    expect(ledgerSnapshots(directory).length).toBe(1)
    for (let round = 0; round < 4; round++) {
      await app.openWorkspace(directory)
      await savePolicies(app, 40)
      for (let index = 0; index < 25; index++)
        app.do(commands.people.create, {
          name: `Person ${round} ${index}`,
          title: 'x'.repeat(110),
          email: 'y'.repeat(190),
          roles: ['analyst']
        })
      await app.closeWorkspace()
    }
    const snapshots = ledgerSnapshots(directory)
    expect(snapshots).toHaveLength(3)
    expect(snapshots.every(isSoundSnapshot)).toBe(true)
    expect(snapshots.map(({ entry }) => entry)).toEqual([...snapshots.map(({ entry }) => entry)].sort((one, other) => other - one))
    const before = readdirSync(join(directory, 'snapshots'))
    await app.openWorkspace(directory)
    await app.close()
    expect(readdirSync(join(directory, 'snapshots'))).toEqual(before)
    expect(existsSync(join(directory, 'log', 'ledger.pages'))).toBe(true)
  })
})
