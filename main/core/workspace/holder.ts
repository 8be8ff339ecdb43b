import { randomUUID } from 'node:crypto'
import { readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { bootId, hasProc, processStart } from '../../storage/process-identity'

const HOLDER_FILE = '.lock-holder.json'
/** How often a holder says that it lives, and for how long that counts where nothing else can be known, milliseconds. */
export const BEAT_MS = 5_000
const FRESH_MS = 30_000

/** Who has a workspace open. Programs before this one wrote the first three only, and left the file behind. */
const Holder = z.object({
  pid: z.number().int(),
  host: z.string(),
  since: z.string(),
  /** Of this one opening. */
  nonce: z.string().optional(),
  /** Boot of the machine, process namespace, and start of the process: together they tell it from a later one with its number. */
  boot: z.string().nullish(),
  space: z.string().nullish(),
  start: z.string().nullish(),
  /** Of the folder: the file of a copy names another. */
  device: z.string().optional(),
  inode: z.string().optional(),
  /** It has begun to close. */
  closing: z.boolean().optional()
})
export type Holder = z.infer<typeof Holder>

export const holderFile = (directory: string): string => join(directory, HOLDER_FILE)

/** The holder that a folder names; undefined where there is none, or where the file cannot be read. */
export function readHolder(directory: string, file = holderFile(directory)): Holder | undefined {
  try {
    return Holder.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return undefined
  }
}

function processSpace(): string | null {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return null
  }
}

/** This process as the holder of a folder. */
export function selfAsHolder(directory: string): Holder & { nonce: string } {
  const { dev, ino } = statSync(directory, { bigint: true })
  return {
    ...{ pid: process.pid, host: hostname(), since: new Date().toISOString(), nonce: randomUUID() },
    ...{ boot: bootId(), space: processSpace(), start: processStart(process.pid) },
    ...{ device: String(dev), inode: String(ino) }
  }
}

/**
 * Whether the named holder may still be at work, as far as can be known here. On the same boot of the same machine its process tells;
 * from elsewhere only its heartbeat does, and that is measured by the clock of the file system that both write to.
 */
export function mayBeAlive(holder: Holder, directory: string): boolean {
  // Programs that wrote no more than this had the lock of the system alone, and left their file when they closed.
  if (holder.nonce === undefined) return false
  const isHere = hasProc && typeof holder.boot === 'string' && holder.boot === bootId() && holder.space === processSpace()
  if (!isHere) return (holder.host !== hostname() || isRunning(holder.pid)) && isFresh(directory)
  if (processStart(holder.pid) === null || processStart(holder.pid) !== holder.start) return false
  const { dev, ino } = statSync(directory, { bigint: true })
  if (holder.inode === String(ino)) return true
  // It came here with a copy of the folder. Another device may be another way to the same folder.
  return holder.device !== String(dev) && isFresh(directory)
}

/** Whether it is at work here beyond doubt and means to stay. */
export const isSettledHere = (holder: Holder): boolean =>
  holder.closing !== true && (!hasProc || holder.host !== hostname() || processStart(holder.pid) !== null)

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Whether the holder's file was written lately, by the clock that stamps both it and a file that is written now. */
function isFresh(directory: string): boolean {
  const probe = join(directory, `.lock-probe-${randomUUID()}.tmp`)
  try {
    writeFileSync(probe, '')
    return Math.abs(statSync(probe).mtimeMs - statSync(holderFile(directory)).mtimeMs) < FRESH_MS
  } catch {
    // Without a clock nothing is proven, and an unproven death is none.
    return true
  } finally {
    rmSync(probe, { force: true })
  }
}
