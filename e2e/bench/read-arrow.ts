import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { createPathGuard, FilePool } from '../../main/storage/arrow/file-handles'
import { createReadArrow } from '../../main/storage/arrow/table-function'
import { openDatabase } from '../../main/storage/duckdb/database'

/** Scans of one table of two million rows as Arrow file, native table and Parquet; best of five, milliseconds. Run with tsx. */
const rows = 2_000_000
const rounds = 5

async function fastest(work: () => Promise<unknown>): Promise<number> {
  let best = Infinity
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    await work()
    best = Math.min(best, performance.now() - start)
  }
  return best
}

const print = (name: string, value: number, unit: string, peer?: string, peerValue?: number): void =>
  console.log(
    JSON.stringify({
      name,
      value: Number(value.toFixed(1)),
      unit,
      peer,
      peerValue: peerValue === undefined ? undefined : Number(peerValue.toFixed(1)),
      ratio: peerValue === undefined ? undefined : Number((value / peerValue).toFixed(2))
    })
  )

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-arrow-'))
  const arrow = join(folder, 't.arrow')
  const parquet = join(folder, 't.parquet')
  const source = `SELECT r AS id, (r * 7919) % 100000 AS a, (r * 104729) % 1000003 AS b, sin(r) AS x, cos(r) * 100 AS y, 'category ' || (r % 20) AS cat,
    'a free text numbered ' || r AS note, TIMESTAMP '2020-01-01' + to_seconds(r) AS moment FROM range(${rows}) t(r)`
  const exporter = await openDatabase({ readDirectories: [folder] })
  let started = performance.now()
  const { bytes } = await exporter.exportArrow(source, arrow, { dictionaryColumns: ['cat'] })
  const exported = performance.now() - started
  await exporter.close()
  // a plain instance, since the locked one may not write Parquet
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const pool = new FilePool()
  connection.registerTableFunction(createReadArrow({ pool, guard: createPathGuard({ readDirectories: [folder] }) }))
  started = performance.now()
  await connection.run(`COPY (${source}) TO '${parquet}'`)
  print('export 2M x 8 to Arrow', exported, 'ms', 'COPY to Parquet', performance.now() - started)
  print('size of 2M x 8 in Arrow', bytes / 1e6, 'MB')
  await connection.run(`CREATE TABLE native AS SELECT * FROM read_parquet('${parquet}')`)
  const queries: [string, (from: string) => string][] = [
    ['6-column aggregate', (from) => `SELECT sum(id), sum(a), sum(b), sum(x), sum(y), max(moment) FROM ${from}`],
    ['group by dictionary', (from) => `SELECT cat, count(*), avg(x) FROM ${from} GROUP BY cat`],
    ['selective filter', (from) => `SELECT count(*), sum(y) FROM ${from} WHERE a = 77`],
    ['one-column sum', (from) => `SELECT sum(x) FROM ${from}`],
    ['text lengths', (from) => `SELECT sum(length(note)) FROM ${from}`],
    ['count', (from) => `SELECT count(*) FROM ${from}`]
  ]
  for (const [name, sql] of queries) {
    const own = await fastest(() => connection.run(sql(`read_arrow('${arrow}')`)))
    print(name, own, 'ms', 'native table', await fastest(() => connection.run(sql('native'))))
    print(name, own, 'ms', 'read_parquet', await fastest(() => connection.run(sql(`read_parquet('${parquet}')`))))
  }
  connection.disconnectSync()
  instance.closeSync()
  pool.closeAll()
  rmSync(folder, { recursive: true, force: true })
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
