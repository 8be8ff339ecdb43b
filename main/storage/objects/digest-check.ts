import { promises as fs } from 'node:fs'
import { WorkbenchError, fromSystemError } from '../../model/errors'
import { sha256File } from './durable-files'
import type { Sha256 } from '../../model/reference'

/** What each file looked like when its bytes were last found right: a file that was not touched since is not read again. */
const seen = new Map<string, string>()
/** Checks under way, so that several callers at once share one reading. */
const running = new Map<string, Promise<boolean>>()
const LIMIT = 10_000
/** How often a file may change while it is read before it counts as changed. */
const ATTEMPTS = 3

/**
 * Many file systems count time in steps of up to 10 ms: a second write within the same step leaves the times as they were. A file that
 * changed more recently than this, in milliseconds, is therefore not remembered.
 */
const SETTLED_MS = 20

interface FileState {
  /** Inode, size and times; the change time moves with every write and cannot be set back by a program. */
  key: string
  changedAt: number
}

async function stateOf(path: string, sha256: Sha256): Promise<FileState> {
  const about = await fs.stat(path, { bigint: true })
  return {
    key: `${sha256}:${about.dev}:${about.ino}:${about.size}:${about.mtimeNs}:${about.ctimeNs}`,
    changedAt: Number(about.ctimeNs / 1_000_000n)
  }
}

function remember(path: string, { key, changedAt }: FileState, readFrom: number): void {
  if (readFrom - changedAt < SETTLED_MS) return
  if (seen.size >= LIMIT) seen.clear()
  seen.set(path, key)
}

/** Notes that a file was written or read with this digest just now. */
export async function rememberDigest(path: string, sha256: Sha256): Promise<void> {
  remember(path, await stateOf(path, sha256), Date.now())
}

/** Reads the file; what is remembered is how it looked before the first byte was read, and only if it looks so after the last. */
async function matches(path: string, sha256: Sha256): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const readFrom = Date.now()
    const before = await stateOf(path, sha256)
    const isRight = (await sha256File(path)) === sha256
    if ((await stateOf(path, sha256)).key !== before.key) continue
    if (isRight) remember(path, before, readFrom)
    else seen.delete(path)
    return isRight
  }
  return false
}

/** True when the file is there and its bytes have this SHA-256. A file that was not touched since the last look is not read again. */
export async function isIntact(path: string, sha256: Sha256): Promise<boolean> {
  try {
    const { key } = await stateOf(path, sha256)
    if (seen.get(path) === key) return true
    const reading = `${key}:${path}`
    let check = running.get(reading)
    if (!check) {
      check = matches(path, sha256).finally(() => running.delete(reading))
      running.set(reading, check)
    }
    return await check
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

export interface DigestCheckOptions {
  /** Ends the waiting with CANCELLED. */
  signal?: AbortSignal
  /** What to do about a changed file; ends the message. */
  next?: string
  /** Read the bytes although they were found right before. */
  afresh?: boolean
}

/** Throws DIGEST_MISMATCH when the file's bytes are not those of the digest, NOT_FOUND when it is gone. `what` names it in the message. */
export async function assertDigest(path: string, sha256: Sha256, what: string, options: DigestCheckOptions = {}): Promise<void> {
  const { signal, next = 'restore it from a backup or make it again', afresh = false } = options
  if (afresh) seen.delete(path)
  try {
    if (await untilAborted(isIntact(path, sha256), signal)) return
    await fs.access(path)
  } catch (error) {
    throw fromSystemError(error, `checking ${what}`)
  }
  throw new WorkbenchError(
    'DIGEST_MISMATCH',
    `${what} was changed on the disk after it was written: its bytes no longer have the SHA-256 ${sha256}. Do not use it; ${next}.`,
    { details: { path, sha256 } }
  )
}

/** The outcome of `work`, or CANCELLED as soon as the signal says so; the work itself goes on, since others may wait for it. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work
  let onAbort: (() => void) | undefined
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(new WorkbenchError('CANCELLED', 'It was cancelled while a file was checked. Nothing was changed.'))
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort)
    work.catch(() => undefined)
  }
}
