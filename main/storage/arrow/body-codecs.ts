import { corruptArrow } from './arrow-types'

/** A buffer may unpack to this much without question, and beyond it only at a ratio that real data reaches. Bytes. */
const freeSize = 64 * 1024 * 1024
const plausibleRatio = 1_100
const maximumSize = 2 ** 31 - 1

/** All buffers of a batch are in memory at once: together they may be this large without question. Bytes. */
const freeBatchSize = 1024 * 1024 * 1024

/** Refuses a batch whose buffers, each plausible by itself, together unpack to far more than its body could hold. */
export function assertPlausibleSize(unpacked: number, bodyLength: number): void {
  if (unpacked > freeBatchSize && unpacked > bodyLength * plausibleRatio)
    throw corruptArrow(`a batch of ${bodyLength} bytes unpacks to more than ${unpacked} bytes`)
}

/**
 * Unpacks one buffer of a compressed body: 8 bytes with the unpacked length (-1: stored as it is), then an LZ4 frame or Zstandard frame
 * (Arrow columnar format, "Buffer compression").
 */
export async function decompressBuffer(stored: Uint8Array, codec: 'lz4' | 'zstd' | 'unknown'): Promise<Uint8Array> {
  if (stored.byteLength === 0) return stored
  if (codec === 'unknown') throw corruptArrow('it is compressed with an unknown method')
  if (stored.byteLength < 8) throw corruptArrow('a compressed buffer is too short')
  const length = Number(new DataView(stored.buffer, stored.byteOffset, 8).getBigInt64(0, true))
  const packed = stored.subarray(8)
  if (length === -1) return aligned(packed)
  if (length === 0) return new Uint8Array(0)
  if (length < 0 || length > maximumSize || (length > freeSize && length > packed.byteLength * plausibleRatio))
    throw corruptArrow(`a compressed buffer of ${packed.byteLength} bytes claims to unpack to ${length} bytes`)
  const unpacked = codec === 'lz4' ? await unpackLz4(packed) : await unpackZstd(packed, length)
  if (unpacked.byteLength !== length)
    throw corruptArrow(`a compressed buffer unpacks to ${unpacked.byteLength} bytes where it claims ${length}`)
  return aligned(unpacked)
}

/** A copy that starts on an 8-byte boundary, since typed arrays are laid over it. */
function aligned(bytes: Uint8Array): Uint8Array {
  if (bytes.byteOffset % 8 === 0) return bytes
  return new Uint8Array(bytes)
}

async function unpackLz4(packed: Uint8Array): Promise<Uint8Array> {
  const { decompressFrame } = await import('lz4-napi')
  try {
    return await decompressFrame(packed)
  } catch (error) {
    throw corruptArrow(`an LZ4 buffer cannot be unpacked (${error instanceof Error ? error.message : String(error)})`)
  }
}

/** The content size a Zstandard frame header declares, and the window it asks for (RFC 8878, section 3.1.1.1). */
function zstdHeader(packed: Uint8Array): { content?: number; window: number } {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength)
  const descriptor = view.getUint8(4)
  const single = (descriptor & 0x20) !== 0
  const at = 5 + (single ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] ?? 0)
  const sizes = [single ? 1 : 0, 2, 4, 8]
  const bytes = sizes[descriptor >> 6] ?? 0
  let content: number | undefined
  if (bytes === 1) content = view.getUint8(at)
  else if (bytes === 2) content = view.getUint16(at, true) + 256
  else if (bytes === 4) content = view.getUint32(at, true)
  else if (bytes === 8) content = Number(view.getBigUint64(at, true))
  const exponent = view.getUint8(5)
  const base = 2 ** (10 + (exponent >> 3))
  return { content, window: single ? (content ?? 0) : base + (base / 8) * (exponent & 7) }
}

async function unpackZstd(packed: Uint8Array, length: number): Promise<Uint8Array> {
  const { Decompress } = await import('fzstd')
  const unpacked = new Uint8Array(length)
  let filled = 0
  try {
    const { content, window } = zstdHeader(packed)
    if (content !== undefined && content !== length) throw new RangeError(`its frame declares ${content} bytes, its buffer ${length}`)
    if (window > Math.max(length, 128 * 1024 * 1024)) throw new RangeError(`its frame asks for a window of ${window} bytes`)
    // in pieces, because the one-shot decoder leaves zeros where a frame is shorter than its room
    const stream = new Decompress((chunk) => {
      if (filled + chunk.byteLength <= length) unpacked.set(chunk, filled)
      filled += chunk.byteLength
      if (filled > length) throw new RangeError(`it unpacks to more than ${length} bytes`)
    })
    stream.push(packed, true)
  } catch (error) {
    throw corruptArrow(`a Zstandard buffer cannot be unpacked (${error instanceof Error ? error.message : String(error)})`)
  }
  return filled === length ? unpacked : unpacked.subarray(0, filled)
}
