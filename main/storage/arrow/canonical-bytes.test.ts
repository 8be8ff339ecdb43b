import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as arrow from 'apache-arrow'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../duckdb/database'
import { sha256File } from '../objects/durable-files'
import { inspectArrowFile } from './inspect'
import { normaliseArrow } from './normalise'
import { kinds, tables } from '../../testing/arbitrary-tables'
import { createScanHarness, type ScanHarness } from './testing/scan-harness'

let harness: ScanHarness
let database: Database
let count = 0
const next = (ending = 'arrow'): string => join(harness.folder, `${count++}.${ending}`)
beforeAll(async () => {
  harness = await createScanHarness()
  database = await openDatabase({ readDirectories: [harness.folder] })
})
afterAll(async () => {
  await database.close()
  harness.close()
})

const digestOf = async (sql: string, path = next()): Promise<string> => {
  await database.exportArrow(sql, path)
  return sha256File(path)
}

/** The same rows as an Arrow stream in batches of other sizes, with other bytes in every slot of a null row. */
function recut(file: string, cuts: number[]): string {
  const table = arrow.tableFromIPC(readFileSync(file))
  const writer = new arrow.RecordBatchStreamWriter({ autoDestroy: false })
  writer.reset(undefined, table.schema)
  for (const batch of table.batches) {
    for (let at = 0, turn = 0; at < batch.numRows; turn++) {
      const size = Math.max(1, cuts[turn % cuts.length] ?? 1)
      writer.write(batch.slice(at, Math.min(batch.numRows, at + size)))
      at += size
    }
  }
  const path = next('arrows')
  writeFileSync(path, writer.finish().toUint8Array(true))
  return path
}

/** Fills the value slots of null rows with ones, as a writer may: the format leaves them undefined. */
async function soil(file: string): Promise<string> {
  const bytes = Buffer.from(readFileSync(file))
  const table = arrow.tableFromIPC(bytes)
  for (const batch of table.batches)
    for (const child of batch.data.children) {
      const width = { Int: 8, Float: 8, Date: 4, Timestamp: 8 }[String(child.type).replace(/[<\d].*$/, '')]
      const values = child.values as unknown as ArrayBufferView | undefined
      if (!width || child.nullCount === 0 || !values || values.byteLength < child.length * width) continue
      for (let row = 0; row < child.length; row++)
        if (!child.getValid(row)) new Uint8Array(values.buffer, values.byteOffset + row * width, width).fill(0xab)
    }
  const path = next()
  writeFileSync(path, bytes)
  return path
}

describe('equal tables give equal bytes', () => {
  it(
    'whatever lies under nulls, in whatever chunks and batches the rows come, and through which format they went',
    { timeout: 120_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(
          tables.filter(({ rows }) => rows.length > 0),
          fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 4 }),
          async ({ types, rows, copies }, cuts) => {
            const names = types.map((_, index) => `c${index}`)
            const list = names.join(', ')
            const declared = names.map((name, index) => `${name} ${types[index]}`).join(', ')
            const cast = (from: string): string =>
              `SELECT ${names.map((name, index) => `${name}::${types[index]} AS ${name}`).join(', ')} FROM ${from}`
            // beside each value another one that is never null, and rows that do not belong
            const filler = names.map(
              (_, index) => fc.sample(kinds[types[index] as string] as fc.Arbitrary<string>, { seed: 7 + index, numRuns: 1 })[0]
            )
            await database.run(
              `CREATE OR REPLACE TABLE base (i BIGINT, ${declared}, ${declared.replaceAll(/\bc(\d+) /g, 'f$1 ')}, belongs BOOLEAN);
             INSERT INTO base SELECT 0, ${list}, ${filler.join(', ')}, true FROM (VALUES ${rows.map((row) => `(${row.join(', ')})`).join(', ')}) v(${list}), range(${copies});
             UPDATE base SET i = rowid;
             CREATE OR REPLACE TABLE noisy AS SELECT * FROM (SELECT * FROM base UNION ALL SELECT * REPLACE (false AS belongs) FROM base WHERE i % 3 = 0) ORDER BY i, belongs`
            )
            const first = next()
            const expected = await digestOf(`SELECT ${list} FROM base ORDER BY i`, first)
            // the engine has no CASE over fixed-size lists
            const masked = names
              .map((name, index) =>
                types[index] === 'VARCHAR[2]' ? name : `CASE WHEN ${name} IS NOT NULL THEN coalesce(${name}, f${index}) END AS ${name}`
              )
              .join(', ')
            const parquet = next('parquet')
            await harness.connection.run(`COPY (SELECT * FROM read_arrow('${first}')) TO '${parquet}' (FORMAT parquet)`)
            const other = next()
            await normaliseArrow(recut(first, cuts), other)
            const ways = {
              'with filtered rows and masked values': `SELECT ${masked} FROM noisy WHERE belongs`,
              'from its own file': cast(`read_arrow('${first}')`),
              'from a stream of small batches': cast(`read_arrow('${other}')`),
              'from a file with dirt under its nulls': cast(`read_arrow('${await soil(first)}')`),
              'from Parquet': cast(`read_parquet('${parquet}')`)
            }
            for (const [way, sql] of Object.entries(ways)) expect(await digestOf(sql), `${way}: ${types.join(', ')}`).toBe(expected)
          }
        ),
        { numRuns: 15, seed: 20_261 }
      )
    }
  )

  it('over several batches, with rows left out at any place', async () => {
    await database.run(
      `CREATE OR REPLACE TABLE numbers AS SELECT range AS i, hash(range) AS h FROM range(600000);
       CREATE OR REPLACE TABLE kept AS SELECT i, h FROM numbers WHERE h % 7 <> 0`
    )
    const columns = `i, CASE WHEN h % 5 <> 0 THEN i * 3 END AS n, CASE WHEN h % 11 <> 0 THEN 'text ' || (h % 100000) END AS t,
      CASE WHEN h % 3 <> 0 THEN h % 2 = 0 END AS b, CASE WHEN h % 13 = 0 THEN NULL WHEN h % 17 = 0 THEN 'nan' ELSE i / 7 END::DOUBLE AS d`
    const path = next()
    const expected = await digestOf(`SELECT ${columns} FROM kept`, path)
    expect((await inspectArrowFile(path)).batches).toBe(4)
    expect(await digestOf(`SELECT ${columns} FROM numbers WHERE h % 7 <> 0`)).toBe(expected)
    expect(await digestOf(`SELECT * FROM read_arrow('${path}')`)).toBe(expected)
    expect(await digestOf(`SELECT ${columns} FROM kept WHERE i <> 300001`)).not.toBe(expected)
  })

  it('has one not-a-number, but keeps the sign of zero', async () => {
    const nan = (bits: string): string => `(SELECT x FROM read_arrow('${bits}'))`
    const file = (value: bigint): string => {
      const path = next()
      const data = arrow.makeData({ type: new arrow.Float64(), data: new Float64Array(BigUint64Array.of(value).buffer) })
      writeFileSync(path, arrow.tableToIPC(new arrow.Table({ x: arrow.makeVector(data) }), 'file'))
      return path
    }
    const quiet = await digestOf(`SELECT x FROM ${nan(file(0x7ff8000000000000n))}`)
    for (const bits of [0xfff8000000000000n, 0x7ff8000000000001n, 0xffffffffffffffffn])
      expect(await digestOf(`SELECT x FROM ${nan(file(bits))}`)).toBe(quiet)
    expect(await digestOf("SELECT 'nan'::DOUBLE AS x")).toBe(quiet)
    expect(await digestOf("SELECT '-0'::DOUBLE AS x")).not.toBe(await digestOf('SELECT 0::DOUBLE AS x'))
  })
})
