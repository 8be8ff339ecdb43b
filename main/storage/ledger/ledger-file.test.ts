import { existsSync, mkdtempSync, readdirSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { WorkbenchError } from '../../model/errors'
import { assertKnownLedger, assertWholeLedger, toLedgerError } from './ledger-file'

const root = mkdtempSync(join(tmpdir(), 'drydock-ledger-file-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

interface Header {
  format?: number
  pageSize?: number
  pages?: number
  /** Change counter, and the one for which the page count was written. */
  counters?: [number, number]
}

/** A file of `size` bytes that begins as an SQLite database with these figures does. */
function ledgerOf(size: number, { format = 3, pageSize = 4096, pages = 2, counters = [7, 7] }: Header = {}): string {
  const bytes = Buffer.alloc(size)
  bytes.write('SQLite format 3\0', 'latin1')
  bytes.writeUInt16BE(pageSize, 16)
  bytes.writeUInt32BE(counters[0], 24)
  bytes.writeUInt32BE(pages, 28)
  bytes.writeUInt32BE(format, 60)
  bytes.writeUInt32BE(counters[1], 92)
  const file = join(mkdtempSync(join(root, 'ledger-')), 'ledger.sqlite')
  writeFileSync(file, bytes)
  return file
}
function errorOf(work: () => void): Record<string, unknown> | null {
  try {
    work()
    return null
  } catch (error) {
    const { code, details, message } = error as WorkbenchError
    return { code, details, message }
  }
}

describe('a ledger that is looked at before it is opened', () => {
  it('passes when there is none yet, or one without a byte', () => {
    const empty = join(root, 'empty.sqlite')
    writeFileSync(empty, '')
    for (const file of [empty, join(root, 'missing.sqlite')]) {
      expect(errorOf(() => assertKnownLedger(file, 3))).toBeNull()
      expect(errorOf(() => assertWholeLedger(file, 3))).toBeNull()
    }
  })

  it('is damaged when its beginning is not that of a database', () => {
    const short = join(root, 'short.sqlite')
    writeFileSync(short, Buffer.alloc(99, 'SQLite format 3\0', 'latin1'))
    const text = join(root, 'text.sqlite')
    writeFileSync(text, 'only words '.repeat(100))
    for (const file of [short, text])
      expect(errorOf(() => assertKnownLedger(file, 3))).toMatchObject({
        code: 'STORAGE_CORRUPT',
        details: { file },
        message: expect.stringContaining('its beginning was overwritten')
      })
  })

  it('is refused when its format is newer, and only then', () => {
    for (const format of [2, 3]) expect(errorOf(() => assertKnownLedger(ledgerOf(8192, { format }), 3))).toBeNull()
    const newer = ledgerOf(8192, { format: 4 })
    const refused = { code: 'UNSUPPORTED_VERSION', details: { found: 4, supported: 3 } }
    expect(errorOf(() => assertKnownLedger(newer, 3))).toMatchObject(refused)
    expect(errorOf(() => assertWholeLedger(newer, 3))).toMatchObject(refused)
  })

  it('is damaged when its end is missing, unless the rest is in a log beside it', () => {
    const cut = ledgerOf(8191)
    const damage = { code: 'STORAGE_CORRUPT', details: { file: cut }, message: expect.stringContaining('it has 8191 of 8192 bytes') }
    expect(errorOf(() => assertKnownLedger(cut, 3))).toBeNull()
    expect(errorOf(() => assertWholeLedger(cut, 3))).toMatchObject(damage)
    writeFileSync(`${cut}-wal`, '')
    expect(errorOf(() => assertWholeLedger(cut, 3))).toMatchObject(damage)
    writeFileSync(`${cut}-wal`, 'x')
    expect(errorOf(() => assertWholeLedger(cut, 3))).toBeNull()
  })

  it('has the length that its first page says, which counts only where it was written with the last change', () => {
    expect(errorOf(() => assertWholeLedger(ledgerOf(8192), 3))).toBeNull()
    expect(errorOf(() => assertWholeLedger(ledgerOf(100, { counters: [8, 7] }), 3))).toBeNull()
    // The largest page does not fit its two bytes and is written as 1.
    expect(errorOf(() => assertWholeLedger(ledgerOf(65_536, { pageSize: 1, pages: 1 }), 3))).toBeNull()
    expect(errorOf(() => assertWholeLedger(ledgerOf(65_535, { pageSize: 1, pages: 1 }), 3))).toMatchObject({ code: 'STORAGE_CORRUPT' })
  })
})

describe('a ledger that was looked at', () => {
  it.skipIf(!existsSync('/proc/self/fd'))('is not held open', () => {
    const file = ledgerOf(8192)
    const damaged = ledgerOf(8192)
    writeFileSync(damaged, 'only words '.repeat(100))
    for (const path of [file, damaged]) errorOf(() => assertWholeLedger(path, 3))
    const held = readdirSync('/proc/self/fd').flatMap((descriptor) => {
      try {
        return [readlinkSync(join('/proc/self/fd', descriptor))]
      } catch {
        return []
      }
    })
    expect(held.filter((path) => path === realpathSync(file) || path === realpathSync(damaged))).toEqual([])
  })
})

describe('what the database complains of', () => {
  const file = join(root, 'ledger.sqlite')
  const meant = (code: string, place = file): unknown =>
    (toLedgerError(Object.assign(new Error('words'), { code }), place) as { code: string }).code

  it.each([
    ['SQLITE_FULL', 'DISK_FULL'],
    ['SQLITE_READONLY_DBMOVED', 'FORBIDDEN'],
    ['SQLITE_CANTOPEN', 'FORBIDDEN'],
    ['SQLITE_PERM', 'FORBIDDEN'],
    ['SQLITE_BUSY_SNAPSHOT', 'STORAGE_LOCKED'],
    ['SQLITE_LOCKED', 'STORAGE_LOCKED'],
    ['SQLITE_CORRUPT_INDEX', 'STORAGE_CORRUPT'],
    ['SQLITE_NOTADB', 'STORAGE_CORRUPT'],
    ['SQLITE_IOERR_WRITE', 'STORAGE_CORRUPT']
  ])('%s is %s on a disk with room', (code, expected) => {
    expect(meant(code)).toBe(expected)
  })

  it('of a folder that is gone is not the fault of a full disk', () => {
    expect(meant('SQLITE_IOERR', join(root, 'nowhere', 'ledger.sqlite'))).toBe('STORAGE_CORRUPT')
  })

  it('keeps what it was as its cause, and leaves what it does not know alone', () => {
    const busy = Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' })
    expect(toLedgerError(busy, file)).toMatchObject({ code: 'STORAGE_LOCKED', cause: busy })
    const own = new WorkbenchError('NOT_FOUND', 'There is no such run.')
    const others: unknown[] = [own, Object.assign(new Error('no such table'), { code: 'SQLITE_ERROR' }), 'text', null, undefined]
    for (const other of others) expect(toLedgerError(other, file)).toBe(other)
  })
})
