import { inflateRawSync } from 'node:zlib'
import type { Entry } from './archives'

/** Entries of a ZIP, as an update file and the program for Windows are; undefined for anything else. */
export function readZip(bytes: Buffer): Map<string, Entry> | undefined {
  if (bytes.length < 30 || bytes.readUInt32LE(0) !== 0x04034b50) return undefined
  const end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1')
  const entries = new Map<string, Entry>()
  for (let at = bytes.readUInt32LE(end + 16); at + 46 <= end && bytes.readUInt32LE(at) === 0x02014b50;) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset))
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength)
    const [size, place] = [bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 42)]
    const start = place + 30 + bytes.readUInt16LE(place + 26) + bytes.readUInt16LE(place + 28)
    const [method, written] = [bytes.readUInt16LE(at + 10), bytes.subarray(start, start + size)]
    const about = `time ${bytes.readUInt32LE(at + 12)} attributes ${bytes.readUInt32LE(at + 38)} method ${method}`
    entries.set(name, { content: method === 8 ? inflateRawSync(written) : written, about })
    at += 46 + nameLength + extraLength + commentLength
  }
  return entries
}
