import Database from 'libsql'
import { accessSync, constants, promises as fs, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fromSystemError, WorkbenchError } from '../../model/errors'
import { toLedgerError } from '../../storage/ledger/ledger-file'
import { shareWithGroup } from './shared-folder'
import { BEAT_MS, holderFile, isSettledHere, mayBeAlive, readHolder, selfAsHolder, type Holder } from './holder'

const LOCK_FILE = '.lock'
const AGAIN_MS = 100
/** How long one who ends is waited for, and one who has not said yet who it is, milliseconds. */
const PATIENCE_MS = { ending: 10_000, unnamed: 1_000 }

/** A workspace that this process holds. */
export interface Hold {
  /** Says to whoever waits that this holder has begun to close. */
  closing(): void
  /** Gives it up; calling it twice does nothing. */
  release(): void
}

/**
 * Takes the workspace for this process. Two things must agree: SQLite's own file lock, which the operating system drops when the
 * process dies, so that a crash never leaves a stale lock; and, because some network folders grant every lock, the file that names the
 * holder, whose death is proven before it is replaced. One that is just ending is waited for. `onLost` is called when, against all
 * this, another process has taken the workspace: nothing may be written after that.
 * Throws STORAGE_LOCKED with the holder's pid and host, FORBIDDEN for a folder that cannot be written, DISK_FULL.
 */
export async function holdWorkspace(directory: string, onLost: () => void = () => undefined): Promise<Hold> {
  const began = Date.now()
  for (;;) {
    const db = lockFile(directory)
    if (db) {
      try {
        return keepHold(directory, db, onLost)
      } catch (error) {
        db.close()
        throw error
      }
    }
    const holder = readHolder(directory)
    const patience = holder === undefined ? PATIENCE_MS.unnamed : isSettledHere(holder) ? 0 : PATIENCE_MS.ending
    if (Date.now() - began >= patience) throw lockedBy(directory, holder)
    await wait(AGAIN_MS)
  }
}

/** The lock of the system; undefined where another process has it. */
function lockFile(directory: string): InstanceType<typeof Database> | undefined {
  let db: InstanceType<typeof Database> | undefined
  try {
    accessSync(directory, constants.W_OK)
    shareWithGroup(directory)
  } catch (error) {
    throw fromSystemError(error, `opening the workspace in "${directory}"`)
  }
  const file = join(directory, LOCK_FILE)
  try {
    db = new Database(file)
    db.exec('PRAGMA busy_timeout=0; PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE')
    return db
  } catch (error) {
    db?.close()
    const known = toLedgerError(error, file)
    if (!(known instanceof WorkbenchError) || known.code === 'STORAGE_CORRUPT')
      throw new WorkbenchError(
        'FORBIDDEN',
        `The workspace "${directory}" cannot be locked: ${(error as Error).message}. Check that you may write to the folder, and delete ${LOCK_FILE} in it while no Drydock has it open.`,
        { cause: error }
      )
    if (known.code !== 'STORAGE_LOCKED') throw known
    return undefined
  }
}

function keepHold(directory: string, db: InstanceType<typeof Database>, onLost: () => void): Hold {
  const self = selfAsHolder(directory)
  const file = holderFile(directory)
  nameHolder(directory, self)
  let text = JSON.stringify(self)
  const isOurs = (): boolean => readHolder(directory)?.nonce === self.nonce
  const beat = async (): Promise<void> => {
    // The same bytes in their place: whoever reads meanwhile never sees half of them.
    if (isOurs()) return void (await fs.writeFile(file, text, { flag: 'r+' }).catch(() => undefined))
    // A file that is only gone (somebody tidied up) is written anew; one that names another is the end.
    const other = readHolder(directory)
    if (other === undefined) return void (await fs.writeFile(file, text).catch(() => undefined))
    clearInterval(beating)
    onLost()
  }
  const beating = setInterval(() => void beat(), BEAT_MS)
  beating.unref()
  let held = true
  return {
    closing() {
      if (!held || !isOurs()) return
      text = JSON.stringify({ ...self, closing: true })
      try {
        writeFileSync(file, text)
      } catch {
        // It only makes others wait for the end instead of giving up at once.
      }
    },
    release() {
      if (!held) return
      held = false
      clearInterval(beating)
      try {
        if (isOurs()) rmSync(file, { force: true })
      } finally {
        db.close()
      }
    }
  }
}

/** Writes who holds the folder, where nobody else does. Throws STORAGE_LOCKED where the one who is named may be alive. */
function nameHolder(directory: string, self: Holder & { nonce: string }): void {
  const file = holderFile(directory)
  for (let attempt = 0; attempt < 5; attempt++)
    try {
      writeFileSync(file, JSON.stringify(self), { flag: 'wx' })
      return
    } catch (error) {
      // On a full disk the lock of the system holds all the same.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return
      const former = readHolder(directory)
      if (former && mayBeAlive(former, directory)) throw lockedBy(directory, former)
      putAside(directory, former, self.nonce)
    }
}

/** Moves the file of a dead holder away, so that of two who found it dead only one goes on. */
function putAside(directory: string, dead: Holder | undefined, nonce: string): void {
  const [file, aside] = [holderFile(directory), join(directory, `.lock-holder-${nonce}.tmp`)]
  try {
    renameSync(file, aside)
  } catch {
    // The other one was faster.
    return
  }
  const moved = readHolder(directory, aside)
  if (moved?.nonce === dead?.nonce) return rmSync(aside, { force: true })
  renameSync(aside, file)
  throw lockedBy(directory, moved)
}

function lockedBy(directory: string, holder: Holder | undefined): WorkbenchError {
  const who = holder && `process ${holder.pid} on ${holder.host} since ${holder.since}`
  return new WorkbenchError(
    'STORAGE_LOCKED',
    `Another Drydock has this workspace open${who ? ` (${who})` : ''}. Close it there, or open a copy of the folder. If it has crashed on another machine, try again in half a minute.`,
    { details: { directory, ...(holder && { pid: holder.pid, host: holder.host, since: holder.since }) } }
  )
}
