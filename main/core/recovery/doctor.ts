import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { WorkbenchError } from '../../model/errors'
import type { DoctorReport, Finding, WayBack } from '../../model/recovery'
import { countOf } from '../../model/count-of'
import { readHighWater } from '../../storage/ledger/high-water'
import { copyLedger, openReader } from '../../storage/ledger/ledger-reader'
import { formatBytes } from '../reports'
import { readWorkspaceFile } from '../workspace'
import { assertAllowed } from '../machine-settings'
import { checkContent, type ContentCheck } from './check-content'
import { checkLedger, LEDGER, type LedgerCheck } from './check-ledger'
import { entriesLost, pagesChangedWhileClosed } from './ledger-keeper'
import { createFindings, type Findings } from './findings'

export interface ExamineOptions {
  signal?: AbortSignal
  onProgress?(item: { fraction: number | null; message: string }): void
}

/** What a check found, with what a repair needs to know. */
export interface Examination extends DoctorReport {
  content: ContentCheck
  /** Undefined where no ledger could be copied. */
  ledger: LedgerCheck | undefined
}

/** Bytes between two words about how far it is. */
const TELL_EVERY = 256 * 2 ** 20

/** What the program puts into a workspace folder; anything else beside it belongs to somebody else. */
const OURS =
  /^(drydock\.json|ledger\.sqlite(-wal|-shm|\.before-\d+)?|cache\.duckdb(\.wal)?|\.lock.*|objects|data|runs|log|tmp|exports|policies|pipelines|keys|snapshots|aside)$/

/**
 * Checks a whole workspace without changing a byte of it and without needing it to open; another program may have it open. Reads every file
 * once, in pieces. Throws NOT_FOUND for a folder that holds no workspace, UNSUPPORTED_VERSION for one of a newer program, CANCELLED.
 */
export async function examineWorkspace(folder: string, options: ExamineOptions = {}): Promise<Examination> {
  const directory = resolve(folder)
  assertAllowed(directory)
  assertWorkspace(directory)
  const findings = createFindings()
  const name = checkWorkspaceFile(directory, findings)
  options.onProgress?.({ fraction: null, message: 'Reading the ledger' })
  const ledger = await examineLedger(directory, findings)
  let told = 0
  const content = await checkContent(directory, findings, {
    signal: options.signal,
    onProgress: (bytes) => {
      if (bytes - told < TELL_EVERY) return
      told = bytes
      options.onProgress?.({ fraction: null, message: `Read ${formatBytes(bytes)} of content` })
    }
  })
  if (ledger) checkReferences(ledger, content, findings)
  for (const entry of readdirSync(directory).sort())
    if (!OURS.test(entry)) findings.note('files', entry, 'It does not belong to the workspace. It is left alone.')
  const all = findings.all()
  return {
    directory,
    name,
    sound: all.every(({ severity }) => severity === 'note'),
    opens: name !== null && ledger?.opens === true,
    findings: all,
    ways: waysOut(all),
    checked: {
      tables: ledger?.tables ?? 0,
      events: ledger?.events ?? 0,
      objects: content.objects,
      dataFiles: content.dataFiles,
      references: ledger?.references.size ?? 0,
      bytes: content.bytes
    },
    content,
    ledger
  }
}

/** What may be shown and sent of an examination. */
export function reportOf({ content: _content, ledger: _ledger, ...report }: Examination): DoctorReport {
  return report
}

function assertWorkspace(directory: string): void {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory())
    throw new WorkbenchError('NOT_FOUND', `There is no folder "${directory}". Check the path.`, { details: { directory } })
  const isOne = ['drydock.json', LEDGER, 'objects', 'snapshots'].filter((name) => existsSync(join(directory, name)))
  if (isOne.length === 0)
    throw new WorkbenchError(
      'NOT_FOUND',
      `"${directory}" holds no workspace: neither drydock.json nor a ledger nor objects. Choose the workspace folder itself.`,
      { details: { directory } }
    )
}

/** The name in `drydock.json`; null where that cannot be read. */
function checkWorkspaceFile(directory: string, findings: Findings): string | null {
  try {
    return readWorkspaceFile(directory).name
  } catch (error) {
    if (error instanceof WorkbenchError && error.code === 'UNSUPPORTED_VERSION') throw error
    const about = statSync(join(directory, 'drydock.json'), { throwIfNoEntry: false })
    const what = about === undefined ? 'is missing' : about.size === 0 ? 'is empty' : 'is damaged'
    findings.damage(
      'workspace file',
      'drydock.json',
      `It ${what}, so the workspace does not open. A repair writes it anew from the ledger.`,
      'repair'
    )
    return null
  }
}

async function examineLedger(directory: string, findings: Findings): Promise<LedgerCheck | undefined> {
  const file = join(directory, LEDGER)
  const size = statSync(file, { throwIfNoEntry: false })?.size
  if (!size) {
    findings.damage(
      'ledger',
      LEDGER,
      `It is ${size === 0 ? 'empty' : 'missing'}: what the workspace knows about its files is not there.`,
      'repair'
    )
    return undefined
  }
  const copy = await copyLedger(file)
  try {
    const check = checkLedger(copy.file, findings)
    checkAgainstNotes(directory, copy.file, check, findings)
    return check
  } finally {
    await copy.remove()
  }
}

/** What was noted outside of the ledger: how far the record had come, and what each page was like when it was closed. */
function checkAgainstNotes(directory: string, copy: string, check: LedgerCheck, findings: Findings): void {
  const mark = readHighWater(directory)
  let reader
  try {
    reader = openReader(copy)
    const lost = entriesLost(mark, reader)
    if (lost) findings.damage('record', `entry ${mark!.entry}`, lost.message, 'repair')
  } catch {
    // That it cannot be read was said.
  } finally {
    reader?.close()
  }
  const closed = pagesChangedWhileClosed(directory)
  if (closed && closed.changed.length > 0)
    findings.damage(
      'ledger',
      LEDGER,
      `${closed.changed.length} of its ${countOf(closed.pages, 'page')} ${check.opens ? 'can be read, but ' : ''}are not what they were when the workspace was last closed (page ${closed.changed
        .slice(0, 5)
        .map((page) => page + 1)
        .join(
          ', '
        )}${closed.changed.length > 5 ? ', ...' : ''}): a disk has changed them, or another program. A repair brings back what can be proven.`,
      'repair'
    )
}

function checkReferences({ references }: LedgerCheck, { sound, damaged }: ContentCheck, findings: Findings): void {
  for (const { key, what, isRemade } of references.values()) {
    if (sound.has(key)) continue
    // Its bytes were complained about already.
    if (damaged.has(key)) continue
    const folder = key.startsWith('data/') ? 'data' : 'objects'
    findings.damage(
      'references',
      key,
      `The ledger names it (${what}), and it is not in ${folder}/. A repair looks for it in bundles, in what was put aside and in backups that are named${isRemade ? '; else a run makes it again' : ''}.`,
      'repair'
    )
  }
}

/** The ways out of what was found, best first. */
function waysOut(findings: readonly Finding[]): WayBack[] {
  const damages = findings.filter(({ severity }) => severity === 'damage')
  if (damages.length === 0) return []
  const ways = new Set(damages.map(({ way }) => way))
  const isLedgerDamaged = damages.some(({ area }) => area === 'ledger')
  const all: WayBack[] = ['repair', 'salvage', 'restore']
  return all.filter((way) => ways.has(way) || (way === 'salvage' && isLedgerDamaged) || way === 'restore')
}
