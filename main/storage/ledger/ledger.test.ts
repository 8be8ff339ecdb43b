import Database from 'libsql'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ledgerFormat } from '../../core/ledger'
import { sha256 } from '../objects/durable-files'
import { publish, secondsBetween, type Table } from './feature-tables'
import { openLedger, type Ledger, type Migration } from './ledger'

const root = mkdtempSync(join(tmpdir(), 'drydock-ledger-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const { migrations } = ledgerFormat
const folder = (): string => mkdtempSync(join(root, 'folder-'))
/** Without the empty log that stays beside a ledger. */
const ledgersIn = (directory: string): string[] => readdirSync(directory).filter((name) => !/-(wal|shm)$/.test(name))
const codeOf = (work: () => unknown): unknown => {
  try {
    work()
  } catch (error) {
    return (error as { code?: string }).code
  }
}
/** A format of so many steps, each of which makes a table. */
const numbered = (count: number): Migration[] =>
  Array.from({ length: count }, (_, at) => ({ version: at + 1, name: `step ${at + 1}`, sql: `CREATE TABLE t${at + 1}(a)` }))
/** As programs left a ledger before its format stood in the header. */
function withoutNumber(file: string): void {
  const raw = new Database(file)
  raw.exec('PRAGMA user_version = 0; PRAGMA wal_checkpoint(TRUNCATE)')
  raw.close()
}

describe('openLedger', () => {
  it('applies every migration once and keeps rows over a reopening', () => {
    const file = join(folder(), 'ledger.sqlite')
    const first = openLedger(file, ledgerFormat)
    first.run("INSERT INTO setting VALUES('a', 'b')")
    first.close()
    const second = openLedger(file, ledgerFormat)
    expect(second.get('SELECT value FROM setting')).toEqual({ value: 'b' })
    expect(second.all('SELECT version FROM migration').length).toBe(migrations.length)
    second.close()
  })
  it('waits for a program that holds the file for a moment, as one does that closes it', async () => {
    const directory = folder()
    const file = join(directory, 'ledger.sqlite')
    // A copy, because this process may keep a closed ledger until its statements are collected.
    openLedger(join(directory, 'made.sqlite'), ledgerFormat).close()
    copyFileSync(join(directory, 'made.sqlite'), file)
    const holder = `const db = new (require('libsql'))(process.argv[1])
db.exec("PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE; INSERT INTO setting VALUES('a', 'b'); COMMIT")
console.log('held')
setTimeout(() => process.kill(process.pid, 'SIGKILL'), 1000)`
    const other = spawn(process.execPath, ['-e', holder, file], { stdio: ['ignore', 'pipe', 'inherit'] })
    const gone = once(other, 'exit').then(() => 'gone')
    expect(await Promise.race([once(other.stdout, 'data').then(String), gone])).toContain('held')
    const ledger = openLedger(file, ledgerFormat)
    expect(ledger.get('SELECT value FROM setting')).toEqual({ value: 'b' })
    ledger.close()
  })
  it('copies the file before it changes the format of an existing ledger', () => {
    const directory = folder()
    const file = join(directory, 'ledger.sqlite')
    openLedger(file, { migrations: migrations.slice(0, 1), views: [] }).close()
    openLedger(file, ledgerFormat).close()
    expect(readdirSync(directory)).toContain('ledger.sqlite.before-2')
  })
  it('has in that copy what a program that crashed had only in its log', () => {
    const directory = folder()
    const crashed = join(directory, 'crashed.sqlite')
    const running = openLedger(join(directory, 'ledger.sqlite'), { migrations: numbered(1), views: [] })
    running.run('INSERT INTO t1 VALUES(7)')
    for (const end of ['', '-wal']) copyFileSync(join(directory, `ledger.sqlite${end}`), `${crashed}${end}`)
    running.close()
    const migrated = openLedger(crashed, { migrations: numbered(2), views: [] })
    expect(migrated.all('SELECT * FROM t1')).toEqual([{ a: 7 }])
    const copy = new Database(`${crashed}.before-2`)
    expect(copy.prepare('SELECT * FROM t1').all()).toEqual([{ a: 7 }])
    expect(() => copy.prepare('SELECT * FROM t2')).toThrow(/no such table/)
    copy.close()
    migrated.close()
  })
  it('writes its format where it can be read without opening it, also when nothing else is to be done', () => {
    const file = join(folder(), 'ledger.sqlite')
    const format = () => readFileSync(file).readUInt32BE(60)
    openLedger(file, { migrations: numbered(2), views: [] }).close()
    expect(format()).toBe(2)
    withoutNumber(file)
    expect(format()).toBe(0)
    openLedger(file, { migrations: numbered(2), views: [] }).close()
    expect(format()).toBe(2)
  })
  it('has format 0 before the first step, and takes that step later', () => {
    const file = join(folder(), 'ledger.sqlite')
    openLedger(file, { migrations: [], views: [] }).close()
    expect(readFileSync(file).readUInt32BE(60)).toBe(0)
    const later = openLedger(file, { migrations: numbered(1), views: [] })
    expect(later.all('SELECT * FROM t1')).toEqual([])
    later.close()
    withoutNumber(file)
    expect(() => openLedger(file, { migrations: [], views: [] })).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED_VERSION', details: { found: 1, supported: 0 } })
    )
  })
  it('finds a newer ledger by its migrations where the number does not stand in its header, and changes nothing', () => {
    const directory = folder()
    const file = join(directory, 'ledger.sqlite')
    openLedger(file, { migrations: numbered(3), views: [] }).close()
    withoutNumber(file)
    // Also where another migration is still pending.
    for (const migrations of [numbered(2), [...numbered(2), { version: 4, name: 'other', sql: 'CREATE TABLE other(a)' }]])
      expect(codeOf(() => openLedger(file, { migrations, views: [] }))).toBe('UNSUPPORTED_VERSION')
    expect(readdirSync(directory).filter((name) => name.includes('before'))).toEqual([])
    const unchanged = openLedger(file, { migrations: numbered(3), views: [] })
    expect(unchanged.all('SELECT version FROM migration ORDER BY version')).toEqual([1, 2, 3].map((version) => ({ version })))
    unchanged.close()
  })
  it('names the damage of a page in the middle and leaves the file as it is', () => {
    const file = join(folder(), 'ledger.sqlite')
    const ledger = openLedger(file, { migrations: numbered(1), views: [] })
    ledger.transaction(() => {
      for (let n = 0; n < 5_000; n++) ledger.run('INSERT INTO t1 VALUES(?)', `value ${n}`)
    })
    ledger.close()
    const bytes = readFileSync(file)
    bytes.fill(0xee, bytes.length - 4096, bytes.length)
    writeFileSync(file, bytes)
    expect(() => openLedger(file, { migrations: numbered(1), views: [] })).toThrow(
      expect.objectContaining({ code: 'STORAGE_CORRUPT', message: expect.stringContaining('or restore a backup') })
    )
    expect(readFileSync(file).equals(bytes)).toBe(true)
  })
  it('rolls a failing migration back whole and can be opened again', () => {
    const file = join(folder(), 'ledger.sqlite')
    const broken: Migration = { version: 1, name: 'broken', sql: 'CREATE TABLE half(a); CREATE TABLE half(a)' }
    expect(() => openLedger(file, { migrations: [broken], views: [] })).toThrow()
    const mended = openLedger(file, { migrations: [{ ...broken, sql: 'CREATE TABLE half(a)' }], views: [] })
    expect(mended.all('SELECT * FROM half')).toEqual([])
    mended.close()
  })
  it('refuses a newer ledger, one of another build, and a file that is none', () => {
    const file = join(folder(), 'ledger.sqlite')
    const last = migrations.at(-1)!
    openLedger(file, { migrations: [...migrations, { version: last.version + 1, name: 'future', sql: '' }], views: [] }).close()
    expect(codeOf(() => openLedger(file, ledgerFormat))).toBe('UNSUPPORTED_VERSION')
    expect(
      codeOf(() =>
        openLedger(file, {
          migrations: [
            { ...migrations[0], sql: 'SELECT 1' },
            ...migrations.slice(1),
            { version: last.version + 1, name: 'future', sql: '' }
          ],
          views: []
        })
      )
    ).toBe('STORAGE_CORRUPT')
    const garbage = join(folder(), 'ledger.sqlite')
    writeFileSync(garbage, 'this is not a database, only text that is long enough to be read as one'.repeat(100))
    expect(codeOf(() => openLedger(garbage, ledgerFormat))).toBe('STORAGE_CORRUPT')
  })
  it('undoes a transaction that throws, nested ones with it', () => {
    const ledger = openLedger(join(folder(), 'ledger.sqlite'), ledgerFormat)
    expect(() =>
      ledger.transaction(() => {
        ledger.run("INSERT INTO setting VALUES('a', '1')")
        ledger.transaction(() => ledger.run("INSERT INTO setting VALUES('b', '2')"))
        throw new Error('no')
      })
    ).toThrow(/^no$/)
    expect(ledger.all('SELECT * FROM setting')).toEqual([])
    ledger.close()
  })
  it('joins a nested transaction to the outer one: nobody sees its rows before the outer one ends', () => {
    const file = join(folder(), 'ledger.sqlite')
    const ledger = openLedger(file, ledgerFormat)
    const other = openLedger(file, ledgerFormat)
    const keys = (reader: Ledger) => reader.all<{ key: string }>('SELECT key FROM setting ORDER BY key').map((row) => row.key)
    const answer = ledger.transaction(() => {
      ledger.run("INSERT INTO setting VALUES('a', '1')")
      const inner = ledger.transaction(() => {
        ledger.run("INSERT INTO setting VALUES('b', '2')")
        return 7
      })
      // An outer transaction that carries on after a failed part keeps what that part wrote: it was never one of its own.
      expect(() =>
        ledger.transaction(() => {
          ledger.run("INSERT INTO setting VALUES('c', '3')")
          throw new Error('part')
        })
      ).toThrow(/^part$/)
      expect(keys(ledger)).toEqual(['a', 'b', 'c'])
      expect(keys(other)).toEqual([])
      return inner
    })
    expect(answer).toBe(7)
    expect(keys(other)).toEqual(['a', 'b', 'c'])
    ledger.transaction(() => ledger.run("INSERT INTO setting VALUES('d', '4')"))
    expect(keys(other)).toEqual(['a', 'b', 'c', 'd'])
    other.close()
    ledger.close()
  })
})

describe('a ledger that is open', () => {
  const openedWith = (sql: string, file = join(folder(), 'ledger.sqlite')) =>
    openLedger(file, { migrations: [{ version: 1, name: 'one', sql }], views: [] })

  it('is durable at every commit, holds references, and waits for others for a while', () => {
    const ledger = openedWith(
      'CREATE TABLE parent(id PRIMARY KEY); CREATE TABLE child(id REFERENCES parent(id) DEFERRABLE INITIALLY DEFERRED)'
    )
    const setting = (name: string) => Object.values(ledger.get(`PRAGMA ${name}`)!)[0]
    expect(['synchronous', 'foreign_keys', 'busy_timeout', 'journal_mode'].map(setting)).toEqual([2, 1, 5000, 'wal'])
    // What fails only at the commit is undone, and the next transaction is one of its own.
    expect(() => ledger.transaction(() => ledger.run('INSERT INTO child VALUES(1)'))).toThrow(/FOREIGN KEY/)
    expect(ledger.all('SELECT * FROM child')).toEqual([])
    expect(ledger.transaction(() => 7)).toBe(7)
    ledger.transaction(() => ledger.run('INSERT INTO parent VALUES(1)'))
    ledger.close()
  })

  it('is as it was, byte for byte, when it is opened and nothing is written', () => {
    const directory = folder()
    const file = join(directory, 'ledger.sqlite')
    openedWith('CREATE TABLE t(a)', file).close()
    const bytes = readFileSync(file)
    openedWith('CREATE TABLE t(a)', file).close()
    expect(readFileSync(file).equals(bytes)).toBe(true)
    expect(ledgersIn(directory)).toEqual(['ledger.sqlite'])
  })

  it('has all in its one file when it is closed, whatever is still referenced', () => {
    const file = join(folder(), 'ledger.sqlite')
    const ledger = openedWith('CREATE TABLE t(a)', file)
    const statement = ledger.db.prepare('SELECT * FROM t')
    ledger.run('INSERT INTO t VALUES(1)')
    statement.all()
    ledger.close()
    const saved = join(folder(), 'ledger.sqlite')
    copyFileSync(file, saved)
    const again = openedWith('CREATE TABLE t(a)', saved)
    expect(again.all('SELECT * FROM t')).toEqual([{ a: 1 }])
    again.close()
  })

  it('gives rows as they are, prepares a text once, and names faults as faults of the ledger', () => {
    const ledger = openedWith('CREATE TABLE t(a PRIMARY KEY, b)')
    ledger.run('INSERT INTO t VALUES(?, ?)', 1, null)
    expect(ledger.get('SELECT * FROM t')).toEqual({ a: 1, b: null })
    expect(Object.keys(ledger.get('SELECT * FROM t')!)).toEqual(['a', 'b'])
    expect(ledger.get('SELECT * FROM t WHERE a = 2')).toBeUndefined()
    expect(ledger.db.prepare('SELECT 1')).toBe(ledger.db.prepare('SELECT 1'))
    expect(ledger.db.prepare('SELECT 1')).not.toBe(ledger.db.prepare('SELECT 2'))
    expect(() => ledger.run('INSERT INTO t VALUES(1, 1)')).toThrow(/UNIQUE/)
    ledger.db.exec('PRAGMA query_only=ON')
    for (const write of [
      () => ledger.run('INSERT INTO t VALUES(3, 3)'),
      () => ledger.db.exec('DELETE FROM t'),
      () => ledger.db.prepare('DELETE FROM t').all()
    ])
      expect(codeOf(write)).toBe('FORBIDDEN')
    ledger.close()
  })

  it('adds rows by the names of their columns: an error, a replacement or nothing where there is one', () => {
    const ledger = openedWith('CREATE TABLE t(a PRIMARY KEY, b, c DEFAULT 9)')
    const table: Table<{ a: number; b: string | null; c: number | null }> = 't'
    ledger.insert(table, { a: 1, b: 'x' })
    expect(() => ledger.insert(table, { a: 1, b: 'y' })).toThrow(/UNIQUE/)
    ledger.insert(table, { a: 1, b: 'y' }, 'OR IGNORE')
    ledger.insert(table, { a: 2, b: null, c: null })
    expect(ledger.all('SELECT * FROM t')).toEqual([
      { a: 1, b: 'x', c: 9 },
      { a: 2, b: null, c: null }
    ])
    ledger.insert(table, { a: 1, c: 3 }, 'OR REPLACE')
    expect(ledger.get('SELECT * FROM t WHERE a = 1')).toEqual({ a: 1, b: null, c: 3 })
    ledger.close()
  })

  it('shows what features publish while it is open, and keeps none of it', () => {
    const file = join(folder(), 'ledger.sqlite')
    const views = [publish('doubled', 't', 'n', 'd', [['n', 'BIGINT', ''], ['twice', 'BIGINT', '', 'a * 2']])] // prettier-ignore
    const migrations = [{ version: 1, name: 'one', sql: 'CREATE TABLE t(n, a); INSERT INTO t VALUES(1, 4)' }]
    const ledger = openLedger(file, { migrations, views })
    expect([ledger.views, ledger.all('SELECT * FROM doubled')]).toEqual([views, [{ n: 1, twice: 8 }]])
    expect(ledger.get(`SELECT ${secondsBetween("'2026-01-01T00:00:00.000Z'", "'2026-01-01T00:01:00.250Z'")} AS s`)).toEqual({ s: 60.25 })
    ledger.close()
    const plain = openLedger(file, { migrations, views: [] })
    expect(codeOf(() => plain.all('SELECT * FROM doubled'))).toBe('SQLITE_ERROR')
    plain.close()
    expect(() => openLedger(file, { migrations, views: [publish('odd', 'nowhere', 'n', '', [['n', 'BIGINT', '']])] })).not.toThrow()
    expect(() => openLedger(file, { migrations, views: [publish('not a name', 't', 'n', '', [['n', 'BIGINT', '']])] })).toThrow()
    // Let go of, so that it can be opened anew.
    openLedger(file, { migrations, views }).close()
  })

  it('keeps no copy of a ledger that had no format, and records what it applied and when', () => {
    const directory = folder()
    const file = join(directory, 'ledger.sqlite')
    openLedger(file, { migrations: [], views: [] }).close()
    const before = new Date().toISOString()
    const ledger = openLedger(file, { migrations: numbered(2), views: [] })
    const applied = ledger.all<{ version: number; name: string; checksum: string; applied_at: string }>(
      'SELECT * FROM migration ORDER BY version'
    )
    expect(applied).toMatchObject([1, 2].map((at) => ({ version: at, name: `step ${at}`, checksum: sha256(`CREATE TABLE t${at}(a)`) })))
    for (const { applied_at: at } of applied) expect(at >= before && at <= new Date().toISOString()).toBe(true)
    ledger.close()
    expect(ledgersIn(directory)).toEqual(['ledger.sqlite'])
  })

  it('keeps the first of the steps that were missing in the name of the copy, and the copy opens', () => {
    const directory = folder()
    const file = join(directory, 'ledger.sqlite')
    openLedger(file, { migrations: numbered(1), views: [] }).close()
    openLedger(file, { migrations: numbered(3), views: [] }).close()
    expect(ledgersIn(directory)).toEqual(['ledger.sqlite', 'ledger.sqlite.before-2'])
    openLedger(join(directory, 'ledger.sqlite.before-2'), { migrations: numbered(1), views: [] }).close()
  })
})
