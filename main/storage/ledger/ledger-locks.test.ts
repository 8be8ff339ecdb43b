import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readdirSync, readlinkSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, describe, expect, it } from 'vitest'
import { ledgerFormat } from '../../core/ledger'
import { copyLedgerBytes } from './ledger-connection'
import { assertKnownLedger, openLedger, type Ledger } from './ledger'
import { copyLedger } from './ledger-reader'
import { sumPages } from './page-sums'

const root = mkdtempSync(join(tmpdir(), 'drydock-locks-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const newest = ledgerFormat.migrations.at(-1)!.version

/** A program of somebody else that looks into the ledger and closes it, as a viewer of SQLite files does; prints the settings. */
function readElsewhere(file: string): string[] {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [
      '-e',
      `const db = new (require('libsql'))(process.argv[1])
       const sql = db.prepare('SELECT key FROM setting ORDER BY key')
       console.log(JSON.stringify(sql.all().map(({ key }) => key)))
       db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
       db.close()`,
      file
    ],
    { encoding: 'utf8' }
  )
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as string[]
}

const put = (ledger: Ledger, key: string): void => ledger.run("INSERT INTO setting VALUES(?, 'x')", key)

/** What a process may do with the bytes of a ledger that it has open, or has closed and not let go. */
const looks: [string, (file: string) => unknown][] = [
  ['nothing', () => undefined],
  ['the look at its header', (file) => assertKnownLedger(file, newest)],
  ['the sums of its pages', (file) => sumPages(file)],
  ['a copy of its file', (file) => copyLedgerBytes(file, `${file}.copy`)],
  ['a copy with its log', async (file) => (await copyLedger(file)).remove()]
]

describe('what is committed after somebody else has closed the ledger', () => {
  it.each(looks)('is there, also after %s by this process', async (_name, look) => {
    const file = join(mkdtempSync(join(root, 'open-')), 'ledger.sqlite')
    const ledger = openLedger(file, ledgerFormat)
    put(ledger, 'a')
    await look(file)
    expect(readElsewhere(file)).toEqual(['a'])
    put(ledger, 'b')
    expect(readElsewhere(file)).toEqual(['a', 'b'])
    ledger.close()
    expect(readElsewhere(file)).toEqual(['a', 'b'])
  })

  it('is there, also where this process had closed it and opened it again', () => {
    const file = join(mkdtempSync(join(root, 'again-')), 'ledger.sqlite')
    const first = openLedger(file, ledgerFormat)
    put(first, 'a')
    first.close()
    sumPages(file)
    const second = openLedger(file, ledgerFormat)
    expect(readElsewhere(file)).toEqual(['a'])
    put(second, 'b')
    expect(readElsewhere(file)).toEqual(['a', 'b'])
    second.close()
  })
})

const isLinux = process.platform === 'linux'
/** Places that descriptors of this process lead to, below a folder. */
const openBelow = (folder: string): string[] =>
  readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      const place = readlinkSync(`/proc/self/fd/${name}`)
      return place.startsWith(folder) ? [place.slice(folder.length + 1)] : []
    } catch {
      // The descriptor of the listing itself.
      return []
    }
  })

describe.skipIf(!isLinux)('what is kept open for the locks', () => {
  it('is one descriptor a file, and none once the ledger is closed and collected', async () => {
    const folder = mkdtempSync(join(root, 'kept-'))
    const file = join(folder, 'ledger.sqlite')
    openAndLook(file)
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    await expect
      .poll(() => (collect(), openBelow(folder)), { timeout: 20_000, interval: 200, message: 'a stick could not be taken out' })
      .toEqual([])
  })

  it('goes at once with a file that is deleted', () => {
    const folder = mkdtempSync(join(root, 'deleted-'))
    const file = join(folder, 'ledger.sqlite')
    const ledger = openLedger(file, ledgerFormat)
    const own = openBelow(folder).length
    sumPages(file)
    expect(openBelow(folder)).toHaveLength(own + 1)
    rmSync(folder, { recursive: true })
    assertKnownLedger(join(root, 'none.sqlite'), newest)
    sumPages(made(join(root, 'other.sqlite')))
    expect(openBelow(folder)).toHaveLength(own)
    ledger.close()
  })

  it('is the file that stands there, also when another has taken its place', () => {
    const folder = mkdtempSync(join(root, 'replaced-'))
    const file = join(folder, 'ledger.sqlite')
    const ledger = openLedger(file, ledgerFormat)
    const before = sumPages(file)
    ledger.close()
    copyFileSync(made(join(folder, 'other.sqlite')), join(folder, 'next.sqlite'))
    renameSync(join(folder, 'next.sqlite'), file)
    expect(sumPages(file).sums).toEqual(sumPages(join(folder, 'other.sqlite')).sums)
    expect(sumPages(file).sums).not.toEqual(before.sums)
  })
})

/** In a function of its own, so that nothing of it stays on the stack. */
function openAndLook(file: string): void {
  const ledger = openLedger(file, ledgerFormat)
  put(ledger, 'a')
  for (let round = 0; round < 5; round++) sumPages(file)
  ledger.close()
}

/** A closed ledger with something in it. */
function made(file: string): string {
  const ledger = openLedger(file, ledgerFormat)
  put(ledger, 'other')
  ledger.close()
  return file
}
