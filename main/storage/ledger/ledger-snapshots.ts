import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { copyLedgerBytes } from './ledger-connection'
import { changedPages, countDifferent, readPageSums, writePageSums, type PageSums } from './page-sums'

/** A whole copy of the ledger as it was at one moment, page by page, with what each page was like. */
export interface LedgerSnapshot {
  /** Path of the copy. */
  file: string
  sums: PageSums
  /** Place of the last entry of the record in it. */
  entry: number
  at: string
  /** `drydock.json` of that time. */
  workspace: unknown
}

const KEPT = 3
const NAME = /^ledger-(\d{10})\.sqlite$/
/** Below this many changed pages, or this share of all, the newest snapshot is near enough. */
const LEAST_PAGES = 16
const LEAST_SHARE = 0.05
const DAY_MS = 24 * 3600 * 1000

const folderOf = (directory: string): string => join(directory, 'snapshots')

/** The snapshots of a workspace, newest first; whether they are sound is for `isSoundSnapshot`. */
export function ledgerSnapshots(directory: string): LedgerSnapshot[] {
  const folder = folderOf(directory)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => NAME.test(name))
    .sort()
    .reverse()
    .flatMap((name) => {
      const file = join(folder, name)
      const sums = readPageSums(file.replace(/\.sqlite$/, '.pages'))
      if (!sums) return []
      const { entry, at, workspace } = sums.about
      return [{ file, sums, entry: Number(entry), at: String(at), workspace }]
    })
}

/** True when every page is what it was when the snapshot was made. */
export const isSoundSnapshot = ({ file, sums }: LedgerSnapshot): boolean => changedPages(file, sums).length === 0

/** True when enough of the ledger has changed since the newest snapshot, or something and that is a day old. */
export function isSnapshotDue(directory: string, now: PageSums, at: Date): boolean {
  const [newest] = ledgerSnapshots(directory)
  if (!newest) return true
  const different = countDifferent(now, newest.sums)
  return different >= Math.max(LEAST_PAGES, now.pages * LEAST_SHARE) || (different > 0 && at.getTime() - Date.parse(newest.at) > DAY_MS)
}

/**
 * Keeps a copy of the ledger, which nobody writes to meanwhile and whose pages `sums` describes, and lets the oldest go. The copy is read
 * again before it counts; one that is not equal is removed, and the older ones stay.
 */
export async function takeSnapshot(directory: string, ledger: string, sums: PageSums, entry: number, at: Date): Promise<boolean> {
  const folder = folderOf(directory)
  mkdirSync(folder, { recursive: true })
  const temporary = join(folder, '.snapshot.tmp')
  const names = readdirSync(folder)
    .filter((name) => NAME.test(name))
    .sort()
  const number = Number(NAME.exec(names.at(-1) ?? '')?.[1] ?? 0) + 1
  const file = join(folder, `ledger-${String(number).padStart(10, '0')}.sqlite`)
  const pages = file.replace(/\.sqlite$/, '.pages')
  try {
    copyLedgerBytes(ledger, temporary)
    if (changedPages(temporary, sums).length > 0) throw new Error('The copy is not what was copied.')
    await writePageSums(pages, { ...sums, about: { entry, at: at.toISOString(), workspace: workspaceFileOf(directory) } })
    renameSync(temporary, file)
  } catch {
    // A full disk: the older ones stay.
    for (const path of [temporary, pages]) rmSync(path, { force: true })
    return false
  }
  for (const old of names.slice(0, Math.max(0, names.length + 1 - KEPT)))
    for (const name of [old, old.replace(/\.sqlite$/, '.pages')]) rmSync(join(folder, name), { force: true })
  return true
}

function workspaceFileOf(directory: string): unknown {
  try {
    return JSON.parse(readFileSync(join(directory, 'drydock.json'), 'utf8'))
  } catch {
    return null
  }
}
