import Database from 'libsql'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ledgerFormat } from '../../core/ledger'
import { openLedger, type Ledger, type Migration } from './ledger'

const root = mkdtempSync(join(tmpdir(), 'drydock-ledger-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const { migrations } = ledgerFormat
const folder = (): string => mkdtempSync(join(root, 'folder-'))
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
      expect.objectContaining({ code: 'STORAGE_CORRUPT', message: expect.stringContaining('Restore it from a backup') })
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
