import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  DateDay,
  Decimal,
  Dictionary,
  DurationMillisecond,
  Int32,
  Int64,
  makeData,
  Float32,
  List,
  Field,
  Table,
  TimestampMicrosecond,
  Utf8,
  Uint64,
  Uint8,
  Vector as VectorOf,
  tableToIPC,
  vectorFromArray,
  type Vector
} from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readFrame, type Column } from './frame'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'frame-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const numbers = (column: Column | undefined): number[] => (column && column.kind !== 'category' ? [...column.values] : [])

describe('readFrame', () => {
  it('reads every type a table may hold, over several batches, with missing values', async () => {
    const when = Date.UTC(2001, 1, 3, 4, 5, 6, 789)
    const columns: Record<string, Vector> = {
      wide: vectorFromArray([1n, null, -(2n ** 40n)], new Int64()) as Vector,
      small: vectorFromArray([1, 255, null], new Uint8()) as Vector,
      single: vectorFromArray([0.5, NaN, Infinity], new Float32()) as Vector,
      day: vectorFromArray([new Date(when), null, new Date(0)], new DateDay()) as Vector,
      moment: vectorFromArray([when, null, 0], new TimestampMicrosecond()) as Vector,
      coded: vectorFromArray(['b', null, 'a'], new Dictionary(new Utf8(), new Int32())) as Vector,
      text: vectorFromArray(['', null, 'ß'], new Utf8()) as Vector,
      nested: vectorFromArray([[1], [2], [3]], new List(new Field('item', new Int32()))) as Vector,
      wait: vectorFromArray([1500n, null, -2n], new DurationMillisecond()) as Vector
    }
    const table = new Table(columns)
    const path = join(folder, 'types.arrow')
    await writeFile(path, tableToIPC(table.concat(table), 'file'))
    const frame = await readFrame(path)
    expect(frame.rows).toBe(6)
    expect([...frame.columns.keys()]).toEqual(['wide', 'small', 'single', 'day', 'moment', 'coded', 'text', 'wait'])
    expect(frame.unusable).toEqual(['nested'])
    const twice = (values: number[]): number[] => [...values, ...values]
    expect(numbers(frame.columns.get('wide'))).toEqual(twice([1, NaN, -(2 ** 40)]))
    expect(numbers(frame.columns.get('wait'))).toEqual(twice([1500, NaN, -2]))
    expect(numbers(frame.columns.get('small'))).toEqual(twice([1, 255, NaN]))
    expect(numbers(frame.columns.get('single'))).toEqual(twice([0.5, NaN, NaN]))
    expect(numbers(frame.columns.get('day'))).toEqual(twice([Date.UTC(2001, 1, 3) / 1000, NaN, 0]))
    expect(numbers(frame.columns.get('moment'))).toEqual(twice([when / 1000, NaN, 0]))
    expect(frame.columns.get('coded')).toEqual({ kind: 'category', codes: Int32Array.from(twice([0, -1, 1])), categories: ['b', 'a'] })
    expect(frame.columns.get('text')).toEqual({ kind: 'category', codes: Int32Array.from(twice([-1, -1, 0])), categories: ['ß'] })
    const nul = vectorFromArray(['a\0b', 'a', '\0', 'c'], new Utf8()) as Vector
    await writeFile(path, tableToIPC(new Table({ nul, nested: columns.nested!.concat(columns.nested!).slice(0, 4) as Vector }), 'file'))
    expect((await readFrame(path)).columns.get('nul')).toEqual({
      kind: 'category',
      codes: Int32Array.of(0, 0, -1, 1),
      categories: ['a', 'c']
    })
    await expect(readFrame(path, ['nested'])).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  it('reads the nearest number of what no number holds, and counts it', async () => {
    const cents = [9007199254740993n, 123456789012345678n, -1001n, null, 99999999999999990n]
    const words = Uint32Array.from(
      cents.flatMap((v) => [0, 32, 64, 96].map((at) => Number((BigInt.asUintN(128, v ?? 0n) >> BigInt(at)) & 0xffffffffn)))
    )
    const type = new Decimal(2, 18, 128)
    const money = makeData({ type, length: 5, nullCount: 1, data: words, nullBitmap: Uint8Array.of(0b10111) })
    const table = new Table({
      id: vectorFromArray([9007199254740993n, 9007199254740994n, -9007199254740995n, null, 5n], new Int64()) as Vector,
      key: vectorFromArray([18446744073709551615n, 1n, 2n, 3n, null], new Uint64()) as Vector,
      money: new VectorOf([money]) as Vector
    })
    const path = join(folder, 'exact.arrow')
    await writeFile(path, tableToIPC(table, 'file'))
    const frame = await readFrame(path)
    expect(frame.columns.get('id')).toMatchObject({ rounded: 2 })
    expect(numbers(frame.columns.get('id'))).toEqual([2 ** 53, 2 ** 53 + 2, -(2 ** 53) - 4, NaN, 5])
    expect(frame.columns.get('key')).toMatchObject({ rounded: 1 })
    // 999999999999999.90 comes back from its number, the first two do not
    expect(frame.columns.get('money')).toMatchObject({ rounded: 2 })
    expect(numbers(frame.columns.get('money'))).toEqual([
      Number('90071992547409.93'),
      Number('1234567890123456.78'),
      -10.01,
      NaN,
      999999999999999.9
    ])
  })
})
