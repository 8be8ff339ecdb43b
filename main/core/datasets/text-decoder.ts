import { isAscii, isUtf8 } from 'node:buffer'
import type { Encoding } from '../../model/dataset'
import { withoutCutCharacter } from './source-format'

/** Thrown when bytes are not in the encoding they were taken for. */
export class WrongEncoding extends Error {
  constructor(readonly offset: number) {
    super(`invalid UTF-8 near byte ${offset}`)
  }
}

export interface TextDecoding {
  /** UTF-8 of the next bytes; a character cut at their end waits for the rest. */
  push(chunk: Buffer): Buffer
  end(complete: boolean): Buffer
  readonly nuls: number
  /** Bytes that are no UTF-8 among others that are. Each became a mark, see `byteMarks`. */
  readonly strayBytes: number
  /** Bytes that are no character of another encoding than UTF-8. Each became U+FFFD. */
  readonly undecodable: number
}

/**
 * A byte that is no UTF-8 becomes a character of the last private plane, U+10FF80 to U+10FFFF, which no text uses. So the cell that it
 * stands in can be found when the table is there, and only this cell is read as Windows-1252.
 */
const markOf = (byte: number): Buffer => Buffer.from([0xf4, 0x8f, byte < 0xc0 ? 0xbe : 0xbf, byte < 0xc0 ? byte : byte - 0x40])
/** Pattern of a mark, for RE2. */
export const markPattern = '[\\x{10FF80}-\\x{10FFFF}]'
/** All marks, and the Windows-1252 characters of their bytes in the same order. */
export const byteMarks = Array.from({ length: 128 }, (_, i) => String.fromCodePoint(0x10ff80 + i)).join('')
export const markedCharacters = new TextDecoder('windows-1252').decode(Uint8Array.from({ length: 128 }, (_, i) => 128 + i))
const marked = /[\u{10ff80}-\u{10ffff}]/gu
/** A text with its marks turned into the characters they stand for. */
export const withoutMarks = (text: string): string => text.replace(marked, (mark) => markedCharacters[mark.codePointAt(0)! - 0x10ff80])
/** A text with its marks written as the bytes that stand in the file. */
export const withBytes = (text: string): string =>
  text.replace(marked, (mark) => `\\x${(mark.codePointAt(0)! - 0x10ff00).toString(16).toUpperCase()}`)

const REPLACEMENT = Buffer.from('\uFFFD')
/** Beyond so many characters outside of ASCII the share of stray bytes is known well enough. */
const ENOUGH = 100_000

/** Length of the well-formed UTF-8 character at `at`; 0 when there is none. */
function characterLength(bytes: Buffer, at: number): number {
  const lead = bytes[at]
  if (lead < 0x80) return 1
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0
  return length > 0 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0
}

/** UTF-8 with a mark in place of each stray byte; counts both. */
function withMarks(bytes: Buffer): { text: Buffer; stray: number; characters: number } {
  const parts: Buffer[] = []
  let from = 0
  let stray = 0
  let characters = 0
  for (let at = 0; at < bytes.length;) {
    const length = characterLength(bytes, at)
    if (length > 1) characters++
    if (length > 0) at += length
    else {
      parts.push(bytes.subarray(from, at), markOf(bytes[at]))
      stray++
      from = ++at
    }
  }
  return { text: Buffer.concat([...parts, bytes.subarray(from)]), stray, characters }
}

const countCharacters = (bytes: Buffer): number => {
  let n = 0
  for (const byte of bytes) if (byte >= 0xc2) n++
  return n
}

/** Whether most characters outside of ASCII are UTF-8, although some bytes are not. */
export function isMostlyUtf8(head: Buffer): boolean {
  const { stray, characters } = withMarks(withoutCutCharacter(head))
  return characters >= stray
}

/** Decodes a file piece by piece. UTF-8 with few stray bytes is read on; one that is mostly another encoding throws WrongEncoding. */
export function createDecoder(encoding: Encoding): TextDecoding {
  let nuls = 0
  let stray = 0
  let characters = 0
  let offset = 0
  let firstStray = 0
  let carry: Buffer = Buffer.alloc(0)
  let first = true
  let undecodable = 0
  const decoder = encoding === 'utf-8' ? undefined : new TextDecoder(encoding)
  const decoded = (text: string): Buffer => {
    for (let at = text.indexOf('\uFFFD'); at >= 0; at = text.indexOf('\uFFFD', at + 1)) undecodable++
    return replaceNuls(Buffer.from(text))
  }
  const replaceNuls = (bytes: Buffer): Buffer => {
    if (!bytes.includes(0)) return bytes
    const parts: Buffer[] = []
    let from = 0
    for (let at = bytes.indexOf(0); at >= 0; at = bytes.indexOf(0, from)) {
      parts.push(bytes.subarray(from, at), REPLACEMENT)
      nuls++
      from = at + 1
    }
    return Buffer.concat([...parts, bytes.subarray(from)])
  }
  const marking = (bytes: Buffer): Buffer => {
    const found = withMarks(bytes)
    if (stray === 0) firstStray = offset
    stray += found.stray
    characters += found.characters
    if (stray > 1_000 && stray > 10 * characters) throw new WrongEncoding(firstStray)
    return found.text
  }
  return {
    get nuls() {
      return nuls
    },
    get strayBytes() {
      return stray
    },
    get undecodable() {
      return undecodable
    },
    push(chunk) {
      if (decoder) return decoded(decoder.decode(chunk, { stream: true }))
      const all = carry.length > 0 ? Buffer.concat([carry, chunk]) : chunk
      let whole = withoutCutCharacter(all)
      carry = Buffer.from(all.subarray(whole.length))
      if (!isUtf8(whole)) whole = marking(whole)
      else if (characters < ENOUGH && !isAscii(whole)) characters += countCharacters(whole)
      offset += whole.length
      if (first && whole.length >= 3 && whole[0] === 0xef && whole[1] === 0xbb && whole[2] === 0xbf) whole = whole.subarray(3)
      if (whole.length > 0) first = false
      return replaceNuls(whole)
    },
    end(complete) {
      if (decoder) return decoded(decoder.decode())
      const rest = carry.length > 0 && complete ? marking(carry) : Buffer.alloc(0)
      if (stray > characters) throw new WrongEncoding(firstStray)
      return rest
    }
  }
}
