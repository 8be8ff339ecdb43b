import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ImportResult } from '../../model/dataset'
import { encodeFlatbuffer, type FlatValue } from '../../storage/arrow/flatbuffer'
import { sha256File } from '../../storage/objects/durable-files'
import { openTestWorkspace, type TestWorkspace } from './workspace.fixture'

let w: TestWorkspace
beforeAll(async () => {
  w = await openTestWorkspace()
})
afterAll(() => w.close())

const fixture = (name: string): string => join(import.meta.dirname, 'fixtures', 'foreign', name)
const typesOf = ({ version }: ImportResult): Record<string, string> =>
  Object.fromEntries(version.columns.map((column) => [column.name, `${column.type}${column.unit ? ` ${column.unit}` : ''}`]))
const noticed = ({ version }: ImportResult, title: string): (string | null)[] =>
  version.notices.filter((notice) => notice.title === title).map((notice) => notice.column)
const column = async (name: string, index: number): Promise<unknown[]> => (await w.datasets.rows(name, {})).rows.map((row) => row[index])
/** A Parquet file of one query. */
async function parquet(name: string, sql: string): Promise<string> {
  const path = w.source(name, '')
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(`COPY (${sql}) TO '${path}' (FORMAT parquet)`)
  connection.closeSync()
  instance.closeSync()
  return path
}

/** What both formats hold of the columns that Parquet knows, in file order from the second on. */
const readable = {
  dur_s: 'BIGINT s',
  dur_ns: 'BIGINT ns',
  dur_coded: 'BIGINT ms',
  dur_list: 'VARCHAR',
  at_ns: 'TIMESTAMP',
  at_ns_utc: 'TIMESTAMP',
  clock_ns: 'TIME',
  money: 'DECIMAL(20,2)',
  part: 'VARCHAR',
  big: 'UBIGINT',
  half: 'FLOAT'
}
const cells = [
  [1, -90061, null, 2 ** 40],
  [1, -90061, null, '4611686018427387904'],
  [60, 90, 60, null],
  ['[1,2]', null, '[]', '[null]'],
  ['2023-11-14T22:13:20.123456Z', '1969-12-31T23:59:59.999999Z', null, '1970-01-01T00:00:00.000001Z'],
  ['2023-11-14T22:13:20.123456Z', '1969-12-31T23:59:59.999999Z', null, '1970-01-01T00:00:00.000001Z'],
  ['23:59:59.999999', '00:00:00', null, '00:00:00.000001'],
  ['9007199254740993.75', -0.01, null, 1.5],
  ['{"m":[9007199254740993.75],"n":1152921504606846976}', null, '{"m":[],"n":null}', '{"m":null,"n":1}'],
  ['18446744073709551615', '9007199254740993', null, 0],
  [1.5, -0.25, null, 65504]
]

describe('columns that few programs write', () => {
  it('stand in files that are known by their digests', async () => {
    expect(await sha256File(fixture('columns.arrow'))).toBe('2d39102d528e2837efd96fe2fd8195b1d9cb9564dd3a1ffbcadf265af40556fc')
    expect(await sha256File(fixture('columns-zstd.arrows'))).toBe('a866b0ae6255f8d4e0c6dd64397a280bf2613afc1603235ad1d86deb218278ee')
    expect(await sha256File(fixture('columns.parquet'))).toBe('2c0fae173a78e9058d7ef05ddd857bf687ee3c5115f9452ab1524afb913a062f')
    expect(await sha256File(fixture('before-0.15.arrows'))).toBe('f664c88b143d7b5e749d524ab87e0fca9ec7bfb05c8e14c92225d194931ff3fc')
  })

  it.each(['columns.arrow', 'columns-zstd.arrows'])(
    '%s: lengths of time, list views and runs are read, the unreadable named',
    async (file) => {
      const result = await w.datasets.importFile(fixture(file), { name: file })
      expect(typesOf(result)).toEqual({
        id: 'BIGINT',
        ...readable,
        list_view: 'VARCHAR',
        large_view: 'VARCHAR',
        runs: 'VARCHAR',
        runs_time: 'BIGINT ms',
        text_view: 'VARCHAR',
        last: 'VARCHAR'
      })
      const { rows } = await w.datasets.rows(file, {})
      const expected = [
        [1, 2, 3, 4],
        ...cells,
        ['[null]', '[10,20]', '[]', '[20,null,40]'],
        ['["a",null]', null, '[]', '["b longer than twelve bytes"]'],
        ['a', null, null, 'b longer than twelve bytes'],
        [1, 1, 2, 2],
        ['short', 'longer than twelve bytes', null, ''],
        ['r1', 'r2', null, 'r4']
      ]
      expect(rows).toEqual([0, 1, 2, 3].map((row) => expected.map((values) => values[row])))
      expect(noticed(result, 'Column left out')).toEqual(['span', 'sparse', 'dense', 'thousands', 'wide'])
      expect(result.version.notices.find((notice) => notice.column === 'thousands')?.detail).toMatch(/decimal128\(10, -2\)/)
      await w.datasets.verify(file)
    }
  )

  it('says of each column how many values lost nanoseconds, and keeps them all as text on request', async () => {
    const result = await w.datasets.importFile(fixture('columns.arrow'), { name: 'cut' })
    const cut = result.version.notices.filter((notice) => notice.title === 'Digits cut off')
    expect(cut.map((notice) => [notice.column, /^\d+ values/.exec(notice.detail)?.[0]])).toEqual([
      ['at_ns', '2 values'],
      ['at_ns_utc', '2 values'],
      ['clock_ns', '2 values']
    ])
    expect(result.version.rules?.map(({ column, rule, cells }) => [column, rule, cells])).toEqual([
      ['at_ns', 'rounded', 2],
      ['at_ns_utc', 'rounded', 2],
      ['clock_ns', 'rounded', 2]
    ])
    expect(result.version.rules?.[2]?.examples[0]).toEqual({ line: 1, from: '23:59:59.999999999', to: '23:59:59.999999' })
    await w.datasets.importFile(fixture('columns.arrow'), {
      name: 'whole',
      columns: ['at_ns', 'at_ns_utc', 'clock_ns'].map((source) => ({ source, type: 'text' as const }))
    })
    expect(await column('whole', 5)).toEqual([
      '2023-11-14 22:13:20.123456789',
      '1969-12-31 23:59:59.999999999',
      null,
      '1970-01-01 00:00:00.000001'
    ])
    expect(await column('whole', 6)).toEqual(await column('whole', 5))
    expect(await column('whole', 7)).toEqual(['23:59:59.999999999', '00:00:00.000000001', null, '00:00:00.000001'])
  })

  it('counts what lost nanoseconds in each of the three forms that Parquet has for them, as pandas reads them', async () => {
    expect(await sha256File(fixture('nanoseconds.parquet'))).toBe('8c5ffb9e3a2921c7448350f86380bf1d129836865b0b70749480daf319778f10')
    expect(await sha256File(fixture('int96.parquet'))).toBe('e90bdfffc68df68f62049fafaedf69d6b0e76483c5124fa1f4261b5b1915ce3a')
    const zoned = ['2023-11-14 22:13:20.123456789', '1969-12-31 23:59:59.999999999']
    const clock = ['23:59:59.999999999', '00:00:00.000001001']
    for (const [file, sources] of [
      ['nanoseconds.parquet', { at_utc: zoned, clock }],
      ['int96.parquet', { at_utc: zoned, at: zoned }]
    ] as const) {
      const result = await w.datasets.importFile(fixture(file), { name: file })
      expect(result.version.columns.slice(0, 2).map(({ type }) => type)).toEqual(
        file === 'int96.parquet' ? ['TIMESTAMP', 'TIMESTAMP'] : ['TIMESTAMP', 'TIME']
      )
      expect(result.version.rules!.map((r) => [r.column, r.rule, r.cells, r.examples.map((e) => e.from)])).toEqual(
        Object.entries(sources).map(([source, from]) => [source, 'rounded', 2, from])
      )
      const told = result.version.notices.filter((n) => n.title === 'Digits cut off')
      expect(told.map(({ column: source, detail }) => [source, /^2 values of .* such as (.*?);/.exec(detail)?.[1]])).toEqual(
        Object.entries(sources).map(([source, [first]]) => [source, first])
      )
      expect((await column(file, 0)).slice(0, 2)).toEqual(['1970-01-01T00:00:00.000Z', '2023-11-14T22:13:20.123456Z'])
      const whole = await w.datasets.importFile(fixture(file), {
        name: 'whole',
        columns: Object.keys(sources).map((source) => ({ source, type: 'text' as const }))
      })
      expect(whole.version.rules).toEqual([])
      expect((await column('whole', 0))[1]).toBe(zoned[0])
      expect((await column('whole', 1))[1]).toBe(file === 'int96.parquet' ? zoned[0] : clock[0])
    }
    expect(await column('nanoseconds.parquet', 1)).toEqual(['00:00:00', '23:59:59.999999', '00:00:00.000001', null, '00:00:00.000001'])
    // Whole microseconds lose nothing, and nothing is said.
    const quiet = await w.datasets.importFile(fixture('nanoseconds.parquet'), {
      name: 'quiet',
      columns: [
        { source: 'at_utc', drop: true },
        { source: 'clock', drop: true }
      ]
    })
    expect([
      quiet.version.columns.map(({ name }) => name),
      quiet.version.rules,
      quiet.version.notices.filter((n) => n.title === 'Digits cut off')
    ]).toEqual([['even_utc'], [], []])
  })

  it('reads the same from Parquet, where wide decimals would read as other numbers', async () => {
    const result = await w.datasets.importFile(fixture('columns.parquet'), { name: 'parquet' })
    expect(typesOf(result)).toEqual({ id: 'BIGINT', ...readable, last: 'VARCHAR' })
    const { rows } = await w.datasets.rows('parquet', {})
    expect(rows.map((row) => row.slice(1, -1))).toEqual([0, 1, 2, 3].map((row) => cells.map((values) => values[row])))
    expect(noticed(result, 'Column left out')).toEqual(['wide'])
    const told = result.version.notices.filter((notice) => /^2 values .* cut off/.test(notice.detail))
    expect(told.map((notice) => notice.column)).toEqual(['at_ns', 'at_ns_utc', 'clock_ns'])
  })

  it('keeps the unit of a length of time through SQL, rows and the next version', async () => {
    const again = await w.datasets.importFile(fixture('columns.parquet'), { name: 'asked for', columns: [{ source: 'wide', drop: true }] })
    expect(typesOf(again)['dur_ns']).toBe('BIGINT ns')
    expect(noticed(again, 'Column left out')).toEqual([])
    const { rows, columns } = await w.datasets.sql('SELECT sum(dur_s), max(dur_ns), sum(money), list(money ORDER BY money) FROM parquet')
    expect(columns.map(({ unit }) => unit)).toEqual(['s', 'ns', undefined, undefined])
    expect(rows).toEqual([[1099511537716, '4611686018427387904', '9007199254740995.24', [-0.01, 1.5, '9007199254740993.75', null]]])
    const chosen = await w.datasets.importFile(fixture('columns.parquet'), {
      name: 'own unit',
      columns: [{ source: 'dur_s', unit: 'min' }]
    })
    expect(typesOf(chosen)['dur_s']).toBe('BIGINT min')
  })

  it('refuses a choice for a column that cannot be read, and the file only when nothing of it can', async () => {
    const chosen = w.datasets.importFile(fixture('columns.arrow'), { name: 'x', columns: [{ source: 'span', role: 'feature' }] })
    await expect(chosen).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/Column "span".*month_day_nano_interval.*Leave the column out/)
    })
    const others = ['id', ...Object.keys(readable), 'last']
    const nothing = w.datasets.importFile(fixture('columns.parquet'), {
      name: 'x',
      columns: others.map((source) => ({ source, drop: true }))
    })
    await expect(nothing).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/Column "wide".*at most 38 digits/)
    })
    await expect(w.datasets.importFile(fixture('columns.arrow'), { name: 'x', columns: [{ source: 'spam', drop: true }] })).rejects.toThrow(
      /no column "spam"/
    )
  })

  it('names a column whose values cannot be converted, which can be left out', async () => {
    const path = await parquet('far.parquet', 'SELECT range AS id, make_timestamp_ms(9223372036854775) AS far FROM range(3)')
    const far = w.source('far.arrow', await farArrow())
    for (const file of [far]) {
      await expect(w.datasets.importFile(file, { name: 'far' })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringMatching(/^Column "far" of "far.arrow" cannot be read/)
      })
      const { version } = await w.datasets.importFile(file, { name: 'far', columns: [{ source: 'far', drop: true }] })
      expect(version.columns.map((c) => c.name)).toEqual(['id'])
    }
    expect((await w.datasets.importFile(path, { name: 'near' })).version.columns[1].type).toBe('TIMESTAMP')
  })

  it('calls the forms of Arrow by their names', async () => {
    const old = await w.datasets.importFile(fixture('before-0.15.arrows'), { name: 'old' })
    expect(old.version.notices.map(({ title }) => title)).toEqual(['Arrow stream of before 0.15'])
    expect([old.version.source?.format, (await w.datasets.rows('old', {})).rows]).toEqual([
      'arrow',
      [
        [1, 'a'],
        [2, 'b'],
        [3, null]
      ]
    ])
    const stream = (version: number, endianness: number, isMarked: boolean): Buffer => {
      const metadata = encodeFlatbuffer(
        new Map<number, FlatValue>([
          [0, { kind: 'int16', value: version }],
          [1, { kind: 'uint8', value: 1 }],
          [2, { kind: 'table', value: new Map<number, FlatValue>([[0, { kind: 'int16', value: endianness }]]) }]
        ])
      )
      const padded = Buffer.concat([metadata, Buffer.alloc(-metadata.length & 7)])
      const length = Buffer.alloc(4)
      length.writeInt32LE(padded.length)
      return Buffer.concat([...(isMarked ? [Buffer.alloc(4, 0xff)] : []), length, padded, Buffer.alloc(8)])
    }
    const refused = async (content: Buffer): Promise<string> =>
      w.datasets.importFile(w.source('s.arrows', content), { name: 's' }).then(
        () => 'imported',
        (error: Error) => error.message
      )
    for (const isMarked of [true, false]) {
      expect(await refused(stream(4, 1, isMarked))).toMatch(/is big-endian.*Write it again/)
      expect(await refused(stream(2, 0, isMarked))).toMatch(/metadata version 3, of before Arrow 0.8.*Write it again/)
    }
    expect(await refused(Buffer.concat([Buffer.from('FEA1'), Buffer.alloc(40)]))).toMatch(/Feather file of version 1/)
  })
})

/** Milliseconds beyond what microseconds of 64 bits reach. */
async function farArrow(): Promise<Uint8Array> {
  const arrow = await import('apache-arrow')
  const type = new arrow.TimestampMillisecond()
  const far = arrow.makeVector(arrow.makeData({ type, length: 2, nullCount: 0, data: BigInt64Array.of(0n, 2n ** 62n) } as never))
  return arrow.tableToIPC(new arrow.Table({ id: arrow.vectorFromArray([1, 2], new arrow.Int32()), far }), 'file')
}
