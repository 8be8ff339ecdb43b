import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as arrow from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ArrowField, type ArrowType, columnNames } from './arrow-types'
import { assertPlausibleSize } from './body-codecs'
import { ArrowFileWriter, type OutgoingBatch } from './file-writer'
import { encodeFlatbuffer, type FlatNode } from './flatbuffer'
import { parseFooter, parseMessage } from './metadata'
import { normaliseArrow } from './normalise'
import { createScanHarness, type ScanHarness } from './testing/scan-harness'

let harness: ScanHarness
let count = 0
beforeAll(async () => {
  harness = await createScanHarness()
})
afterAll(() => harness.close())

const int32: ArrowType = { kind: 'int', bits: 32, signed: true }
const utf8: ArrowType = { kind: 'utf8', layout: 'offset32' }
const none = new Uint8Array(0)
const bytes = (array: ArrayBufferView): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
const field = (name: string, type: ArrowType, children: ArrowField[] = []): ArrowField => ({ name, nullable: true, type, children })
const list = (name: string, item: ArrowField): ArrowField => field(name, { kind: 'list', layout: 'offset32' }, [item])
const coded = (id: number, value: ArrowField): ArrowField => ({
  ...value,
  dictionary: { id, index: int32 as ArrowField['type'] & { kind: 'int' }, ordered: false }
})
const next = (): string => join(harness.folder, `${count++}.arrow`)

async function file(
  fields: ArrowField[],
  batches: OutgoingBatch[],
  dictionaries: [number, OutgoingBatch, boolean][] = []
): Promise<string> {
  const path = next()
  const writer = new ArrowFileWriter(path, fields)
  for (const [id, batch, isDelta] of dictionaries) writer.writeDictionary(id, batch, isDelta)
  for (const batch of batches) writer.writeBatch(batch)
  await writer.finish()
  return path
}
const ints = (...values: number[]): OutgoingBatch => ({
  rows: values.length,
  nodes: [values.length, 0],
  buffers: [none, bytes(Int32Array.from(values))]
})

/** A copy with 64-bit words of its metadata replaced, all at the places where this sequence of words stands. */
function patched(path: string, from: number[], to: number[]): string {
  const content = Buffer.from(readFileSync(path))
  const words = (values: number[]): Buffer => Buffer.from(BigInt64Array.from(values, (value) => BigInt(value)).buffer)
  const needle = words(from)
  let places = 0
  for (let at = content.indexOf(needle); at >= 0; at = content.indexOf(needle, at + 1), places++) words(to).copy(content, at)
  expect(places).toBeGreaterThan(0)
  const copy = next()
  writeFileSync(copy, content)
  return copy
}

/** What scanning and importing say; both must refuse. */
async function refusals(path: string): Promise<string[]> {
  const outcome = await harness.scan(path)
  const scanned = 'error' in outcome ? outcome.error : `no error, ${outcome.rows.length} rows`
  const imported = await normaliseArrow(path, next()).then(
    ({ rows }) => `no error, ${rows} rows`,
    (error: { code: string; message: string }) => `${error.code} ${error.message}`
  )
  return [scanned, imported]
}
async function expectRefused(path: string, pattern: RegExp): Promise<void> {
  for (const refusal of await refusals(path)) expect(refusal).toMatch(pattern)
}

describe('what a clever attacker makes', () => {
  it('buffers that overlap', async () => {
    const two = { rows: 2, nodes: [2, 0, 2, 0], buffers: [none, bytes(Int32Array.of(1, 2)), none, bytes(Int32Array.of(3, 4))] }
    const honest = await file([field('a', int32), field('b', int32)], [two])
    expect(await harness.scan(honest)).toEqual({
      rows: [
        [1, 3],
        [2, 4]
      ]
    })
    await expectRefused(patched(honest, [64, 8], [4, 8]), /INVALID_INPUT .*buffer of column "b" overlaps/)
  })
  it('buffers of negative length, and offsets before the body', async () => {
    const honest = await file([field('a', int32)], [ints(1, 2)])
    await expectRefused(patched(honest, [0, 8], [0, -8]), /INVALID_INPUT .*(lies outside its batch|damaged)/)
    await expectRefused(patched(honest, [0, 8], [-64, 8]), /INVALID_INPUT .*(lies outside its batch|damaged)/)
    await expectRefused(patched(honest, [0, 8], [Number.MAX_SAFE_INTEGER - 4, 8]), /INVALID_INPUT .*(lies outside its batch|damaged)/)
  })
  it('the same batch over and over', async () => {
    const content = Buffer.from(readFileSync(await file([field('a', int32)], [ints(1, 2), ints(3, 4)])))
    const { batches } = parseFooter(content.subarray(content.length - 10 - content.readInt32LE(content.length - 10), content.length - 10))
    const block = (offset: number): Buffer => Buffer.from(BigInt64Array.of(BigInt(offset)).buffer)
    const at = content.lastIndexOf(block(batches[1].offset))
    block(batches[0].offset).copy(content, at)
    const path = next()
    writeFileSync(path, content)
    await expectRefused(path, /INVALID_INPUT .*batches overlap/)
  })
  it('a footer whose batch is the footer itself, and sizes of metadata beyond reason', async () => {
    const path = await file([field('a', int32)], [ints(1, 2)])
    const content = Buffer.from(readFileSync(path))
    const footerLength = content.readInt32LE(content.length - 10)
    const footerStart = content.length - 10 - footerLength
    const { batches } = parseFooter(content.subarray(footerStart, content.length - 10))
    await expectRefused(patched(path, [batches[0].offset], [footerStart]), /INVALID_INPUT .*(lies outside the file|damaged)/)
    const lying = (change: (copy: Buffer) => void): string => {
      const copy = Buffer.from(content)
      change(copy)
      const name = next()
      writeFileSync(name, copy)
      return name
    }
    for (const length of [2 ** 31 - 1, -1, content.length - 10, 0])
      await expectRefused(
        lying((copy) => copy.writeInt32LE(length, copy.length - 10)),
        /INVALID_INPUT .*(footer|metadata|damaged)/
      )
    for (const length of [2 ** 31 - 1, -5, 0])
      await expectRefused(
        lying((copy) => copy.writeInt32LE(length, batches[0].offset + 4)),
        /INVALID_INPUT .*bytes of metadata/
      )
    const stream = Buffer.from(arrow.tableToIPC(arrow.tableFromArrays({ a: Int32Array.of(1, 2) }), 'stream'))
    stream.writeInt32LE(2 ** 31 - 9, 4)
    const name = next()
    writeFileSync(name, stream)
    await expect(normaliseArrow(name, next())).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
  it('64-bit offsets that a double cannot hold, or that fall', async () => {
    const large = field('t', { kind: 'utf8', layout: 'offset64' })
    for (const offsets of [
      [0n, 2n ** 53n + 1n],
      [0n, 2n ** 63n - 1n],
      [0n, -1n],
      [2n ** 32n, 2n ** 32n + 3n]
    ]) {
      const batch = { rows: 1, nodes: [1, 0], buffers: [none, bytes(BigInt64Array.from(offsets)), Buffer.from('abc')] }
      await expectRefused(await file([large], [batch]), /INVALID_INPUT .*offset -?\d+ at row \d of column "t"/)
    }
  })
  it('dictionaries that are replaced in a file, of another type, or longer than they are', async () => {
    const column = coded(1, field('c', utf8))
    const words = (text: string): OutgoingBatch => ({
      rows: 1,
      nodes: [1, 0],
      buffers: [none, bytes(Int32Array.of(0, text.length)), Buffer.from(text)]
    })
    const replaced = await file(
      [column],
      [ints(0)],
      [
        [1, words('a'), false],
        [1, words('b'), false]
      ]
    )
    expect((await refusals(replaced))[0]).toMatch(/INVALID_INPUT .*dictionary 1 is given twice/)
    const extended = await file(
      [column],
      [ints(0, 1)],
      [
        [1, words('a'), false],
        [1, words('b'), true]
      ]
    )
    expect(await harness.scan(extended)).toEqual({ rows: [['a'], ['b']] })
    await expectRefused(
      await file(
        [column, coded(1, field('d', int32))],
        [{ rows: 1, nodes: [1, 0, 1, 0], buffers: [none, bytes(Int32Array.of(0)), none, bytes(Int32Array.of(0))] }],
        [[1, words('a'), false]]
      ),
      /INVALID_INPUT .*used as string and as int32|damaged/
    )
    await expectRefused(
      await file(
        [column],
        [ints(2)],
        [
          [1, words('a'), false],
          [1, words('b'), true]
        ]
      ),
      /INVALID_INPUT .*entry 2 of a dictionary of 2/
    )
  })
  it('unions, whatever they say about their children', async () => {
    const table = new arrow.Table({
      u: arrow.makeVector(
        arrow.makeData({
          type: new arrow.SparseUnion([0], [new arrow.Field('x', new arrow.Int32(), true)]),
          length: 3,
          typeIds: Int8Array.of(0, 9, 0),
          children: [arrow.makeData({ type: new arrow.Int32(), length: 1, data: Int32Array.of(1) })]
        } as never)
      )
    })
    const path = next()
    writeFileSync(path, arrow.tableToIPC(table, 'file'))
    await expectRefused(path, /INVALID_INPUT Column "u" has the Arrow type sparse_union<int32>/)
  })
  it('lists and structures whose parts are shorter than they say', async () => {
    const item = field('item', int32)
    const short = { rows: 2, nodes: [2, 0, 1, 0], buffers: [none, bytes(Int32Array.of(0, 1, 3)), none, bytes(Int32Array.of(7))] }
    await expectRefused(await file([list('l', item)], [short]), /INVALID_INPUT .*offset 3/)
    const struct = field('s', { kind: 'struct' }, [field('x', int32)])
    await expectRefused(
      await file([struct], [{ rows: 2, nodes: [2, 0, 1, 0], buffers: [none, none, bytes(Int32Array.of(7))] }]),
      /INVALID_INPUT .*different row counts/
    )
    const fixed = field('f', { kind: 'fixed-list', size: 1000 }, [item])
    await expectRefused(
      await file([fixed], [{ rows: 1, nodes: [1, 0, 1, 0], buffers: [none, none, bytes(Int32Array.of(7))] }]),
      /INVALID_INPUT .*fewer items/
    )
  })
  it('values that take no room: billions of rows and items out of a few hundred bytes', async () => {
    const nothing = field('item', { kind: 'null' })
    const many = 2 ** 31 - 1
    const empty = field('item', { kind: 'fixed-binary', width: 0 })
    const items = (item: ArrowField, buffers: Uint8Array[] = []): Promise<string> =>
      file(
        [list('l', item)],
        [{ rows: 1, nodes: [1, 0, many, item === nothing ? many : 0], buffers: [none, bytes(Int32Array.of(0, many)), ...buffers] }]
      )
    const pattern = /INVALID_INPUT .*claims \d+ values that take no room/
    await expectRefused(await items(nothing), pattern)
    await expectRefused(await items(empty, [none, none]), pattern)
    await expectRefused(await file([field('n', { kind: 'null' })], [{ rows: many, nodes: [many, many], buffers: [] }]), pattern)
    await expectRefused(await file([coded(1, nothing)], [ints(0)], [[1, { rows: many, nodes: [many, many], buffers: [] }, false]]), pattern)
    const honest = await file([field('n', { kind: 'null' })], [{ rows: 3, nodes: [3, 3], buffers: [] }])
    expect(await harness.scan(honest)).toEqual({ rows: [[null], [null], [null]] })
  })
  it('dictionaries within dictionaries that unfold without end', async () => {
    // each value is a list of a hundred references to values of the next dictionary: 100^8 in the end
    const width = 100
    const depth = 8
    const leaf = coded(depth, field('item', int32))
    let column = leaf
    for (let id = depth - 1; id >= 0; id--) column = coded(id, list('item', column))
    const dictionaries: [number, OutgoingBatch, boolean][] = [[depth, ints(7), false]]
    for (let id = depth - 1; id >= 0; id--)
      dictionaries.push([
        id,
        { rows: 1, nodes: [1, 0, width, 0], buffers: [none, bytes(Int32Array.of(0, width)), none, bytes(new Int32Array(width))] },
        false
      ])
    const path = await file([column], [ints(0)], dictionaries)
    const outcome = await harness.scan(path)
    expect('error' in outcome && outcome.error).toMatch(/INVALID_INPUT .*unfolds to more than 20,000,000 nested values/)
  })
  it('dictionaries in a hundred parts each, every one of which asks for all parts of the next', async () => {
    const depth = 10
    let column = coded(depth, field('item', int32))
    for (let id = depth - 1; id >= 0; id--) column = coded(id, list('item', column))
    const part = { rows: 1, nodes: [1, 0, 1, 0], buffers: [none, bytes(Int32Array.of(0, 1)), none, bytes(Int32Array.of(0))] }
    const dictionaries: [number, OutgoingBatch, boolean][] = [[depth, ints(7), false]]
    for (let id = depth - 1; id >= 0; id--) for (let n = 0; n < 100; n++) dictionaries.push([id, part, n > 0])
    const outcome = await harness.scan(await file([column], [ints(0, 99)], dictionaries))
    expect(JSON.stringify(outcome)).toBe(JSON.stringify({ rows: Array(2).fill([[[[[[[[[[[7]]]]]]]]]]]) }))
  })
  it('many fields that share one long name', () => {
    const column = (name: string): FlatNode =>
      new Map([
        [0, { kind: 'text', value: name }],
        [2, { kind: 'uint8', value: 1 }],
        [3, { kind: 'table', value: new Map() }]
      ]) as FlatNode
    const message = (names: string[]): Buffer =>
      encodeFlatbuffer(
        new Map([
          [0, { kind: 'int16', value: 4 }],
          [1, { kind: 'uint8', value: 1 }],
          [2, { kind: 'table', value: new Map([[1, { kind: 'tables', value: names.map(column) }]]) }],
          [3, { kind: 'int64', value: 0 }]
        ]) as FlatNode
      )
    const long = 'x'.repeat(5_000)
    const honest = message(['short', long])
    expect(parseMessage(honest)).toMatchObject({ kind: 'schema', fields: [{ name: 'short' }, { name: long }] })
    const target = honest.indexOf(long) - 4
    const own = honest.indexOf('short') - 4
    for (let at = 0; at + 4 <= own; at++) if (at + honest.readUInt32LE(at) === own) honest.writeUInt32LE(target - at, at)
    expect(() => parseMessage(honest)).toThrow(/names take more room than its metadata/)
  })
  it('twenty thousand equal names, which become different ones', () => {
    const names = columnNames(Array.from({ length: 20_000 }, () => field('Same', int32)))
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(20_000)
    expect([names[0], names[19_999]]).toEqual(['Same', 'Same_19999'])
    expect(columnNames(['a', 'a_1', 'A', 'a'].map((name) => field(name, int32)))).toEqual(['a', 'a_1', 'A_2', 'a_3'])
  })
  it('a compressed batch whose buffers are plausible each, but not all together', () => {
    expect(() => assertPlausibleSize(2 ** 31, 1_000)).toThrow(/unpacks to more than/)
    expect(() => assertPlausibleSize(2 ** 31, 2 ** 22)).not.toThrow()
  })
})
