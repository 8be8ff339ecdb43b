import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  DateDay,
  Dictionary,
  Int32,
  Int64,
  Float32,
  List,
  Field,
  Table,
  TimestampMicrosecond,
  Utf8,
  Uint8,
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
      nested: vectorFromArray([[1], [2], [3]], new List(new Field('item', new Int32()))) as Vector
    }
    const table = new Table(columns)
    const path = join(folder, 'types.arrow')
    await writeFile(path, tableToIPC(table.concat(table), 'file'))
    const frame = await readFrame(path)
    expect(frame.rows).toBe(6)
    expect([...frame.columns.keys()]).toEqual(['wide', 'small', 'single', 'day', 'moment', 'coded', 'text'])
    const twice = (values: number[]): number[] => [...values, ...values]
    expect(numbers(frame.columns.get('wide'))).toEqual(twice([1, NaN, -(2 ** 40)]))
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
})
