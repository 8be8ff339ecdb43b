import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { openHighWater, readHighWater, type HighWater } from '../../storage/ledger/high-water'
import type { Ledger } from '../../storage/ledger/ledger'
import { isSnapshotDue, takeSnapshot } from '../../storage/ledger/ledger-snapshots'
import { changedPages, readPageSums, sumPages, writePageSums } from '../../storage/ledger/page-sums'
import { countOf } from '../../model/count-of'
import { entryOf } from '../audit'
import { openWorkspaceLedger } from '../ledger'
import { LEDGER } from './check-ledger'

/** Entries of the record after which an open workspace makes a snapshot at all. */
const SNAPSHOT_AFTER = 200

export const pageSumsFile = (directory: string): string => join(directory, 'log', 'ledger.pages')

/** What is not as it was when the workspace was last open: the deed that is recorded for it. */
export interface LedgerLoss {
  /** For people: what is so, what it means, what to do. */
  message: string
  facts: Record<string, number | string>
}

/** The ledger of an open workspace, with what is kept so that damage is noticed and mended. */
export interface KeptLedger {
  ledger: Ledger
  losses: LedgerLoss[]
  /** Closes the ledger, notes what each page is like, and keeps a copy where one is due. */
  close(): Promise<void>
}

/** Pages that were changed while the workspace was closed; null where nothing was noted or the log holds more than the file. */
export function pagesChangedWhileClosed(directory: string): { changed: number[]; pages: number } | null {
  const file = join(directory, LEDGER)
  const sums = readPageSums(pageSumsFile(directory))
  if (!sums || !existsSync(file) || statSync(`${file}-wal`, { throwIfNoEntry: false })?.size) return null
  return { changed: changedPages(file, sums), pages: sums.pages }
}

/** Entries of the record that were committed, and are not in the ledger; null where all are there. */
export function entriesLost(mark: HighWater | undefined, ledger: Pick<Ledger, 'all'>): LedgerLoss | null {
  if (!mark) return null
  const head = entryOf(ledger)
  const next = 'Close it and restore a backup if you have one; else compare with what you remember, and do again what is missing.'
  if ((head?.index ?? -1) < mark.entry)
    return {
      message: `${countOf(mark.entry - (head?.index ?? -1), 'entry', 'entries')} of the record, the last of ${mark.at}, had been written and are not in the ledger: its log was deleted, or an older ledger was put in its place. ${next}`,
      facts: { lastWritten: mark.entry, lastFound: head?.index ?? -1, at: mark.at }
    }
  if (entryOf(ledger, mark.entry)?.hash !== mark.hash)
    return {
      message: `Entry ${mark.entry} of the record is not the one that was written last in this folder: the ledger is that of another copy of the workspace. ${next}`,
      facts: { entry: mark.entry, written: mark.hash }
    }
  return null
}

/** Opens the ledger of a workspace that this process has locked. Says what was lost, and opens all the same. Throws as `openLedger` does. */
export function openKeptLedger(directory: string, clock: () => Date): KeptLedger {
  const file = join(directory, LEDGER)
  const mark = readHighWater(directory)
  const closed = pagesChangedWhileClosed(directory)
  const ledger = openWorkspaceLedger(file)
  try {
    // From here on it changes.
    rmSync(pageSumsFile(directory), { force: true })
    const losses: LedgerLoss[] = []
    const lost = entriesLost(mark, ledger)
    if (lost) losses.push(lost)
    else if (closed && closed.changed.length > 0)
      losses.push({
        message: `The ledger was changed by something else than Drydock while the workspace was closed (${closed.changed.length} of ${countOf(closed.pages, 'page')}). Close it and run "workspace doctor" if nobody did so on purpose.`,
        facts: { changedPages: closed.changed.length, pages: closed.pages }
      })
    return { ledger, losses, close: keep(directory, ledger, clock) }
  } catch (error) {
    ledger.close()
    throw error
  }
}

/** Moves the mark with the record, and returns what closes the ledger. */
function keep(directory: string, ledger: Ledger, clock: () => Date): () => Promise<void> {
  const file = join(directory, LEDGER)
  const marks = openHighWater(directory)
  let marked = -1
  let copied = entryOf(ledger)?.index ?? -1
  let isCopying = false
  const mark = (): void => {
    const head = entryOf(ledger)
    if (!head || head.index === marked) return
    marked = head.index
    marks.write({ entry: head.index, hash: head.hash, at: head.at })
  }
  /** A copy of this moment: nobody else writes, and the pages of the log are in the file. */
  const snapshot = async (): Promise<void> => {
    isCopying = true
    try {
      if (!ledger.checkpoint()) return
      const sums = sumPages(file)
      if (isSnapshotDue(directory, sums, clock())) await takeSnapshot(directory, file, sums, marked, clock())
      copied = marked
    } catch {
      // A full disk: the older copies stay.
    } finally {
      isCopying = false
    }
  }
  mark()
  ledger.onCommit(() => {
    mark()
    if (marked - copied >= SNAPSHOT_AFTER && !isCopying) void snapshot()
  })
  return async () => {
    const entry = entryOf(ledger)?.index ?? -1
    marks.close()
    ledger.close()
    try {
      // Somebody who still reads has kept the log from being written into the file.
      if (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size) return
      const sums = sumPages(file)
      mkdirSync(join(directory, 'log'), { recursive: true })
      await writePageSums(pageSumsFile(directory), sums)
      if (isSnapshotDue(directory, sums, clock())) await takeSnapshot(directory, file, sums, entry, clock())
    } catch {
      // A full disk or a folder that was removed meanwhile: the ledger itself is whole.
    }
  }
}
