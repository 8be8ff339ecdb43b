import { appendFileSync, copyFileSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'libsql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from '../../cli/program'
import { filesBelow, fingerprintOf } from '../../testing/fault-workspace'
import { makeSmallWorkspace, type SmallWorkspace } from '../../testing/small-workspace'
import { examineWorkspace, reportOf } from './index'

let small: SmallWorkspace
beforeAll(async () => {
  small = await makeSmallWorkspace()
})
afterAll(() => small.remove())

const overwrite = (file: string, at: number, bytes: Buffer): void => {
  const content = readFileSync(file)
  bytes.copy(content, at)
  writeFileSync(file, content)
}
const damagesOf = async (directory: string) => (await examineWorkspace(directory)).findings.filter(({ severity }) => severity === 'damage')
const anObject = (directory: string): string => filesBelow(join(directory, 'objects'))[0]!

describe('a check of a workspace', () => {
  it('finds a sound one sound, counts what it read and changes nothing', async () => {
    const directory = small.copy()
    const before = fingerprintOf(directory)
    const report = reportOf(await examineWorkspace(directory))
    expect(report).toMatchObject({ name: 'Small', sound: true, opens: true, findings: [], ways: [] })
    expect(report.checked).toMatchObject({ dataFiles: 2, events: expect.any(Number) })
    expect(report.checked.objects).toBeGreaterThan(20)
    expect(report.checked.references).toBe(report.checked.objects + report.checked.dataFiles)
    expect(fingerprintOf(directory)).toEqual(before)
  })

  it('reads what a killed process left in the log of the ledger, and leaves the log as it is', async () => {
    const directory = small.copy()
    const holder = new Database(join(directory, 'ledger.sqlite'))
    holder.exec("PRAGMA journal_mode=WAL; INSERT INTO setting(key, value) VALUES('doctor', '1')")
    const killed = small.copy()
    for (const name of ['ledger.sqlite', 'ledger.sqlite-wal']) copyFileSync(join(directory, name), join(killed, name))
    const before = fingerprintOf(killed)
    expect(await examineWorkspace(killed)).toMatchObject({ sound: true, opens: true })
    expect(fingerprintOf(killed)).toEqual(before)
    // And while another program has it open.
    expect(await examineWorkspace(directory)).toMatchObject({ sound: true, opens: true })
    holder.close()
  })

  const harms: Record<string, [harm: (directory: string) => void, area: string, opens: boolean, says: RegExp]> = {
    'an empty drydock.json': [(w) => truncateSync(join(w, 'drydock.json')), 'workspace file', false, /is empty/],
    'no drydock.json': [(w) => rmSync(join(w, 'drydock.json')), 'workspace file', false, /is missing/],
    'a missing ledger': [(w) => rmSync(join(w, 'ledger.sqlite')), 'ledger', false, /is missing/],
    'an empty ledger': [(w) => truncateSync(join(w, 'ledger.sqlite')), 'ledger', false, /is empty/],
    'a cut ledger': [(w) => truncateSync(join(w, 'ledger.sqlite'), 40_000), 'ledger', false, /cut off/],
    'a page of zeros': [(w) => overwrite(join(w, 'ledger.sqlite'), 4096 * 5, Buffer.alloc(4096)), 'ledger', false, /./],
    'a changed object': [(w) => overwrite(anObject(w), 3, Buffer.from('\x01')), 'objects', true, /not what its name says/],
    'a lost object': [(w) => rmSync(anObject(w)), 'references', true, /The ledger names it/],
    'a cut data file': [(w) => truncateSync(filesBelow(join(w, 'data'))[0]!, 100), 'data', true, /not what its name says/]
  }
  it.each(Object.entries(harms))('finds %s, says what leads out, and changes nothing', async (_what, [harm, area, opens, says]) => {
    const directory = small.copy()
    harm(directory)
    const before = fingerprintOf(directory)
    const report = await examineWorkspace(directory)
    expect(report).toMatchObject({ sound: false, opens })
    expect(report.ways).toContain('restore')
    expect(report.findings[0]).toMatchObject({ area, severity: 'damage', message: expect.stringMatching(says) })
    expect(fingerprintOf(directory)).toEqual(before)
  })

  it('finds an entry of the record that was altered or cut out, and rows without those that they belong to', async () => {
    const directory = small.copy()
    // As an earlier program left it, which noted nothing of the pages.
    rmSync(join(directory, 'log'), { recursive: true })
    const change = (sql: string): void => {
      const db = new Database(join(directory, 'ledger.sqlite'))
      db.exec(sql)
      db.close()
    }
    change("UPDATE event SET actor = 'Somebody Else' WHERE idx = 3")
    expect(await damagesOf(directory)).toMatchObject([{ area: 'record', subject: 'entry 3', message: /not what it was written as/ }])
    change('DELETE FROM event WHERE idx = 2')
    expect(await damagesOf(directory)).toMatchObject([{ area: 'record', subject: 'entry 2', message: /cut out/ }])
    change("PRAGMA foreign_keys=OFF; DELETE FROM dataset WHERE name = 'people'")
    expect(await damagesOf(directory)).toMatchObject([{ area: 'ledger', subject: 'dataset_version' }, { area: 'record' }])
  })

  it('names strange files without calling the workspace damaged', async () => {
    const directory = small.copy()
    writeFileSync(join(directory, 'notes.txt'), 'mine')
    writeFileSync(join(directory, 'objects', 'readme'), 'mine')
    appendFileSync(join(directory, 'data', 'x.arrow.1.ab.tmp'), 'half')
    const report = await examineWorkspace(directory)
    expect(report.sound).toBe(true)
    expect(report.findings.map(({ subject }) => subject)).toEqual(['objects/readme', 'data/x.arrow.1.ab.tmp', 'notes.txt'])
  })

  it('by the command line exits with 0 for a sound one, 1 for findings and 3 for what is no workspace', async () => {
    const directory = small.copy()
    process.env.DRYDOCK_USER_DIR = join(small.root, 'user')
    const doctor = async (...more: string[]) => {
      let out = ''
      const code = await runCli(['workspace', 'doctor', '-w', directory, ...more], { out: (text) => (out += text), err: () => undefined })
      return { code, out }
    }
    expect(await doctor()).toMatchObject({ code: 0, out: expect.stringMatching(/Sound\./) })
    truncateSync(join(directory, 'drydock.json'))
    expect(await doctor()).toMatchObject({ code: 1, out: expect.stringMatching(/drydock\.json.*--repair/s) })
    const { code, out } = await doctor('--json')
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ sound: false, opens: false, findings: [{ area: 'workspace file' }] })
    for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true })
    expect((await doctor()).code).toBe(3)
    delete process.env.DRYDOCK_USER_DIR
  })
})
