import { printable } from '../../model/plain-text'
import { createByteQueue, refuseArchive, type ByteQueue } from './byte-queue'

/** What stands in a tar archive of a program folder; anything else is refused. */
export interface TarEntry {
  name: string
  kind: 'file' | 'folder' | 'link'
  /** Permission bits. */
  mode: number
  bytes: number
  /** Where a symbolic link leads, as it is written; empty for the others. */
  target: string
  /** The content; to be read to its end before the next entry is asked for. */
  content(): AsyncGenerator<Buffer>
}

const BLOCK = 512
/** Long names and times stand in headers of their own, which are read into memory. */
const largestHeader = 64 * 1024

/**
 * Reads a tar archive (POSIX ustar with pax headers, and the long names of GNU tar) entry by entry. Hard links, devices, pipes and sparse
 * files do not stand in the folder of a program and are refused; so is whatever contradicts itself.
 * @throws WorkbenchError INVALID_INPUT
 */
export async function* readTar(chunks: AsyncIterable<Buffer>): AsyncGenerator<TarEntry> {
  const queue = createByteQueue(chunks)
  let next: { path?: string; linkpath?: string } = {}
  for (;;) {
    const header = await queue.take(BLOCK)
    if (header === null) throw refuseArchive('it has no end')
    if (header.every((byte) => byte === 0)) return assertEmptyRest(queue)
    assertChecksum(header)
    const bytes = numberAt(header, 124, 12)
    const type = String.fromCharCode(header[156])
    if (type === 'x' || type === 'L' || type === 'K') {
      const text = await readHeaderText(queue, bytes)
      if (type === 'x') next = { ...next, ...paxFields(text) }
      else next[type === 'L' ? 'path' : 'linkpath'] = textUntilNul(text)
      continue
    }
    if (type === 'g') {
      await readHeaderText(queue, bytes)
      continue
    }
    const entry = entryOf(header, type, bytes, next)
    next = {}
    let read = entry.bytes === 0
    yield {
      ...entry,
      async *content() {
        if (read) return
        read = true
        yield* queue.stream(entry.bytes)
        await queue.take(padding(entry.bytes))
      }
    }
    if (!read) for await (const chunk of queue.stream(entry.bytes + padding(entry.bytes))) void chunk
  }
}

const padding = (bytes: number): number => (BLOCK - (bytes % BLOCK)) % BLOCK

function entryOf(header: Buffer, type: string, bytes: number, given: { path?: string; linkpath?: string }): Omit<TarEntry, 'content'> {
  const prefix = header.toString('latin1', 257, 262) === 'ustar' && header[262] === 0 ? textAt(header, 345, 155) : ''
  const short = textAt(header, 0, 100)
  const name = given.path ?? (prefix === '' ? short : `${prefix}/${short}`)
  const kinds: Record<string, TarEntry['kind'] | undefined> = { '0': 'file', '\0': 'file', '5': 'folder', '2': 'link' }
  const kind = kinds[type]
  if (!kind) throw refuseArchive(`${printable(name)} is a device, a hard link or another special file`)
  if (kind !== 'file' && bytes !== 0) throw refuseArchive(`${printable(name)} is no file and has content`)
  return {
    name,
    kind,
    mode: numberAt(header, 100, 8) & 0o777,
    bytes,
    target: kind === 'link' ? (given.linkpath ?? textAt(header, 157, 100)) : ''
  }
}

async function readHeaderText(queue: ByteQueue, bytes: number): Promise<Buffer> {
  if (bytes > largestHeader) throw refuseArchive('a header of it is far too long')
  const text = await queue.take(bytes + padding(bytes))
  if (text === null) throw refuseArchive('it was cut off')
  return text.subarray(0, bytes)
}

/** Lines of `length key=value`. Only names and links are taken; a size of its own is written for files beyond 8 GiB alone. */
function paxFields(text: Buffer): { path?: string; linkpath?: string } {
  const fields: { path?: string; linkpath?: string } = {}
  for (let at = 0; at < text.length;) {
    const space = text.indexOf(0x20, at)
    const length = space < 0 ? NaN : Number(text.toString('latin1', at, space))
    if (!Number.isInteger(length) || length <= space - at || at + length > text.length || text[at + length - 1] !== 0x0a)
      throw refuseArchive('a header of it is damaged')
    const line = utf8(text.subarray(space + 1, at + length - 1))
    const key = line.slice(0, line.indexOf('='))
    const value = line.slice(key.length + 1)
    if (key === 'path' || key === 'linkpath') fields[key] = value
    else if (key === 'size' || key.startsWith('GNU.sparse')) throw refuseArchive('it holds a sparse or oversized file')
    at += length
  }
  return fields
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw refuseArchive('a name in it is not valid Unicode')
  }
}

const textUntilNul = (bytes: Buffer): string => utf8(bytes.subarray(0, bytes.indexOf(0) < 0 ? bytes.length : bytes.indexOf(0)))
const textAt = (header: Buffer, at: number, length: number): string => textUntilNul(header.subarray(at, at + length))

/** Octal digits. The binary form of numbers beyond 8 GiB is refused: no file of a program is that large. */
function numberAt(header: Buffer, at: number, length: number): number {
  const text = header
    .toString('latin1', at, at + length)
    .replace(/[\0 ]+$/, '')
    .trimStart()
  if (!/^[0-7]{0,12}$/.test(text)) throw refuseArchive('a number in it is damaged')
  return text === '' ? 0 : Number.parseInt(text, 8)
}

function assertChecksum(header: Buffer): void {
  const stated = numberAt(header, 148, 8)
  let sum = 8 * 0x20
  for (let at = 0; at < BLOCK; at++) if (at < 148 || at >= 156) sum += header[at]
  if (sum !== stated) throw refuseArchive('a header of it is damaged')
}

/** After the end nothing but zeros may stand, so that nothing hides there. */
async function assertEmptyRest(queue: ByteQueue): Promise<void> {
  for await (const chunk of queue.rest()) if (chunk.some((byte) => byte !== 0)) throw refuseArchive('something stands after its end')
}
