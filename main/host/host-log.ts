import { closeSync, constants, fstatSync, ftruncateSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { asciiControls } from '../model/plain-text'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
export type Log = (level: LogLevel, message: string, fields?: Record<string, unknown>) => void

/** In how many parts a log is kept: the one that is written to, and older ones. */
const parts = 5
/** Readable by their owner alone, also in a folder that all users share. */
const privateFile = 0o600

/**
 * A log of JSON lines within a budget of bytes: at a fifth of it the file becomes `<file>.1`, that `<file>.2`, and the oldest goes. Written
 * synchronously, so that the last words before a crash are on the disk; a log that cannot be written never stops the work.
 */
export function createHostLog({ file, budget }: { file: string; budget: number }, clock: () => Date = () => new Date()): Log {
  const largest = Math.floor(budget / parts)
  let size = 0
  try {
    mkdirSync(dirname(file), { recursive: true })
    size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  } catch {
    // Reported by the absence of the file in system.info.
  }
  return (level, message, fields) => {
    const line = asciiControls(JSON.stringify({ time: clock().toISOString(), level, message, ...plain(fields) })) + '\n'
    const bytes = Buffer.byteLength(line)
    try {
      if (size > 0 && size + bytes > largest) {
        rotate(file)
        size = 0
      }
      append(file, line)
      size += bytes
    } catch {
      // A full disk must not turn a warning into a crash.
    }
  }
}

/** Opens a log for its owner: in a folder that all users share a link, or a file of somebody else, may lie in its place. */
function openOwn(file: string): number {
  const handle = openSync(file, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0), privateFile)
  const { uid } = fstatSync(handle)
  if (process.platform === 'win32' || uid === process.getuid?.()) return handle
  closeSync(handle)
  throw new Error(`${file} belongs to somebody else`)
}

function append(file: string, line: string): void {
  const handle = openOwn(file)
  try {
    writeSync(handle, line)
  } finally {
    closeSync(handle)
  }
}

/** Moves each part to the next number. Where one cannot be moved, the log begins anew in its place: the last words count most. */
function rotate(file: string): void {
  try {
    rmSync(`${file}.${parts - 1}`, { force: true })
    for (let part = parts - 2; part >= 0; part--) {
      const from = part === 0 ? file : `${file}.${part}`
      if (statSync(from, { throwIfNoEntry: false })) renameSync(from, `${file}.${part + 1}`)
    }
  } catch {
    const handle = openOwn(file)
    ftruncateSync(handle)
    closeSync(handle)
  }
}

function plain(fields: Record<string, unknown> = {}): Record<string, unknown> {
  const entries = Object.entries(fields).map(([key, value]) => [key, value instanceof Error ? describeError(value) : value])
  return Object.fromEntries(entries) as Record<string, unknown>
}

/** Stack and causes as one text, for the log only. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const own = error.stack ?? `${error.name}: ${error.message}`
  return error.cause === undefined ? own : `${own}\ncaused by ${describeError(error.cause)}`
}
