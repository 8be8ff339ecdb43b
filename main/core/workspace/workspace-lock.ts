import Database from 'libsql'
import { readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { WorkbenchError } from '../../model/errors'

const LOCK_FILE = '.lock'
const HOLDER_FILE = '.lock-holder.json'

/** Releases the workspace; calling it twice does nothing. */
export type Release = () => void

/**
 * Takes the workspace for this process. The lock is SQLite's own file lock, which the operating system drops when the
 * process dies, so a crash never leaves a stale lock. Throws STORAGE_LOCKED with the holder's pid and host.
 */
export function lockWorkspace(directory: string): Release {
  let db: InstanceType<typeof Database> | undefined
  try {
    db = new Database(join(directory, LOCK_FILE))
    db.exec('PRAGMA busy_timeout=200; PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    db?.close()
    const text = (error as Error).message
    if (!/locked|busy/i.test(text))
      throw new WorkbenchError(
        'FORBIDDEN',
        `The workspace "${directory}" cannot be locked: ${text}. Check that you may write to the folder.`,
        { cause: error }
      )
    const holder = readHolder(directory)
    throw new WorkbenchError(
      'STORAGE_LOCKED',
      `Another Drydock has this workspace open${holder ? ` (process ${holder.pid} on ${holder.host} since ${holder.since})` : ''}. Close it there, or open a copy of the folder.`,
      { details: { directory, ...holder } }
    )
  }
  writeFileSync(join(directory, HOLDER_FILE), JSON.stringify({ pid: process.pid, host: hostname(), since: new Date().toISOString() }))
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
