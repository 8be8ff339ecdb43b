import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ArrowField, ArrowType } from './arrow-types'
import { ArrowFileWriter, type OutgoingBatch } from './file-writer'
import { createScanHarness, type ScanHarness } from './testing/scan-harness'

let harness: ScanHarness
let count = 0
beforeAll(async () => {
  harness = await createScanHarness()
})
afterAll(() => harness.close())

const field = (name: string, type: ArrowType, extra: Partial<ArrowField> = {}): ArrowField => ({
  name,
  nullable: true,
  type,
  children: [],
  ...extra
})
const bytes = (array: ArrayBufferView): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
const none = new Uint8Array(0)
const utf8: ArrowType = { kind: 'utf8', layout: 'offset32' }

async function file(fields: ArrowField[], batch: OutgoingBatch, dictionary?: OutgoingBatch): Promise<string> {
  const path = join(harness.folder, `${count++}.arrow`)
  const writer = new ArrowFileWriter(path, fields)
  if (dictionary) writer.writeDictionary(7, dictionary, false)
  writer.writeBatch(batch)
  await writer.finish()
  return path
}

async function errorOf(path: string): Promise<string> {
  const outcome = await harness.scan(path)
  return 'error' in outcome ? outcome.error : `no error, ${outcome.rows.length} rows`
}

const text = (offsets: Int32Array, data: string | Uint8Array, nodes = [offsets.length - 1, 0], bitmap = none): OutgoingBatch => ({
  rows: offsets.length - 1,
  nodes,
  buffers: [bitmap, bytes(offsets), Buffer.from(data)]
})

describe('files that lie', () => {
  it('reads an honest hand-made file', async () => {
    const path = await file([field('t', utf8)], text(Int32Array.of(0, 2, 2, 16), 'abfourteen bytes'))
    expect(await harness.scan(path)).toEqual({ rows: [['ab'], [''], ['fourteen bytes']] })
  })

  it.each([
    ['falls', Int32Array.of(0, 5, 3, 8)],
    ['negative', Int32Array.of(-4, 2, 3, 8)],
    ['beyond the data', Int32Array.of(0, 2, 3, 9_000_000)]
  ])('refuses an offset that %s', async (_name, offsets) => {
    expect(await errorOf(await file([field('t', utf8)], text(offsets, 'abcdefgh')))).toMatch(/INVALID_INPUT .*offset .* column "t"/)
  })

  it('refuses bad offsets under null rows as well', async () => {
    const batch = text(Int32Array.of(0, 2_000_000_000, 3), 'abc', [2, 1], Uint8Array.of(0b10))
    expect(await errorOf(await file([field('t', utf8)], batch))).toMatch(/offset 2000000000/)
  })

  it('refuses text that is not UTF-8, or cut inside a character', async () => {
    expect(await errorOf(await file([field('t', utf8)], text(Int32Array.of(0, 2), Uint8Array.of(0xc3, 0x28))))).toMatch(/not valid UTF-8/)
    expect(await errorOf(await file([field('t', utf8)], text(Int32Array.of(0, 1, 2), 'é')))).toMatch(/cut inside a character/)
  })

  const coded = field('c', utf8, { dictionary: { id: 7, index: { kind: 'int', bits: 32, signed: true }, ordered: false } })
  it.each([[2], [-1], [2 ** 31 - 1], [-(2 ** 31)]])('refuses dictionary position %i of 2', async (position) => {
    const batch = { rows: 2, nodes: [2, 0], buffers: [none, bytes(Int32Array.of(0, position))] }
    expect(await errorOf(await file([coded], batch, text(Int32Array.of(0, 1, 2), 'ab')))).toMatch(
      /refers to entry -?\d+ of a dictionary of 2/
    )
  })

  it('reads a null row as NULL whatever position it holds: the format leaves it undefined', async () => {
    const batch = { rows: 2, nodes: [2, 1], buffers: [Uint8Array.of(0b01), bytes(Int32Array.of(1, 2_000_000_000))] }
    expect(await harness.scan(await file([coded], batch, text(Int32Array.of(0, 1, 2), 'ab')))).toEqual({ rows: [['b'], [null]] })
  })

  it('refuses a dictionary that is missing, and one that is not there for valid rows', async () => {
    const batch = { rows: 1, nodes: [1, 0], buffers: [none, bytes(Int32Array.of(0))] }
    expect(await errorOf(await file([coded], batch))).toMatch(/dictionary of 0/)
  })

  it.each<[string, number[], number]>([
    ['more rows than bytes', [1000, 0], 1000],
    ['billions of rows', [2 ** 31 - 1, 0], 2 ** 31 - 1],
    ['rows beyond 32 bits', [2 ** 40, 0], 2 ** 40],
    ['more nulls than rows', [2, 3], 2],
    ['negative rows', [-2, 0], -2],
    ['another length than its batch', [2, 0], 1]
  ])('refuses a batch with %s', async (_name, nodes, rows) => {
    const batch = { rows, nodes, buffers: [none, bytes(Int32Array.of(1, 2))] }
    expect(await errorOf(await file([field('i', { kind: 'int', bits: 32, signed: true })], batch))).toMatch(
      /INVALID_INPUT The Arrow file is damaged/
    )
  })

  it('refuses missing and surplus buffers', async () => {
    const int = [field('i', { kind: 'int', bits: 32, signed: true })]
    expect(await errorOf(await file(int, { rows: 1, nodes: [1, 0], buffers: [none] }))).toMatch(/too few buffers/)
    const surplus = { rows: 1, nodes: [1, 0], buffers: [none, bytes(Int32Array.of(1)), none] }
    expect(await errorOf(await file(int, surplus))).toMatch(/3 buffers where the schema needs 1 and 2/)
  })

  it('refuses views that point outside, and reads those that do not', async () => {
    const view = field('v', { kind: 'utf8', layout: 'view' })
    const cells = (buffer: number, offset: number, length = 14): Uint8Array => {
      const cell = Buffer.alloc(16)
      cell.writeInt32LE(length, 0)
      cell.write('four', 4)
      cell.writeInt32LE(buffer, 8)
      cell.writeInt32LE(offset, 12)
      return cell
    }
    const data = Buffer.from('fourteen bytes')
    const batch = (cell: Uint8Array): OutgoingBatch => ({ rows: 1, nodes: [1, 0], buffers: [none, cell, data], variadicCounts: [1] })
    expect(await harness.scan(await file([view], batch(cells(0, 0))))).toEqual({ rows: [['fourteen bytes']] })
    for (const cell of [cells(1, 0), cells(-1, 0), cells(0, 1), cells(0, -1), cells(0, 0, 2 ** 31 - 1)])
      expect(await errorOf(await file([view], batch(cell)))).toMatch(/points outside its data/)
    expect(await errorOf(await file([view], { ...batch(cells(0, 0)), variadicCounts: [2 ** 30] }))).toMatch(
      /claims 1073741824 data buffers/
    )
  })

  it('refuses lists that reach beyond their items, and dictionaries that contain themselves', async () => {
    const item = field('item', { kind: 'int', bits: 32, signed: true })
    const list = field('l', { kind: 'list', layout: 'offset32' }, { children: [item] })
    const batch = { rows: 1, nodes: [1, 0, 2, 0], buffers: [none, bytes(Int32Array.of(0, 900)), none, bytes(Int32Array.of(1, 2))] }
    expect(await errorOf(await file([list], batch))).toMatch(/offset 900 at row 1 of column "l"/)
  })

  it.each<[string, number[], number[], RegExp | null]>([
    ['in any order, shared', [1, 0, 0], [1, 2, 0], null],
    ['beyond the items', [1, 0, 0], [2, 2, 0], /row 0 of column "l" points outside its 2 values/],
    ['before the items', [0, -1, 0], [2, 2, 0], /row 1 of column "l" points outside/],
    ['with a negative size', [0, 0, 2], [2, 2, -1], /row 2 of column "l" points outside/],
    ['so far that a sum would wrap', [2 ** 31 - 1, 0, 0], [2 ** 31 - 1, 1, 0], /row 0 of column "l" points outside/]
  ])('list views %s', async (_name, offsets, sizes, refusal) => {
    const item = field('item', { kind: 'int', bits: 32, signed: true })
    for (const layout of ['offset32', 'offset64'] as const) {
      const numbers = (values: number[]): Uint8Array =>
        bytes(layout === 'offset32' ? Int32Array.from(values) : BigInt64Array.from(values, (value) => BigInt(value)))
      const path = await file([field('l', { kind: 'list-view', layout }, { children: [item] })], {
        rows: 3,
        nodes: [3, 0, 2, 0],
        buffers: [none, numbers(offsets), numbers(sizes), none, bytes(Int32Array.of(7, 8))]
      })
      if (refusal) expect(await errorOf(path)).toMatch(refusal)
      else expect(await harness.scan(path)).toEqual({ rows: [[[8]], [[7, 8]], [[]]] })
    }
  })

  it('refuses list views that unfold a few items to more than can be held', async () => {
    const item = field('item', { kind: 'int', bits: 8, signed: true })
    const [rows, items] = [2048, 20_000]
    const batch = {
      rows,
      nodes: [rows, 0, items, 0],
      buffers: [none, bytes(new Int32Array(rows)), bytes(new Int32Array(rows).fill(items)), none, new Uint8Array(items)]
    }
    const path = await file([field('l', { kind: 'list-view', layout: 'offset32' }, { children: [item] })], batch)
    expect(await errorOf(path)).toMatch(/unfolds to more than 20,000,000 nested values/)
  })

  const run = (ends: Int16Array | Int32Array | BigInt64Array, rows: number, values: Int32Array): Promise<string> => {
    const bits = (ends.BYTES_PER_ELEMENT * 8) as 16 | 32 | 64
    const children = [field('run_ends', { kind: 'int', bits, signed: true }), field('values', { kind: 'int', bits: 32, signed: true })]
    return file([field('r', { kind: 'run-end-encoded' }, { children })], {
      rows,
      nodes: [rows, 0, ends.length, 0, values.length, 0],
      buffers: [none, bytes(ends), none, bytes(values)]
    })
  }
  it('reads runs whose ends reach the last row, and refuses others', async () => {
    for (const ends of [Int16Array.of(1, 3), Int32Array.of(1, 9), BigInt64Array.of(1n, 2n ** 40n)])
      expect(await harness.scan(await run(ends, 3, Int32Array.of(7, 8)))).toEqual({ rows: [[7], [8], [8]] })
    expect(await errorOf(await run(Int32Array.of(1, 2), 3, Int32Array.of(7, 8)))).toMatch(/end at row 2 of 3/)
    for (const ends of [Int32Array.of(2, 2), Int32Array.of(3, 1), Int32Array.of(0, 3), Int32Array.of(-5, 3)])
      expect(await errorOf(await run(ends, 3, Int32Array.of(7, 8)))).toMatch(/not behind the one before it/)
    expect(await errorOf(await run(Int32Array.of(1, 2, 3), 3, Int32Array.of(7, 8)))).toMatch(/do not fit their values/)
    expect(await errorOf(await run(new Int32Array(0), 1, new Int32Array(0)))).toMatch(/end at row 0 of 1/)
    expect(await errorOf(await run(Int32Array.of(2 ** 31 - 1), 2 ** 31 - 1, Int32Array.of(7)))).toMatch(/take no room in the file/)
  })

  it('names column and type of what it does not read', async () => {
    const wide = field('money', { kind: 'decimal', bits: 256, precision: 60, scale: 2 })
    expect(await errorOf(await file([wide], { rows: 0, nodes: [0, 0], buffers: [none, none] }))).toMatch(
      /Column "money" has the Arrow type decimal256\(60, 2\)/
    )
  })

  it('says what other files are', async () => {
    const honest = readFileSync(await file([field('t', utf8)], text(Int32Array.of(0, 2), 'ab')))
    const named = (content: Uint8Array): string => {
      const path = join(harness.folder, `${count++}.bin`)
      writeFileSync(path, content)
      return path
    }
    expect(await errorOf(named(honest.subarray(0, honest.length - 5)))).toMatch(/truncated Arrow file: its footer is missing/)
    expect(await errorOf(named(honest.subarray(8)))).toMatch(/is an Arrow stream, not an Arrow file/)
    expect(await errorOf(named(Buffer.from('PAR1 and more bytes than eight')))).toMatch(/Parquet/)
    expect(await errorOf(named(Buffer.from('a,b,c\n1,2,3\n4,5,6\n')))).toMatch(/is no Arrow file/)
    expect(await errorOf(named(Buffer.alloc(3)))).toMatch(/only 3 bytes/)
    expect(await errorOf(join(harness.folder, 'absent'))).toMatch(/NOT_FOUND/)
    expect(await errorOf('/etc/passwd')).toMatch(/FORBIDDEN/)
  })
})
