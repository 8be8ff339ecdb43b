import { readFileSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { FilePool } from '../../storage/arrow/file-handles'
import { createReadArrow } from '../../storage/arrow/table-function'
import { openTestWorkspace, type TestWorkspace } from './workspace.fixture'

let w: TestWorkspace
beforeAll(async () => {
  w = await openTestWorkspace()
})
afterAll(() => w.close())

it('a version keeps its SHA-256 when it is exported as Arrow or Parquet and imported again', async () => {
  const lines = Array.from({ length: 3_000 }, (_, i) => {
    const cells = [
      i,
      i % 3 ? i / 7 : '',
      i % 4 ? `text ${i}` : 'NA',
      i % 5 ? '2024-02-29' : '',
      i % 6 ? i % 2 === 0 : '',
      i % 7 ? '2024-01-01 10:00' : ''
    ]
    // rows that do not parse leave gaps in what is written
    return i % 150 === 9 ? `${i},oops` : cells.join(',')
  })
  const { version } = await w.datasets.importFile(w.source('a.csv', `id,amount,word,day,ok,at\n${lines.join('\n')}\n`), {
    name: 'original'
  })
  expect(version.badRows).toBe(20)
  expect(version.columns.map((column) => column.type)).toEqual(['BIGINT', 'DOUBLE', 'VARCHAR', 'DATE', 'BOOLEAN', 'TIMESTAMP'])
  const { path } = w.datasets.resolve('original')
  const arrow = await w.datasets.importFile(w.source('copy.arrow', readFileSync(path)), { name: 'from arrow' })
  expect(arrow.version.sha256).toBe(version.sha256)
  const copy = w.source('copy.parquet', '')
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const pool = new FilePool()
  connection.registerTableFunction(createReadArrow({ pool, guard: (name) => name }))
  await connection.run(`COPY (SELECT * FROM read_arrow('${path}')) TO '${copy}' (FORMAT parquet)`)
  pool.closeAll()
  connection.closeSync()
  instance.closeSync()
  const parquet = await w.datasets.importFile(copy, { name: 'from parquet' })
  expect(parquet.version.sha256).toBe(version.sha256)
})
