import { createReadStream, existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { WorkbenchError, fromSystemError } from '../../model/errors'
import type { GarbageReport } from '../../model/recovery'
import { digestsIn } from '../../model/reference'
import { quoteName } from '../../model/sql-quoting'
import { copyLedger, openReader } from '../../storage/ledger/ledger-reader'
import { ledgerSnapshots } from '../../storage/ledger/ledger-snapshots'
import { holdWorkspace, readWorkspaceFile } from '../workspace'
import { checkLedger, LEDGER } from './check-ledger'
import { contentFiles, contentPath, type ContentFile } from './content-files'
import type { ExamineOptions } from './doctor'
import { createFindings } from './findings'
import { filesBelow } from './walk-files'

export interface CollectOptions extends ExamineOptions {
  /** Only says what would go. */
  dryRun?: boolean
  clock?: () => Date
  /** Files that were written less than this many hours ago stay. */
  graceHours?: number
}

const GRACE_HOURS = 24
/** Longer than a digest with what stands around it, so that one across two pieces of a file is not missed. */
const OVERLAP = 66

/**
 * Deletes files of `objects/` and `data/` that nothing names any more: neither a row of the ledger or of its copies, in whatever column,
 * nor a document that is named itself, nor a file beside them. It holds the workspace alone meanwhile. Throws STORAGE_LOCKED while another
 * program has it open, STORAGE_CORRUPT where the ledger cannot be read whole, CANCELLED.
 */
export async function collectGarbage(folder: string, options: CollectOptions = {}): Promise<GarbageReport> {
  const directory = resolve(folder)
  readWorkspaceFile(directory)
  const { dryRun = false, graceHours = GRACE_HOURS, clock = () => new Date() } = options
  const hold = dryRun ? undefined : await holdWorkspace(directory)
  try {
    options.onProgress?.({ fraction: null, message: 'Looking for what is named' })
    const reached = await reachable(directory, options.signal)
    const youngest = clock().getTime() - graceHours * 3600 * 1000
    const report: GarbageReport = { directory, dryRun, kept: { files: 0, bytes: 0 }, young: { files: 0, bytes: 0 }, removed: [], bytes: 0 }
    for await (const file of contentFiles(directory)) {
      if (file.sha256 === null) continue
      const count = reached.has(file.sha256) ? report.kept : file.modified > youngest ? report.young : undefined
      if (count) {
        count.files++
        count.bytes += file.size
        continue
      }
      if (!dryRun) await rm(file.path, { force: true })
      report.removed.push({ name: `${file.folder}/${file.name}`, bytes: file.size })
      report.bytes += file.size
    }
    return report
  } catch (error) {
    throw fromSystemError(error, 'looking for files that nothing needs')
  } finally {
    hold?.release()
  }
}

/** Every digest that something names, directly or through a document that is named. */
async function reachable(directory: string, signal: AbortSignal | undefined): Promise<Set<string>> {
  const reached = new Set<string>()
  const waiting: string[] = []
  const reach = (text: string): void => {
    for (const digest of digestsIn(text))
      if (!reached.has(digest)) {
        reached.add(digest)
        waiting.push(digest)
      }
  }
  await readLedgers(directory, reach)
  for (const name of ['policies', 'pipelines', 'runs', 'log'])
    for await (const file of filesBelow(join(directory, name))) await readTexts(file.path, reach)
  const texts = new Map<string, ContentFile>()
  for await (const file of contentFiles(directory)) if (file.folder === 'objects' && file.sha256) texts.set(file.sha256, file)
  for (let digest = waiting.pop(); digest !== undefined; digest = waiting.pop()) {
    if (signal?.aborted) throw new WorkbenchError('CANCELLED', 'It was cancelled. Nothing was deleted.')
    if (texts.has(digest)) await readTexts(contentPath(directory, 'objects', digest), reach)
  }
  return reached
}

/** All texts of the ledger and of its copies. A ledger that cannot be read whole does not say what may go. */
async function readLedgers(directory: string, reach: (text: string) => void): Promise<void> {
  const files = [join(directory, LEDGER), ...ledgerSnapshots(directory).map(({ file }) => file)]
  for (const [index, file] of files.entries()) {
    const copy = await copyLedger(file)
    try {
      const check = checkLedger(copy.file, createFindings())
      if (!check.opens) {
        if (index > 0) continue
        throw new WorkbenchError(
          'STORAGE_CORRUPT',
          `The ledger of "${directory}" is damaged, so nobody can say what is needed. Nothing was deleted. Run "workspace doctor" first.`
        )
      }
      for (const key of check.references.keys()) reach(key)
      const reader = openReader(copy.file)
      try {
        const tables = reader.all<{ name: string }>(`SELECT name FROM sqlite_schema WHERE type = 'table'`)
        for (const { name } of tables)
          for (const row of reader.each<Record<string, unknown>>(`SELECT * FROM ${quoteName(name)}`))
            for (const value of Object.values(row)) if (typeof value === 'string' && value.length >= 64) reach(value)
      } finally {
        reader.close()
      }
    } finally {
      await copy.remove()
    }
  }
}

/** The digests in a file, read in pieces; numbers and images have none, and are read all the same. */
async function readTexts(path: string, reach: (text: string) => void): Promise<void> {
  if (!existsSync(path)) return
  let rest = ''
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, encoding: 'latin1' })) {
    const text = rest + String(chunk)
    reach(text)
    rest = text.slice(-OVERLAP)
  }
}
