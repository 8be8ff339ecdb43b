import { createHash } from 'node:crypto'
import { readFileSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { z } from 'zod'
import { withLedgerBytes } from './ledger-connection'

/**
 * SQLite has no checksums of its pages: a changed byte in a text is read as if it had always been so. What each page was like when the
 * ledger was last closed is therefore kept beside it, in 16 bytes a page: the start of its SHA-256, the sum of its bytes and the sum of
 * its bytes by their places. The two sums name the place and the value of a single changed byte; the hash says whether that was it.
 */
export interface PageSums {
  pageSize: number
  pages: number
  /** 16 bytes a page. */
  sums: Buffer
  about: Record<string, unknown>
}

const BYTES = 16
const HASH = 8
const Header = z.object({
  pageSize: z.number().int().min(512),
  pages: z.number().int().nonnegative(),
  check: z.string(),
  about: z.record(z.string(), z.unknown())
})

const hashOf = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

function sumsOf(page: Buffer): [sum: number, placed: number] {
  let sum = 0
  let placed = 0
  for (let at = 0; at < page.length; at++) {
    sum += page[at]!
    placed = (placed + page[at]! * (at + 1)) >>> 0
  }
  return [sum, placed]
}

function describePage(page: Buffer, target: Buffer, index: number): void {
  const at = index * BYTES
  hashOf(page).copy(target, at, 0, HASH)
  const [sum, placed] = sumsOf(page)
  target.writeUInt32LE(sum, at + HASH)
  target.writeUInt32LE(placed, at + HASH + 4)
}

/** Calls `work` with each page of a file, in order; the buffer is used again. Read in pieces. */
function eachPage(file: string, pageSize: number, work: (page: Buffer, index: number) => void): number {
  const piece = Buffer.alloc(pageSize * Math.max(1, Math.floor(2 ** 20 / pageSize)))
  return withLedgerBytes(file, (descriptor) => {
    let index = 0
    for (;;) {
      const length = readSync(descriptor, piece, 0, piece.length, index * pageSize)
      for (let at = 0; at + pageSize <= length; at += pageSize) work(piece.subarray(at, at + pageSize), index++)
      if (length < piece.length) return index
    }
  })
}

/** The page size that a ledger says it has; 4096 where its beginning is not to be trusted. */
function pageSizeOf(file: string): number {
  const header = Buffer.alloc(100)
  withLedgerBytes(file, (descriptor) => readSync(descriptor, header, 0, 100, 0))
  const size = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16)
  return size >= 512 && (size & (size - 1)) === 0 ? size : 4096
}

/** What every page of a ledger is like that nobody has open. */
export function sumPages(file: string, about: Record<string, unknown> = {}): PageSums {
  const pageSize = pageSizeOf(file)
  const parts: Buffer[] = []
  const pages = eachPage(file, pageSize, (page) => {
    const sums = Buffer.alloc(BYTES)
    describePage(page, sums, 0)
    parts.push(sums)
  })
  return { pageSize, pages, sums: Buffer.concat(parts), about }
}

/** Writes them down: one line of JSON, then the sums. A torn file is none. */
export async function writePageSums(file: string, { pageSize, pages, sums, about }: PageSums): Promise<void> {
  const check = hashOf(sums).toString('hex')
  try {
    writeFileSync(`${file}.tmp`, Buffer.concat([Buffer.from(`${JSON.stringify({ pageSize, pages, check, about })}\n`), sums]))
    await rename(`${file}.tmp`, file)
  } catch (error) {
    rmSync(`${file}.tmp`, { force: true })
    throw error
  }
}

/** What was written down; undefined where there is nothing, or nothing whole. */
export function readPageSums(file: string): PageSums | undefined {
  try {
    const bytes = readFileSync(file)
    const end = bytes.indexOf(10)
    const { check, ...header } = Header.parse(JSON.parse(bytes.toString('utf8', 0, end)))
    const sums = bytes.subarray(end + 1)
    if (sums.length !== header.pages * BYTES || hashOf(sums).toString('hex') !== check) return undefined
    return { ...header, sums }
  } catch {
    return undefined
  }
}

/** True when a page is the one that the sums describe. */
export const isPage = (page: Buffer, { sums }: PageSums, index: number): boolean =>
  hashOf(page).compare(sums, index * BYTES, index * BYTES + HASH, 0, HASH) === 0

/** The pages, counted from 0, that are not what they were; those that are missing at the end count too. */
export function changedPages(file: string, sums: PageSums): number[] {
  const changed: number[] = []
  const found = eachPage(file, sums.pageSize, (page, index) => {
    if (index >= sums.pages || !isPage(page, sums, index)) changed.push(index)
  })
  for (let index = found; index < sums.pages; index++) changed.push(index)
  return changed
}

/** How many pages differ between two descriptions. */
export function countDifferent(one: PageSums, other: PageSums): number {
  let different = Math.abs(one.pages - other.pages)
  for (let index = 0; index < Math.min(one.pages, other.pages); index++)
    if (one.sums.compare(other.sums, index * BYTES, (index + 1) * BYTES, index * BYTES, (index + 1) * BYTES) !== 0) different++
  return different
}

/** The page with its one changed byte set back; undefined when more than one byte is not what it was. */
export function correctByte(page: Buffer, sums: PageSums, index: number): Buffer | undefined {
  const at = index * BYTES + HASH
  const [sum, placed] = sumsOf(page)
  const difference = sum - sums.sums.readUInt32LE(at)
  if (difference === 0) return undefined
  const byPlace = (placed - sums.sums.readUInt32LE(at + 4)) | 0
  const place = byPlace / difference - 1
  if (!Number.isInteger(place) || place < 0 || place >= page.length) return undefined
  const was = page[place]! - difference
  if (was < 0 || was > 255) return undefined
  const corrected = Buffer.from(page)
  corrected[place] = was
  return isPage(corrected, sums, index) ? corrected : undefined
}
