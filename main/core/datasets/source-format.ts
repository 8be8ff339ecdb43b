import { isUtf8 } from 'node:buffer'
import type { Encoding, SourceFormat } from '../../model/dataset'
import { WorkbenchError } from '../../model/errors'
import { isArrowStream } from '../../storage/arrow'
import { kindAt, skipBlank, valueEnd } from './json-text'

export interface SourceKind {
  format: Exclude<SourceFormat, 'derived'>
  /** Present for text formats. */
  encoding?: Encoding
  /** True when the encoding is a guess and not evident from the bytes. */
  encodingGuessed?: boolean
}

const startsWith = (head: Buffer, ...bytes: number[]): boolean => bytes.every((b, i) => head[i] === b)

const foreign: [number[], string][] = [
  [[0x50, 0x4b, 0x03, 0x04], 'a ZIP archive or an Excel workbook. Save the sheet as CSV, or unpack the archive, and import that'],
  [[0x1f, 0x8b], 'compressed with gzip. Unpack it first'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'compressed with Zstandard. Unpack it first'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an old Excel or Office file. Save the sheet as CSV and import that'],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF. Import the table it was made from'],
  [[0x53, 0x51, 0x4c, 0x69, 0x74, 0x65], 'an SQLite database. Export the table as CSV and import that'],
  [[0x46, 0x45, 0x41, 0x31], 'a Feather file of version 1. Write it again as Feather version 2 (Arrow IPC) or Parquet and import that'],
  [[0x4f, 0x52, 0x43], 'an ORC file. Write it again as Parquet and import that'],
  [[0x4f, 0x62, 0x6a, 0x01], 'an Avro file. Write it again as Parquet and import that'],
  [[0x89, 0x48, 0x44, 0x46], 'an HDF5 file. Export the table as Parquet and import that'],
  [[0x7f, 0x45, 0x4c, 0x46], 'a program. Choose a table']
]

/**
 * What a file is, from its first bytes and only then from its name. Throws INVALID_INPUT for an empty file and for content that
 * is no table.
 */
export function detectFormat(head: Buffer, fileName: string, complete: boolean): SourceKind {
  if (head.length === 0)
    throw new WorkbenchError('INVALID_INPUT', `"${fileName}" is empty: it has 0 bytes, so there is nothing to import. Choose another file.`)
  if (startsWith(head, 0x50, 0x41, 0x52, 0x31)) return { format: 'parquet' }
  if (head.subarray(0, 6).toString('latin1') === 'ARROW1' || isArrowStream(head)) return { format: 'arrow' }
  for (const [magic, what] of foreign)
    if (startsWith(head, ...magic)) throw new WorkbenchError('INVALID_INPUT', `"${fileName}" is ${what}.`)
  const { encoding, guessed } = detectEncoding(head, fileName, complete)
  const text = decodeHead(head, encoding).trimStart()
  const lower = fileName.toLowerCase()
  const base = { encoding, encodingGuessed: guessed }
  if (/\.(json|jsonl|ndjson)$/.test(lower) || /^\{\s*("|\}\s*$)/.test(text) || /^\[\s*[[{]/.test(text))
    return { format: hasObjectLines(text, /l$|ndjson$/.test(lower)) ? 'jsonl' : 'json', ...base }
  return { format: /\.(tsv|tab)$/.test(lower) ? 'tsv' : 'csv', ...base }
}

/**
 * True for an object in each line, which one of the first lines shows; one alone may as well be an object around the rows. A file named for its
 * lines is believed.
 */
function hasObjectLines(text: string, isNamedSo: boolean): boolean {
  if (text.startsWith('[')) return false
  const lines = text.split('\n', 200).filter((line) => line.trim() !== '')
  if (lines.length < 2 && !isNamedSo) return false
  return lines.slice(0, 3).some((line) => {
    try {
      const start = skipBlank(line, 0)
      return kindAt(line, start) === 'object' && skipBlank(line, valueEnd(line, start)) === line.length
    } catch {
      return false
    }
  })
}

/** The first bytes as text, without a byte order mark and without a character cut in half at the end. */
export function decodeHead(head: Buffer, encoding: Encoding): string {
  return new TextDecoder(encoding).decode(head, { stream: true })
}

function detectEncoding(head: Buffer, fileName: string, complete: boolean): { encoding: Encoding; guessed: boolean } {
  if (startsWith(head, 0xef, 0xbb, 0xbf)) return { encoding: 'utf-8', guessed: false }
  if (startsWith(head, 0xff, 0xfe)) return { encoding: 'utf-16le', guessed: false }
  if (startsWith(head, 0xfe, 0xff)) return { encoding: 'utf-16be', guessed: false }
  const sample = head.subarray(0, 65_536)
  let even = 0
  let odd = 0
  let control = 0
  for (let i = 0; i < sample.length; i++) {
    if (sample[i] === 0 && i % 2 === 1) odd++
    else if (sample[i] === 0) even++
    else if (sample[i] < 9 || (sample[i] > 13 && sample[i] < 32)) control++
  }
  const half = sample.length / 2
  if (odd > half * 0.3 && even < half * 0.05) return { encoding: 'utf-16le', guessed: true }
  if (even > half * 0.3 && odd < half * 0.05) return { encoding: 'utf-16be', guessed: true }
  // a few are tolerated in a long text; in a file of a few bytes they are what it is made of
  if (even + odd + control > Math.min(Math.max(4, sample.length * 0.02), sample.length * 0.1))
    throw new WorkbenchError(
      'INVALID_INPUT',
      `"${fileName}" holds binary data that is neither Parquet nor Arrow, so it cannot be read as a table. Nothing was imported. Check that it is the right file and that it was copied whole.`
    )
  return isUtf8(complete ? head : withoutCutCharacter(head))
    ? { encoding: 'utf-8', guessed: false }
    : { encoding: 'windows-1252', guessed: true }
}

/** Drops at most three trailing bytes that begin a UTF-8 character without ending it. */
export function withoutCutCharacter(bytes: Buffer): Buffer {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]
    if ((byte & 0xc0) === 0x80) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return length > back ? bytes.subarray(0, bytes.length - back) : bytes
  }
  return bytes
}
