import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { countOf } from '../../model/count-of'
import type { RecoveryNote, TableSalvage } from '../../model/recovery'
import { readHighWater } from '../../storage/ledger/high-water'
import { copyLedgerBytes } from '../../storage/ledger/ledger-connection'
import { openReader } from '../../storage/ledger/ledger-reader'
import { isSoundSnapshot, ledgerSnapshots, type LedgerSnapshot } from '../../storage/ledger/ledger-snapshots'
import { readPageSums } from '../../storage/ledger/page-sums'
import { walkChain } from '../audit'
import { checkLedger, LEDGER } from './check-ledger'
import { createFindings } from './findings'
import { blankPages, healPages } from './heal-pages'
import { pageSumsFile } from './ledger-keeper'
import { salvageRows } from './salvage-rows'

/** A ledger that opens, made from a damaged one; the damaged one is untouched. */
export interface MendedLedger {
  /** In the folder that was given. */
  file: string
  mended: RecoveryNote[]
  lost: RecoveryNote[]
  tables: TableSalvage[]
}

const note = (message: string): RecoveryNote => ({ subject: LEDGER, message })
export const hasLoss = (tables: readonly TableSalvage[]): boolean =>
  tables.some(({ lost, isUncertain, orphans, filled }) => lost > 0 || isUncertain || orphans > 0 || filled > 0)

/**
 * Makes a ledger that opens out of what a workspace has, in `folder`: by single pages, else by single rows when that loses nothing. Where
 * something is lost, `prefer` says whether an earlier copy as a whole comes first (it belongs together) or the rows that can be read,
 * with those of the copy in their gaps. Undefined where nothing can be made.
 */
export function mendLedger(directory: string, folder: string, prefer: 'snapshot' | 'rows'): MendedLedger | undefined {
  const ledger = join(directory, LEDGER)
  const snapshots = ledgerSnapshots(directory)
  const sound = snapshots.find((snapshot) => isSoundSnapshot(snapshot) && opens(copyTo(snapshot.file, folder, 'looked-at.sqlite')))
  const copy = existsSync(ledger) ? copyTo(ledger, folder, 'damaged.sqlite') : undefined
  const healed = copy === undefined ? undefined : byPages(directory, copy, snapshots)
  if (healed) return healed
  const rows = copy === undefined ? undefined : byRows(copy, folder, sound)
  if (rows && !hasLoss(rows.tables)) return rows
  const whole = sound && bySnapshot(directory, folder, sound, copy)
  return prefer === 'snapshot' ? (whole ?? rows) : (rows ?? whole)
}

/** A copy of a ledger with its log. */
function copyTo(file: string, folder: string, name: string): string {
  const target = join(folder, name)
  for (const end of ['', '-wal', '-shm']) rmSync(target + end, { force: true })
  copyLedgerBytes(file, target)
  if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${target}-wal`)
  return target
}

const opens = (copy: string): boolean => checkLedger(copy, createFindings()).opens

/** Every page as it was when the ledger was last closed; undefined where that is not known or not reached. */
function byPages(directory: string, copy: string, snapshots: readonly LedgerSnapshot[]): MendedLedger | undefined {
  const sums = existsSync(`${copy}-wal`) ? undefined : readPageSums(pageSumsFile(directory))
  if (!sums) return undefined
  const { changed, copied, corrected, lost } = healPages(copy, sums, snapshots)
  if (lost.length > 0) {
    // What is read from here on must not come from pages that are known to be wrong.
    blankPages(copy, sums, lost)
    return undefined
  }
  if (!opens(copy)) return undefined
  if (changed === 0) return { file: copy, mended: [], lost: [], tables: [] }
  const how = [
    ...(corrected > 0 ? [`${corrected} by setting back one changed byte`] : []),
    ...(copied > 0 ? [`${copied} from an earlier copy that holds the same page`] : [])
  ]
  return {
    file: copy,
    mended: [
      note(
        `${countOf(changed, 'page')} brought back to what they were when the workspace was last closed: ${how.join(', ')}. Nothing is lost.`
      )
    ],
    lost: [],
    tables: []
  }
}

/** What can be read row by row; undefined where that is nothing. */
function byRows(copy: string, folder: string, snapshot: LedgerSnapshot | undefined): MendedLedger | undefined {
  const file = join(folder, 'salvaged.sqlite')
  const earlier = snapshot && copyTo(snapshot.file, folder, 'earlier.sqlite')
  const tables = salvageRows(copy, file, earlier)
  if (tables.every(({ kept }) => kept === 0)) return undefined
  const touched = tables.filter((table) => hasLoss([table]))
  return {
    file,
    mended: [
      note(
        `${countOf(
          tables.reduce((sum, { kept }) => sum + kept, 0),
          'row'
        )} of ${countOf(tables.length, 'table')} read into a new ledger.`
      )
    ],
    lost: touched.map(sayTable),
    tables: touched
  }
}

function sayTable({ table, kept, filled, orphans, lost, isUncertain }: TableSalvage): RecoveryNote {
  return {
    subject: table,
    message: [
      `${countOf(kept, 'row')} could be read`,
      ...(lost > 0 ? [`${countOf(lost, 'row')} are lost`] : []),
      ...(isUncertain ? ['a page of it could not be read, so more may be lost'] : []),
      ...(filled > 0 ? [`${countOf(filled, 'row')} are as they were in the last copy of the ledger`] : []),
      ...(orphans > 0 ? [`${countOf(orphans, 'row')} were left out, because what they belong to is lost`] : [])
    ].join('; ')
  }
}

/** The newest sound copy as a whole, and what is known of what came after it. */
function bySnapshot(directory: string, folder: string, snapshot: LedgerSnapshot, damaged: string | undefined): MendedLedger {
  const file = copyTo(snapshot.file, folder, 'restored.sqlite')
  const mark = readHighWater(directory)
  const after = damaged ? entriesAfter(damaged, snapshot.entry) : []
  const count = Math.max(after.length, (mark?.entry ?? snapshot.entry) - snapshot.entry)
  const lost = [
    ...(count > 0
      ? [note(`${countOf(count, 'entry', 'entries')} of the record came after that copy; what they did is not in the ledger any more.`)]
      : []),
    ...(count > after.length ? [note(`${count - after.length} of them cannot be read and are not known.`)] : []),
    ...after
  ]
  if (lost.length === 0)
    lost.push(note('What was written after that copy without an entry of the record (the course of runs) is not known.'))
  return { file, mended: [note(`Restored from the copy of ${snapshot.at}, entry ${snapshot.entry} of the record.`)], lost, tables: [] }
}

/** What a damaged ledger still says of deeds after an entry. */
function entriesAfter(copy: string, entry: number): RecoveryNote[] {
  const after: RecoveryNote[] = []
  let reader
  try {
    reader = openReader(copy)
    walkChain(reader, ({ idx, at, actor, action, subject }) => {
      if (idx > entry) after.push({ subject, message: `entry ${idx}, ${at}: ${action} by ${actor}` })
    })
  } catch {
    // To the first page that cannot be read.
  } finally {
    reader?.close()
  }
  return after
}
