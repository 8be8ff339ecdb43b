import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as arrow from 'apache-arrow'
import { compressFrameSync } from 'lz4-napi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decompressBuffer } from './body-codecs'
import { inspectArrowFile } from './inspect'
import { normaliseArrow } from './normalise'
import { createScanHarness, type ScanHarness } from './testing/scan-harness'

let harness: ScanHarness
let count = 0
beforeAll(async () => {
  harness = await createScanHarness()
})
afterAll(() => harness.close())
const next = (): string => join(harness.folder, `${count++}.arrow`)
const save = (bytes: Uint8Array): string => {
  const path = next()
  writeFileSync(path, bytes)
  return path
}

/** A Zstandard frame (RFC 8878) of raw blocks: valid, if not small. */
function zstdFrame(bytes: Uint8Array): Buffer {
  const size = Buffer.alloc(8)
  size.writeBigUInt64LE(BigInt(bytes.length))
  const parts = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xe0]), size]
  const blocks = Math.max(1, Math.ceil(bytes.length / 100_000))
  for (let index = 0; index < blocks; index++) {
    const block = bytes.subarray(index * 100_000, (index + 1) * 100_000)
    const header = Buffer.alloc(3)
    header.writeUIntLE((block.length << 3) | (index === blocks - 1 ? 1 : 0), 0, 3)
    parts.push(header, Buffer.from(block))
  }
  return Buffer.concat(parts)
}

/** apache-arrow writes the packed length where the format wants the unpacked one; the codec here knows both and sets it right. */
function compressed(table: arrow.Table, codec: arrow.CompressionType, format: 'file' | 'stream'): Uint8Array {
  const lz4 = codec === arrow.CompressionType.LZ4_FRAME
  arrow.compressionRegistry.set(codec, {
    encode: (bytes: Uint8Array) => (lz4 ? compressFrameSync(Buffer.from(bytes)) : zstdFrame(bytes)),
    decode: (bytes: Uint8Array) => bytes
  })
  const prototype = arrow.RecordBatchWriter.prototype as unknown as {
    _compressBodyBuffers(buffers: ArrayBufferView[]): { buffers: ArrayBufferView[] }
  }
  const original = prototype._compressBodyBuffers
  prototype._compressBodyBuffers = function (this: unknown, buffers) {
    const result = original.call(this, buffers)
    buffers.forEach((buffer, index) => {
      const prefix = result.buffers[index * 2]
      if (prefix?.byteLength !== 8) return
      const view = new DataView(prefix.buffer, prefix.byteOffset, 8)
      if (view.getBigInt64(0, true) !== -1n) view.setBigInt64(0, BigInt(buffer.byteLength), true)
    })
    return result
  }
  try {
    const writer =
      format === 'file'
        ? new arrow.RecordBatchFileWriter({ compressionType: codec })
        : new arrow.RecordBatchStreamWriter({ compressionType: codec })
    return writer.writeAll(table).finish().toUint8Array(true)
  } finally {
    prototype._compressBodyBuffers = original
  }
}

const rows = 5000
const table = (): arrow.Table =>
  new arrow.Table({
    number: arrow.vectorFromArray(
      Array.from({ length: rows }, (_, row) => (row % 11 ? row / 7 : null)),
      new arrow.Float64()
    ),
    word: arrow.vectorFromArray(
      Array.from({ length: rows }, (_, row) => `a text that repeats ${row % 9}`),
      new arrow.Utf8()
    ),
    code: arrow.vectorFromArray(
      Array.from({ length: rows }, (_, row) => `code ${row % 3}`),
      new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8())
    )
  })
const expected = Array.from({ length: rows }, (_, row) => [row % 11 ? row / 7 : null, `a text that repeats ${row % 9}`, `code ${row % 3}`])

describe('normalising', () => {
  const { LZ4_FRAME, ZSTD } = arrow.CompressionType
  it.each([
    ['a plain file', () => arrow.tableToIPC(table(), 'file')],
    ['a plain stream', () => arrow.tableToIPC(table(), 'stream')],
    ['an LZ4 file', () => compressed(table(), LZ4_FRAME, 'file')],
    ['an LZ4 stream', () => compressed(table(), LZ4_FRAME, 'stream')],
    ['a Zstandard file', () => compressed(table(), ZSTD, 'file')],
    ['a Zstandard stream', () => compressed(table(), ZSTD, 'stream')]
  ])('takes %s', async (_name, make) => {
    const output = next()
    expect(await normaliseArrow(save(make()), output)).toEqual({ rows })
    expect(await inspectArrowFile(output)).toMatchObject({ rows, compressed: false })
    expect(await harness.scan(output)).toEqual({ rows: expected })
    expect(arrow.tableFromIPC(readFileSync(output)).numRows).toBe(rows)
  })

  it('is what a scan of a compressed file points to', async () => {
    const path = save(compressed(table(), LZ4_FRAME, 'file'))
    expect((await inspectArrowFile(path)).compressed).toBe(true)
    const outcome = await harness.scan(path)
    expect('error' in outcome && outcome.error).toMatch(/compressed batches.*Import it/)
  })

  it('joins dictionaries that a stream replaces or extends', async () => {
    const type = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8(), 5)
    const schema = new arrow.Schema([new arrow.Field('c', type, true)])
    const batch = (words: string[], indices: number[]): arrow.RecordBatch => {
      const dictionary = arrow.vectorFromArray(words, new arrow.Utf8())
      const data = arrow.makeData({ type, length: indices.length, nullCount: 0, data: Int8Array.from(indices), dictionary })
      return new arrow.RecordBatch(
        schema,
        arrow.makeData({ type: new arrow.Struct(schema.fields), length: indices.length, nullCount: 0, children: [data] })
      )
    }
    const writer = new arrow.RecordBatchStreamWriter()
    writer.reset(undefined, schema)
    for (const part of [batch(['a', 'b'], [1, 0, 1]), batch(['x', 'y', 'z'], [2, 0]), batch(['q'], [0])]) writer.write(part)
    const output = next()
    expect(await normaliseArrow(save(writer.finish().toUint8Array(true)), output)).toEqual({ rows: 6 })
    expect(await harness.scan(output)).toEqual({ rows: [['b'], ['a'], ['b'], ['z'], ['x'], ['q']] })
  })

  it('refuses a stream that breaks off, and leaves nothing', async () => {
    const whole = arrow.tableToIPC(table(), 'stream')
    const output = next()
    for (const length of [whole.length - 100, 900, 300, 9]) {
      await expect(normaliseArrow(save(whole.subarray(0, length)), output)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringMatching(/truncated|no Arrow file/)
      })
      await expect(inspectArrowFile(output)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    }
  })

  it('stops when cancelled', async () => {
    const abort = new AbortController()
    abort.abort()
    await expect(normaliseArrow(save(arrow.tableToIPC(table(), 'file')), next(), { signal: abort.signal })).rejects.toMatchObject({
      code: 'CANCELLED'
    })
  })

  it('refuses buffers that lie about their size', async () => {
    const packed = (length: bigint, body: Uint8Array): Uint8Array => {
      const prefix = Buffer.alloc(8)
      prefix.writeBigInt64LE(length)
      return new Uint8Array(Buffer.concat([prefix, body]))
    }
    const frame = compressFrameSync(Buffer.from('some bytes'))
    expect(Buffer.from(await decompressBuffer(packed(10n, frame), 'lz4')).toString()).toBe('some bytes')
    expect(Buffer.from(await decompressBuffer(packed(-1n, Buffer.from('raw')), 'zstd')).toString()).toBe('raw')
    for (const length of [9n, 11n, 1n << 40n, -2n])
      await expect(decompressBuffer(packed(length, frame), 'lz4')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(decompressBuffer(packed(2_000_000_000n, frame), 'lz4')).rejects.toThrow(/claims to unpack/)
    for (const length of [5n, 11n])
      await expect(decompressBuffer(packed(length, zstdFrame(Buffer.from('some bytes'))), 'zstd')).rejects.toMatchObject({
        code: 'INVALID_INPUT'
      })
    await expect(decompressBuffer(packed(10n, Buffer.from('garbage')), 'zstd')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
})
