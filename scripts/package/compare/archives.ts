import { execFileSync } from 'node:child_process'
import { gunzipSync } from 'node:zlib'
import { decompress as unpackZstandard } from 'fzstd'

/** One entry of an archive: its content, and everything else that is written of it. */
export interface Entry {
  content: Buffer
  /** Mode, owner, time, kind and target of a link, in words that can be compared. */
  about: string
}

const text = (bytes: Buffer): string => bytes.toString('utf8').replace(/\0.*$/s, '')

/** The path that an extended header (pax) gives to the entry behind it. */
const paxPath = (content: Buffer): string | undefined => /^\d+ path=(.*)$/m.exec(content.toString('utf8'))?.[1]

/** Entries of a tar archive (ustar, with the long names of GNU and pax). A name that occurs again gets a number. */
export function readTar(bytes: Buffer): Map<string, Entry> {
  const entries = new Map<string, Entry>()
  let longName: string | undefined
  for (let at = 0; at + 512 <= bytes.length;) {
    const header = bytes.subarray(at, at + 512)
    if (header.every((byte) => byte === 0)) break
    const size = Number.parseInt(text(header.subarray(124, 136)).trim() || '0', 8)
    const content = bytes.subarray(at + 512, at + 512 + size)
    at += 512 + Math.ceil(size / 512) * 512
    const kind = String.fromCharCode(header[156] ?? 0)
    if (kind === 'L') longName = text(content)
    else if (kind === 'x' || kind === 'g') longName = paxPath(content) ?? longName
    else {
      const prefix = text(header.subarray(345, 500))
      const name = longName ?? (prefix ? `${prefix}/${text(header.subarray(0, 100))}` : text(header.subarray(0, 100)))
      longName = undefined
      const field = (from: number, to: number) => text(header.subarray(from, to)).trim()
      const about = `mode ${field(100, 108)} owner ${field(108, 116)}:${field(116, 124)} ${field(265, 297)}:${field(297, 329)} time ${field(136, 148)} kind ${kind} link ${field(157, 257)}` // prettier-ignore
      let unique = name
      for (let again = 2; entries.has(unique); again++) unique = `${name} (${again})`
      entries.set(unique, { content, about })
    }
  }
  return entries
}

/** Entries of an ar archive, which a Debian package is. */
export function readAr(bytes: Buffer): Map<string, Entry> {
  const entries = new Map<string, Entry>()
  for (let at = 8; at + 60 <= bytes.length;) {
    const header = bytes.toString('latin1', at, at + 60)
    const size = Number(header.slice(48, 58).trim())
    const name = header.slice(0, 16).trim().replace(/\/$/, '')
    entries.set(name, {
      content: bytes.subarray(at + 60, at + 60 + size),
      about: `time ${header.slice(16, 28).trim()} mode ${header.slice(40, 48).trim()}`
    })
    at += 60 + size + (size % 2)
  }
  return entries
}

/** What is under a compression, by the first bytes; undefined where there is none. xz is left to its program. */
export function decompress(bytes: Buffer): Buffer | undefined {
  const magic = bytes.toString('latin1', 0, 6)
  if (magic.startsWith('\x1f\x8b')) return gunzipSync(bytes)
  if (magic.startsWith('\x28\xb5\x2f\xfd')) return Buffer.from(unpackZstandard(bytes))
  return magic === '\xfd7zXZ\0' ? execFileSync('xz', ['-dc'], { input: bytes, maxBuffer: 4 * 1024 ** 3 }) : undefined
}

export const isTar = (bytes: Buffer): boolean => bytes.toString('latin1', 257, 262) === 'ustar'
export const isAr = (bytes: Buffer): boolean => bytes.toString('latin1', 0, 8) === '!<arch>\n'
