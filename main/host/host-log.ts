import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { asciiControls } from '../model/plain-text'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
export type Log = (level: LogLevel, message: string, fields?: Record<string, unknown>) => void

const largest = 5 * 1024 * 1024

/**
 * A log of JSON lines. At 5 MiB the file becomes `<file>.1` and a new one begins. Written synchronously, so that the
 * last words before a crash are on the disk; a log that cannot be written never stops the work.
 */
export function createHostLog(file: string, clock: () => Date = () => new Date()): Log {
  let size = 0
  try {
    mkdirSync(dirname(file), { recursive: true })
    size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  } catch {
    // Reported by the absence of the file in system.info.
  }
  return (level, message, fields) => {
    const line = asciiControls(JSON.stringify({ time: clock().toISOString(), level, message, ...plain(fields) })) + '\n'
    try {
      if (size + line.length > largest) {
        renameSync(file, `${file}.1`)
        size = 0
      }
      appendFileSync(file, line)
      size += Buffer.byteLength(line)
    } catch {
      // A full disk must not turn a warning into a crash.
    }
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
