import { appendFileSync, mkdirSync, promises as fs, readdirSync, rmSync, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { StringDecoder } from 'node:string_decoder'
import type { LogPage } from '../../model/job'
import { printableLines } from '../../model/plain-text'

const PAGE = 64 * 1024
/** Bytes of the beginning that are kept. */
const HEAD = 16 * 1024 * 1024
/** What comes after lies in files of this many bytes, of which the newest are kept. */
const PIECE = 1024 * 1024
const PIECES = 15

/** A file of a log and where in the whole of it it begins. */
interface Piece {
  file: string
  start: number
  size: number
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0

/** The files of a log, in order. `x.log` is its beginning; `x.log.16777216` goes on from there, unless what lay between was left out. */
function piecesOf(path: string): Piece[] {
  const head = { file: path, start: 0, size: sizeOf(path) }
  if (head.size < HEAD) return [head]
  const own = `${basename(path)}.`
  const starts = readdirSync(dirname(path)).flatMap((name) =>
    name.startsWith(own) && /^\d+$/.test(name.slice(own.length)) ? [Number(name.slice(own.length))] : []
  )
  const later = starts.sort((a, b) => a - b).map((start) => ({ file: `${path}.${start}`, start, size: sizeOf(`${path}.${start}`) }))
  return [head, ...later]
}

/**
 * Appends to a log. Its first 16 MiB are kept, and of what follows the last 14 MiB or more, so that no step fills the disk with chatter and
 * its last words are there all the same. Several may write to one log.
 */
export function createLogWriter(path: string): { write(text: string): void } {
  let isBroken = false
  let file = path
  const roll = (): void => {
    const pieces = piecesOf(path)
    const last = pieces.at(-1)!
    if (last.size < (last.file === path ? HEAD : PIECE)) return void (file = last.file)
    file = `${path}.${last.start + last.size}`
    for (const old of pieces.slice(1, -(PIECES - 1))) rmSync(old.file, { force: true })
  }
  try {
    mkdirSync(dirname(path), { recursive: true })
    roll()
  } catch {
    isBroken = true
  }
  return {
    write(raw) {
      // Who reads a log on a terminal must see what is there: the colours, jumps and returns of a program are not carried out.
      const text = printableLines(raw.replace(/\r\n?/g, '\n'))
      if (isBroken || text === '') return
      try {
        const about = statSync(file, { throwIfNoEntry: false })
        if (about ? about.size >= (file === path ? HEAD : PIECE) : file !== path) roll()
        appendFileSync(file, text)
      } catch {
        // A log that cannot be written (full disk) must not end the work it is about; the work itself reports the full disk.
        isBroken = true
      }
    }
  }
}

const leftOut = (bytes: number): string => `\n[${bytes} bytes are left out here: of a long log the beginning and the end are kept.]\n`

/**
 * A page of a log from a byte of the whole on, whole characters only; the last 64 KiB when no start is given. Where bytes were left out, a
 * page says how many. A missing file is an empty log.
 */
export async function readLogPage(path: string, from?: number): Promise<LogPage> {
  const pieces = piecesOf(path)
  const last = pieces.at(-1)!
  const size = last.start + last.size
  let start = Math.min(from ?? Math.max(0, size - PAGE), size)
  let at = pieces.findIndex((piece) => start < piece.start + piece.size)
  if (at < 0) return { text: '', next: size, size }
  if (start < pieces[at].start) {
    const bytes = pieces[at].start - start
    if (from !== undefined) return { text: leftOut(bytes), next: pieces[at].start, size }
    start = pieces[at].start
  }
  const parts: Buffer[] = []
  let length = 0
  for (; at < pieces.length && length < PAGE && pieces[at].start <= start + length; at++) {
    const part = await readPart(pieces[at].file, start + length - pieces[at].start, PAGE - length)
    parts.push(part)
    length += part.length
  }
  let bytes = Buffer.concat(parts)
  if (from === undefined && start > 0) {
    const newline = bytes.indexOf(10)
    start += newline + 1
    bytes = bytes.subarray(newline + 1)
  }
  const text = start + bytes.length < size ? new StringDecoder('utf8').write(bytes) : bytes.toString('utf8')
  const read = start + bytes.length < size ? Buffer.byteLength(text) : bytes.length
  // Bytes that are no text would never advance: take them as they are.
  return read === 0 && bytes.length > 0
    ? { text: bytes.toString('latin1'), next: start + bytes.length, size }
    : { text, next: start + read, size }
}

/** Bytes of a file; none when it has gone meanwhile. */
async function readPart(file: string, from: number, length: number): Promise<Buffer> {
  const handle = await fs.open(file, 'r').catch(() => undefined)
  if (!handle) return Buffer.alloc(0)
  try {
    const buffer = Buffer.alloc(length)
    const { bytesRead } = await handle.read(buffer, 0, length, from)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** Pages of a growing log, until `isFinished` holds and everything was read. */
export async function* followLogFile(
  path: string,
  isFinished: () => boolean,
  signal: AbortSignal
): AsyncGenerator<LogPage, { size: number }, void> {
  let from: number | undefined
  for (;;) {
    const last = isFinished()
    let page = await readLogPage(path, from)
    while (page.text !== '' && !signal.aborted) {
      yield page
      from = page.next
      page = await readLogPage(path, from)
    }
    from = page.next
    if (last || signal.aborted) return { size: page.size }
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
}
