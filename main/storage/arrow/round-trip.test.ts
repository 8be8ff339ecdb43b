import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as arrow from 'apache-arrow'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Database, type JsonValue, openDatabase } from '../duckdb/database'
import { inspectArrowFile } from './inspect'
import { CellReader } from './string-cells'
import { tables } from '../../testing/arbitrary-tables'
import { createScanHarness, type ScanHarness } from './testing/scan-harness'
import { sweep } from '../../testing/deep'

let harness: ScanHarness
let database: Database
let count = 0
const next = (): string => join(harness.folder, `${count++}.arrow`)
beforeAll(async () => {
  harness = await createScanHarness()
  database = await openDatabase({ readDirectories: [harness.folder], threads: 1 })
})
afterAll(async () => {
  await database.close()
  harness.close()
})

/** What apache-arrow read, as the JSON rules of this database write it. */
function plain(value: unknown, type: arrow.DataType): JsonValue {
  if (value === null || value === undefined) return null
  if (arrow.DataType.isDecimal(type)) {
    const words = value as Uint32Array
    let number = 0n
    for (let word = words.length - 1; word >= 0; word--) number = (number << 32n) | BigInt(words[word] ?? 0)
    const signed = BigInt.asIntN(128, number)
    const digits = (signed < 0n ? -signed : signed).toString().padStart(type.scale + 1, '0')
    const point = digits.length - type.scale
    const text = `${signed < 0n ? '-' : ''}${digits.slice(0, point)}${type.scale > 0 ? `.${digits.slice(point)}` : ''}`
    const shortest = type.scale > 0 ? text.replace(/\.?0+$/, '') : text
    // a number only where it is the very same value
    return BigInt(digits) < 10n ** 15n || String(Number(text)) === shortest ? Number(text) : text
  }
  if (arrow.DataType.isBinary(type)) return Buffer.from(value as Uint8Array).toString('hex')
  if (arrow.DataType.isList(type) || arrow.DataType.isFixedSizeList(type)) {
    const item = type.children[0]?.type as arrow.DataType
    return [...(value as Iterable<unknown>)].map((part) => plain(part, item))
  }
  if (arrow.DataType.isStruct(type)) {
    const row = value as Record<string, unknown>
    return Object.fromEntries(type.children.map((child) => [child.name, plain(row[child.name], child.type)]))
  }
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  return value as JsonValue
}

/** Memory that DuckDB reuses for the columns of the next result: full of what must not come out again. */
const dirty = (): Promise<unknown> =>
  database.query("SELECT max(repeat('remnant', 40) || range), max(hash(range)) FROM range(200000) WHERE md5(range::VARCHAR) > '1'")

describe('equal tables', () => {
  const rows = (type: string): string =>
    `SELECT TRY_CAST(CASE WHEN range % 3 = 0 THEN 'x' WHEN range % 7 = 0 THEN NULL ELSE (range % 2)::VARCHAR END AS ${type}) AS v FROM range(5000)`
  it.each(['BOOLEAN', 'TINYINT', 'INTEGER', 'BIGINT', 'DOUBLE', 'DECIMAL(18,3)'])(
    'have equal bytes, also where %s is missing',
    async (type) => {
      const files = [next(), next(), next()]
      for (const file of files) {
        await dirty()
        await database.exportArrow(rows(type), file)
      }
      const [first, ...others] = files.map((file) => readFileSync(file))
      for (const other of others) expect(other.equals(first!)).toBe(true)
      const column = arrow.tableFromIPC(first!).getChildAt(0)!
      expect(column.nullCount).toBeGreaterThan(2000)
      const { values } = column.data[0]!
      const width = values.byteLength / column.length
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
      if (type !== 'BOOLEAN')
        for (let row = 0; row < column.length; row++)
          if (!column.isValid(row)) expect(bytes.subarray(row * width, (row + 1) * width).every((byte) => byte === 0)).toBe(true)
    }
  )
})

describe('export and scan', () => {
  it('gives back what DuckDB held, in bulk and value by value, and apache-arrow agrees', async () => {
    await fc.assert(
      fc.asyncProperty(tables, async ({ types, rows, copies }) => {
        const columns = types.map((type, index) => ({ name: `c${index}`, type }))
        await database.run(`CREATE OR REPLACE TABLE t (${columns.map(({ name, type }) => `${name} ${type}`).join(', ')})`)
        if (rows.length > 0) await database.run(`INSERT INTO t VALUES ${rows.map((row) => `(${row.join(', ')})`).join(', ')}`)
        const sql = copies === 1 ? 'SELECT * FROM t' : `SELECT t.* FROM t, range(${copies})`
        const path = next()
        const texts = columns.filter(({ type }) => type === 'VARCHAR').map(({ name }) => name)
        const written = await database.exportArrow(sql, path, { dictionaryColumns: texts.slice(0, 1) })
        const before = await database.query(sql)
        const after = await database.query(`SELECT * FROM read_arrow('${path}')`)
        expect(written.rows).toBe(rows.length * copies)
        expect(after.rows).toEqual(before.rows)
        const scanned = await harness.scan(path)
        expect('rows' in scanned && scanned.rows).toEqual(before.rows)
        const oracle = arrow.tableFromIPC(readFileSync(path))
        expect(oracle.numRows).toBe(written.rows)
        columns.forEach(({ type }, column) => {
          if (/^(DATE|TIME)/.test(type)) return
          const vector = oracle.getChildAt(column)
          for (let row = 0; row < written.rows; row++)
            if (vector) expect(plain(vector.get(row), vector.type)).toEqual(before.rows[row]?.[column])
        })
      }),
      sweep(20, 600)
    )
  })

  it('reads times and dates at the instants apache-arrow sees', async () => {
    const path = next()
    await database.exportArrow(
      "SELECT DATE '2024-02-29' AS d, TIMESTAMP '2024-02-29 12:00:00.5' AS t, TIMESTAMPTZ '2024-02-29 12:00:00+02' AS z, TIME '01:02:03' AS h",
      path
    )
    const row = arrow.tableFromIPC(readFileSync(path)).get(0)
    expect([row?.['d'], row?.['t'], row?.['z']].map((time) => new Date(Number(time)).toISOString())).toEqual([
      '2024-02-29T00:00:00.000Z',
      '2024-02-29T12:00:00.500Z',
      '2024-02-29T10:00:00.000Z'
    ])
    expect((await database.query(`SELECT * FROM read_arrow('${path}')`)).rows).toEqual([
      ['2024-02-29', '2024-02-29T12:00:00.500Z', '2024-02-29T10:00:00.000Z', '01:02:03']
    ])
  })

  it('reads what apache-arrow writes: halves, narrow decimals, other units, large text, nested and non-text dictionaries', async () => {
    const half = arrow.vectorFromArray([1.5, null, -0.25, 65504], new arrow.Float16())
    const columns = {
      half,
      day: arrow.vectorFromArray([new Date(0), new Date(86_400_000), null, new Date(-86_400_000)], new arrow.DateMillisecond()),
      seconds: arrow.vectorFromArray([0, null, 3600, 86_399], new arrow.TimeSecond()),
      zoned: arrow.vectorFromArray([0, 1, null, -1], new arrow.Timestamp(arrow.TimeUnit.MILLISECOND, 'Europe/Berlin')),
      large: arrow.vectorFromArray(['a', 'b long enough for a pointer', null, ''], new arrow.LargeUtf8()),
      fixed: arrow.vectorFromArray([Uint8Array.of(1, 2), null, Uint8Array.of(3, 4), Uint8Array.of(5, 6)], new arrow.FixedSizeBinary(2)),
      coded: arrow.vectorFromArray(['x', 'y', null, 'x'], new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8())),
      numbers: arrow.vectorFromArray([10, 20, 10, null], new arrow.Dictionary(new arrow.Int32(), new arrow.Uint16())),
      nothing: arrow.vectorFromArray([null, null, null, null], new arrow.Null()),
      lists: arrow.vectorFromArray([['p', null], null, [], ['q']], new arrow.List(new arrow.Field('item', new arrow.Utf8(), true)))
    }
    const path = next()
    writeFileSync(path, arrow.tableToIPC(new arrow.Table(columns), 'file'))
    expect(await harness.scan(path)).toEqual({
      rows: [
        [1.5, '1970-01-01', '00:00:00', '1970-01-01T00:00:00.000Z', 'a', '0102', 'x', 10, null, ['p', null]],
        [null, '1970-01-02', null, '1970-01-01T00:00:00.001Z', 'b long enough for a pointer', null, 'y', 20, null, null],
        [-0.25, null, '01:00:00', null, null, '0304', null, 10, null, []],
        [65504, '1969-12-31', '23:59:59', '1969-12-31T23:59:59.999Z', '', '0506', 'x', null, null, ['q']]
      ]
    })
    expect((await inspectArrowFile(path)).columns.map(({ type }) => type)).toEqual([
      'halffloat',
      'date64',
      'time32[s]',
      'timestamp[ms, Europe/Berlin]',
      'large_string',
      'fixed_size_binary[2]',
      'dictionary<string, int8>',
      'dictionary<int32, uint16>',
      'null',
      'list<string>'
    ])
  })

  it('keeps the row order over several batches, projects, counts and stops at LIMIT', async () => {
    const path = next()
    const { rows, bytes } = await database.exportArrow("SELECT r AS a, 'text ' || r AS b FROM range(300000) x(r)", path, {})
    expect(rows).toBe(300_000)
    expect(bytes).toBe(readFileSync(path).length)
    expect((await inspectArrowFile(path)).batches).toBeGreaterThan(1)
    const scan = `read_arrow('${path}')`
    expect((await database.query(`SELECT count(*) FROM ${scan}`)).rows).toEqual([[300_000]])
    expect((await database.query(`SELECT count(*) FROM (SELECT a, row_number() OVER () - 1 AS n FROM ${scan}) WHERE a <> n`)).rows).toEqual(
      [[0]]
    )
    expect((await database.query(`SELECT b FROM ${scan} LIMIT 1 OFFSET 131072`)).rows).toEqual([['text 131072']])
    expect((await database.query(`SELECT sum(length(b)) FROM ${scan}`)).rows).toEqual(
      (await database.query("SELECT sum(length('text ' || r)) FROM range(300000) x(r)")).rows
    )
  })

  it('fetches the long texts of rows that follow in one piece, whatever short ones and nulls lie between', async () => {
    const fetchFrom = vi.spyOn(CellReader.prototype, 'fetchFrom')
    const sql =
      "SELECT CASE range % 5 WHEN 0 THEN 'a text beyond twelve bytes, ' || range WHEN 1 THEN 'short' WHEN 2 THEN NULL WHEN 3 THEN '' ELSE repeat('é', 7 + range % 9) END AS t FROM range(20000)"
    const path = next()
    await database.run(`CREATE OR REPLACE TABLE mixed AS ${sql}`)
    await database.exportArrow('SELECT * FROM mixed', path)
    const calls = fetchFrom.mock.calls.length
    fetchFrom.mockRestore()
    expect(calls).toBeLessThan(100)
    expect((await database.query(`SELECT * FROM read_arrow('${path}')`)).rows).toEqual((await database.query('SELECT * FROM mixed')).rows)
  })

  it('leaves no file behind when an export fails or is cancelled', async () => {
    const path = next()
    await expect(database.exportArrow("SELECT error('stop') FROM range(10)", path)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    const abort = new AbortController()
    const started = database.exportArrow('SELECT r FROM range(100000000000) t(r)', path, {
      signal: abort.signal,
      onProgress: () => abort.abort()
    })
    await expect(started).rejects.toMatchObject({ code: 'CANCELLED' })
    await expect(inspectArrowFile(path)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await database.query('SELECT 1')).toMatchObject({ rows: [[1]] })
  })
})
