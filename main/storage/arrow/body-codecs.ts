import { corruptArrow } from './arrow-types'

/** A buffer may unpack to this much without question, and beyond it only at a ratio that real data reaches. Bytes. */
const freeSize = 64 * 1024 * 1024
const plausibleRatio = 1_100
const maximumSize = 2 ** 31 - 1

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

async function unpackZstd(packed: Uint8Array, length: number): Promise<Uint8Array> {
  const { decompress } = await import('fzstd')
  try {
    // given room, the decoder does not believe the size in the frame header
    return decompress(packed, new Uint8Array(length))
  } catch (error) {
    throw corruptArrow(`a Zstandard buffer cannot be unpacked (${error instanceof Error ? error.message : String(error)})`)
  }
}
