import { appendFileSync, existsSync, mkdirSync, promises as fs, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { StringDecoder } from 'node:string_decoder'
import type { LogPage } from '../../model/job'

const PAGE = 64 * 1024
const MAX_SIZE = 32 * 1024 * 1024

/** Appends to a log file up to 32 MiB; then says so once and drops the rest, so that no step fills the disk with chatter. */
export function createLogWriter(path: string): { write(text: string): void } {
  let full = false
  try {
    mkdirSync(dirname(path), { recursive: true })
  } catch {
    full = true
  }
  let size = existsSync(path) ? statSync(path).size : 0
  return {
    write(text) {
      if (full || text === '') return
      const bytes = Buffer.byteLength(text)
      if (size + bytes > MAX_SIZE) {
        full = true
        text = '\n[The log has reached 32 MiB; the rest is not kept.]\n'
      }
      try {
        appendFileSync(path, text)
        size += bytes
      } catch {
        // A log that cannot be written (full disk) must not end the work it is about; the work itself reports the full disk.
        full = true
      }
    }
  }
}

/** A page of a log from a byte on, whole characters only; the last 64 KiB when no start is given. A missing file is an empty log. */
export async function readLogPage(path: string, from?: number): Promise<LogPage> {
  let handle: fs.FileHandle
  try {
    handle = await fs.open(path, 'r')
  } catch {
    return { text: '', next: 0, size: 0 }
  }
  try {
    const { size } = await handle.stat()
    let start = Math.min(from ?? Math.max(0, size - PAGE), size)
    const buffer = Buffer.alloc(Math.min(PAGE, size - start))
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, start)
    let bytes = buffer.subarray(0, bytesRead)
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
