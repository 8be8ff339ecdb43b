import Database from 'libsql'
import { accessSync, constants, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { fromSystemError, WorkbenchError } from '../../model/errors'
import { toLedgerError } from '../../storage/ledger/ledger-file'

const LOCK_FILE = '.lock'
const HOLDER_FILE = '.lock-holder.json'

/** Releases the workspace; calling it twice does nothing. */
export type Release = () => void

/**
 * Takes the workspace for this process. The lock is SQLite's own file lock, which the operating system drops when the
 * process dies, so a crash never leaves a stale lock. Throws STORAGE_LOCKED with the holder's pid and host, FORBIDDEN
 * for a folder that cannot be written, DISK_FULL.
 */
export function lockWorkspace(directory: string): Release {
  let db: InstanceType<typeof Database> | undefined
  try {
    accessSync(directory, constants.W_OK)
  } catch (error) {
    throw fromSystemError(error, `opening the workspace in "${directory}"`)
  }
  try {
    db = new Database(join(directory, LOCK_FILE))
    db.exec('PRAGMA busy_timeout=200; PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    db?.close()
    const file = join(directory, LOCK_FILE)
    const known = toLedgerError(error, file)
    if (!(known instanceof WorkbenchError) || known.code === 'STORAGE_CORRUPT')
      throw new WorkbenchError(
        'FORBIDDEN',
        `The workspace "${directory}" cannot be locked: ${(error as Error).message}. Check that you may write to the folder, and delete ${LOCK_FILE} in it while no Drydock has it open.`,
        { cause: error }
      )
    if (known.code !== 'STORAGE_LOCKED') throw known
    const holder = readHolder(directory)
    throw new WorkbenchError(
      'STORAGE_LOCKED',
      `Another Drydock has this workspace open${holder ? ` (process ${holder.pid} on ${holder.host} since ${holder.since})` : ''}. Close it there, or open a copy of the folder.`,
      { details: { directory, ...holder } }
    )
  }
  try {
    writeFileSync(join(directory, HOLDER_FILE), JSON.stringify({ pid: process.pid, host: hostname(), since: new Date().toISOString() }))
  } catch {
    // It only tells others who holds the lock; on a full disk the lock holds all the same.
  }
  let held: typeof db | undefined = db
  return () => {
    held?.close()
    held = undefined
  }
}

function readHolder(directory: string): { pid: number; host: string; since: string } | undefined {
  try {
    return JSON.parse(readFileSync(join(directory, HOLDER_FILE), 'utf8'))
  } catch {
    return undefined
  }
}
