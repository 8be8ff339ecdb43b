import * as zlib from 'node:zlib'

/** The reversed polynomial of ISO 3309, which ZIP uses (APPNOTE.TXT, 4.4.7). */
const polynomial = 0xedb88320
const lanes = 8

/** Row 0 is the effect of one byte; row n that of a byte with n bytes behind it, so that eight bytes are taken in one step. */
function makeTable(): Uint32Array {
  const table = new Uint32Array(lanes * 256)
  for (let byte = 0; byte < 256; byte++) {
    let sum = byte
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ polynomial : sum >>> 1
    table[byte] = sum
  }
  for (let at = 256; at < table.length; at++) {
    const before = table[at - 256] ?? 0
    table[at] = (before >>> 8) ^ (table[before & 0xff] ?? 0)
  }
  return table
}

let table: Uint32Array | undefined

/** The checksum in plain JavaScript, for systems whose zlib does not give it out. */
export function crc32InScript(bytes: Uint8Array, before = 0): number {
  const t = (table ??= makeTable())
  const at = (lane: number, index: number) => t[lane * 256 + (index & 0xff)]!
  let sum = ~before
  let place = 0
  for (const last = bytes.length - lanes; place <= last; place += lanes) {
    sum ^= bytes[place]! | (bytes[place + 1]! << 8) | (bytes[place + 2]! << 16) | (bytes[place + 3]! << 24)
    const low = at(7, sum) ^ at(6, sum >>> 8) ^ at(5, sum >>> 16) ^ at(4, sum >>> 24)
    sum = low ^ at(3, bytes[place + 4]!) ^ at(2, bytes[place + 5]!) ^ at(1, bytes[place + 6]!) ^ at(0, bytes[place + 7]!)
  }
  for (; place < bytes.length; place++) sum = (sum >>> 8) ^ at(0, sum ^ bytes[place]!)
  return ~sum >>> 0
}

/** CRC-32 of bytes, continued from that of the bytes before them. Node has it since 20.15; old runtimes compute it here. */
export const crc32: (bytes: Uint8Array, before?: number) => number =
  typeof zlib.crc32 === 'function' ? (bytes, before = 0) => zlib.crc32(bytes, before) : crc32InScript
