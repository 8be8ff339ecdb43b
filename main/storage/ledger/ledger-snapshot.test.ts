import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { quoteName } from '../../model/sql-quoting'
import { openDatabase, type Database } from '../duckdb/database'
import { publish, type PublishedView, type ViewColumn } from './feature-tables'
import { openLedger, type Ledger } from './ledger'
import { loadLedgerTables } from './ledger-snapshot'

const root = mkdtempSync(join(tmpdir(), 'drydock-ledger-snapshot-'))
const file = join(root, 'ledger.sqlite')
const tables = ['early', 'late'].map((name) => publish(name, name, 'id', '', [['id', 'BIGINT', '']]))
let ledger: Ledger
let db: Database
beforeAll(async () => {
  const sql = 'CREATE TABLE early(id INTEGER PRIMARY KEY); CREATE TABLE late(id INTEGER PRIMARY KEY)'
  ledger = openLedger(file, { migrations: [{ version: 1, name: 'both', sql }], views: [] })
  db = await openDatabase({ readDirectories: [] })
})
afterAll(async () => {
  await db.close()
  ledger.close()
  rmSync(root, { recursive: true, force: true })
})

describe('tables of the ledger for a query', () => {
  it('are all of one moment, whatever is written while they go over, and the writer does not wait', async () => {
    const write = (id: number) =>
      ledger.transaction(() => {
        for (const { name } of tables) ledger.run(`INSERT INTO ${name} VALUES(?)`, id)
      })
    write(1)
    let written = 1
    const copying: Pick<Database, 'run'> = {
      run(sql, ...more) {
        if (sql.startsWith('INSERT')) write(++written)
        return db.run(sql, ...more)
      }
    }
    await loadLedgerTables(file, tables, copying)
    expect(written).toBe(3)
    const counted = '(SELECT count(*) FROM ledger.early)::INT AS early, (SELECT count(*) FROM ledger.late)::INT AS late'
    expect(await db.all(`SELECT ${counted}`)).toEqual([{ early: 1, late: 1 }])
    expect(ledger.all('SELECT id FROM late')).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }])
  })

  it('of a file that is no ledger are damage, named with the file', async () => {
    const garbage = join(root, 'garbage.sqlite')
    writeFileSync(garbage, 'only words '.repeat(1_000))
    const other = await openDatabase({ readDirectories: [] })
    await expect(loadLedgerTables(garbage, tables, other)).rejects.toMatchObject({
      code: 'STORAGE_CORRUPT',
      message: expect.stringContaining('garbage.sqlite')
    })
    await other.close()
  })
})

describe('what goes over', () => {
  const copied = async (sql: string, table: PublishedView, rows: unknown[][] = []) => {
    const path = join(mkdtempSync(join(root, 'copied-')), 'ledger.sqlite')
    const source = openLedger(path, { migrations: [{ version: 1, name: 'one', sql }], views: [] })
    source.transaction(() => {
      for (const row of rows) source.run(`INSERT INTO t VALUES(${row.map(() => '?').join(', ')})`, ...row)
    })
    const target = await openDatabase({ readDirectories: [] })
    try {
      await loadLedgerTables(path, [table], target)
      return await target.all(`SELECT * FROM ledger.${quoteName(table.name)}`)
    } finally {
      await target.close()
      source.close()
      // The snapshot was let go: whoever closes need not wait for it, and gets all into the one file.
      expect(statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0).toBe(0)
    }
  }

  it('has the types that were published, every digit, and nothing where there is nothing', async () => {
    const columns = [
      'text VARCHAR TEXT',
      'list VARCHAR[] TEXT',
      'whole BIGINT INTEGER',
      'real DOUBLE REAL',
      'truth BOOLEAN INTEGER',
      'moment TIMESTAMP TEXT'
    ].map((each) => each.split(' '))
    const table = publish(
      'of "all"',
      't',
      'whole',
      '',
      columns.map(([name, type]) => [name!, type as ViewColumn['type'], ''])
    )
    const sql = `CREATE TABLE t(${columns.map(([name, , kept]) => `${name} ${kept}`).join(', ')})`
    const list = ['a, b', 'say "x"', 'back\\slash', "it's", '\u00e9 \n', '', '[1]']
    expect(
      await copied(sql, table, [
        ['a "b"\n\u00e9', JSON.stringify(list), 9_007_199_254_740_991, 0.1 + 0.2, 1, '2026-05-04T10:00:00.123Z'],
        ['', '[]', -1, 1e300, 0, '2026-05-04'],
        [null, null, null, null, null, null]
      ])
    ).toEqual([
      { text: null, list: null, whole: null, real: null, truth: null, moment: null },
      { text: '', list: [], whole: -1, real: 1e300, truth: false, moment: expect.anything() },
      { text: 'a "b"\n\u00e9', list, whole: 9_007_199_254_740_991, real: 0.1 + 0.2, truth: true, moment: expect.anything() }
    ])
  })

  it('is nothing where a value does not fit its type, and the rest all the same', async () => {
    const table = publish('mixed', 't', 'a', '', [
      ['a', 'VARCHAR', ''],
      ['b', 'BIGINT', ''],
      ['c', 'TIMESTAMP', '']
    ])
    expect(await copied('CREATE TABLE t(a, b, c)', table, [['x', 'no number', 'no time']])).toEqual([{ a: 'x', b: null, c: null }])
  })

  it('is what the view says, by its expressions, and every row once over several pages', async () => {
    const table = publish('even', 't WHERE n % 2 = 0', 'n DESC', '', [
      ['n', 'BIGINT', ''],
      ['twice', 'BIGINT', '', 'n * 2']
    ])
    const numbers = (count: number) =>
      `CREATE TABLE t(n); INSERT INTO t WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ${count}) SELECT n FROM c`
    for (const count of [0, 5_000, 5_001]) {
      const rows = count === 0 ? await copied('CREATE TABLE t(n)', table) : await copied(numbers(count * 2), table)
      expect(rows).toHaveLength(count)
      if (count > 0)
        expect([rows[0], rows.at(-1)]).toEqual([
          { n: count * 2, twice: count * 4 },
          { n: 2, twice: 4 }
        ])
    }
  })

  it('is nothing at all, not even a schema, when nothing is asked for; and stops when somebody stops it', async () => {
    const target = await openDatabase({ readDirectories: [] })
    const schemas = () => target.all("SELECT 1 FROM information_schema.schemata WHERE schema_name = 'ledger'")
    await loadLedgerTables(join(root, 'nowhere.sqlite'), [], target)
    expect([await schemas(), existsSync(join(root, 'nowhere.sqlite'))]).toEqual([[], false])
    await expect(loadLedgerTables(file, tables, target, AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' })
    await target.close()
  })
})
