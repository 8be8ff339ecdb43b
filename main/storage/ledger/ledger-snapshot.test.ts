import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase, type Database } from '../duckdb/database'
import { publish } from './feature-tables'
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
