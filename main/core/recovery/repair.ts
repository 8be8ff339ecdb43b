import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { WorkbenchError, fromSystemError } from '../../model/errors'
import type { RecoveryNote, RecoveryReport } from '../../model/recovery'
import { makeFolders, renameDurably } from '../../storage/objects/durable-files'
import { createAudit } from '../audit'
import { holdWorkspace, prepareWorkspaceFolder, readWorkspaceFile, type WorkspaceContext } from '../workspace'
import { assertAllowed } from '../machine-settings'
import { checkLedger, LEDGER } from './check-ledger'
import { recoveryCommands } from './record-notes'
import { contentFiles, contentPath } from './content-files'
import { examineWorkspace, reportOf, type Examination, type ExamineOptions } from './doctor'
import { createFindings } from './findings'
import { openKeptLedger } from './ledger-keeper'
import { mendContent } from './mend-content'
import { mendLedger, type MendedLedger } from './mend-ledger'
import { assertEmptyFolder, liesIn } from './new-place'
import { filesBelow } from './walk-files'
import { rebuildWorkspaceFile } from './workspace-file'

export interface RepairOptions extends ExamineOptions {
  /** Folders, bundles and backups where lost files are looked for, besides the workspace itself. */
  from?: readonly string[]
  clock?: () => Date
}

type Outcome = Pick<RecoveryReport, 'mended' | 'lost' | 'tables'>

/**
 * Repairs a workspace in its place, from copies and from content; what was damaged is put into its folder `aside`, never deleted. Throws
 * as `examineWorkspace` does, and STORAGE_LOCKED while another program has it open.
 */
export async function repairWorkspace(folder: string, options: RepairOptions = {}): Promise<RecoveryReport> {
  const directory = resolve(folder)
  for (const place of options.from ?? []) assertAllowed(place)
  const before = await examineWorkspace(directory, options)
  const outcome: Outcome = { mended: [], lost: [], tables: [] }
  if (before.sound) return { directory, opens: before.opens, ...outcome, aside: null, now: reportOf(before) }
  const clock = options.clock ?? (() => new Date())
  const aside = join(directory, 'aside', clock().toISOString().replaceAll(/[:.]/g, '-'))
  const hold = await holdWorkspace(directory)
  try {
    await mkdir(join(directory, 'tmp'), { recursive: true })
    const work = await mkdtemp(join(directory, 'tmp', 'repair-'))
    try {
      const mended = needsLedger(before) ? mendLedger(directory, work, before.opens ? 'rows' : 'snapshot') : undefined
      if (mended) await putLedger(directory, mended, aside, outcome)
      else if (needsLedger(before))
        outcome.lost.push({ subject: LEDGER, message: 'Nothing of it can be read, and there is no sound copy of it. Restore a backup.' })
      await mendWorkspaceFile(directory, before, aside, outcome)
      const ledger = mended ? checkLedger(join(directory, LEDGER), createFindings()) : before.ledger
      take(outcome, await mendContent(directory, { content: before.content, ledger }, aside, options))
      if (ledger) await noteRecovery(directory, 'noteRepair', outcome, ledger.breaks, clock)
    } finally {
      await rm(work, { recursive: true, force: true })
    }
  } catch (error) {
    throw fromSystemError(error, 'repairing the workspace')
  } finally {
    hold.release()
  }
  const now = reportOf(await examineWorkspace(directory, options))
  return { directory, opens: now.opens, ...outcome, aside: existsSync(aside) ? aside : null, now }
}

const needsLedger = ({ findings }: Examination): boolean =>
  findings.some(({ area, severity }) => area === 'ledger' && severity === 'damage')

function take(outcome: Outcome, { mended, lost }: { mended: RecoveryNote[]; lost: RecoveryNote[] }): void {
  outcome.mended.push(...mended)
  outcome.lost.push(...lost)
}

/** The damaged ledger goes aside with its log; the cache may have been made from it. */
async function putLedger(directory: string, mended: MendedLedger, aside: string, outcome: Outcome): Promise<void> {
  take(outcome, mended)
  outcome.tables.push(...mended.tables)
  await mkdir(aside, { recursive: true })
  for (const name of [LEDGER, `${LEDGER}-wal`, `${LEDGER}-shm`])
    if (existsSync(join(directory, name))) await rename(join(directory, name), join(aside, name))
  await renameDurably(mended.file, join(directory, LEDGER))
  // The log of the copy, where it has one, belongs to it.
  if (existsSync(`${mended.file}-wal`)) await rename(`${mended.file}-wal`, join(directory, `${LEDGER}-wal`))
  for (const name of ['cache.duckdb', 'cache.duckdb.wal']) await rm(join(directory, name), { recursive: true, force: true })
}

async function mendWorkspaceFile(directory: string, before: Examination, aside: string, outcome: Outcome): Promise<void> {
  if (before.name !== null) return
  const file = join(directory, 'drydock.json')
  if (existsSync(file)) {
    await mkdir(aside, { recursive: true })
    await rename(file, join(aside, 'drydock.json'))
  }
  const source = await rebuildWorkspaceFile(directory, existsSync(join(directory, LEDGER)) ? join(directory, LEDGER) : undefined)
  outcome.mended.push({ subject: 'drydock.json', message: `Written anew ${source}.` })
}

/** Says in the record what was done, so that a reader of it years later knows; moves the mark to what there is. */
async function noteRecovery(
  directory: string,
  deed: 'noteRepair' | 'noteSalvage',
  { mended, lost, tables }: Outcome,
  recordBreaks: readonly number[],
  clock: () => Date
): Promise<void> {
  if (!existsSync(join(directory, LEDGER))) return
  let kept
  try {
    kept = openKeptLedger(directory, clock)
  } catch {
    // It does not open: the report says so.
    return
  }
  const { ledger, losses, close } = kept
  const { name, event } = recoveryCommands[deed]
  try {
    const { id } = readWorkspaceFile(directory)
    createAudit({ ledger, clock } as WorkspaceContext, () => 'workspace doctor').append({
      action: String(event),
      subject: `workspace:${id}`,
      by: 'workspace doctor',
      command: name,
      after: {
        mended: mended.slice(0, 100),
        lost: [...lost, ...losses.map(({ message }) => ({ subject: 'record', message }))].slice(0, 100),
        tables,
        recordBreaks
      }
    })
  } finally {
    await close()
  }
}

/** What is copied besides content; logs of jobs too, but not what was noted of the damaged ledger. */
const FOLDERS = ['runs', 'policies', 'pipelines', 'exports', 'keys']

/**
 * Makes a new workspace in `target` of what can be read of a damaged one, which is left as it is. Throws CONFLICT when `target` is not
 * empty, else as `examineWorkspace` does. Where nothing can be read, `opens` is false and `target` is not made.
 */
export async function salvageWorkspace(folder: string, target: string, options: RepairOptions = {}): Promise<RecoveryReport> {
  const [from, directory] = [resolve(folder), resolve(target)]
  for (const place of [directory, ...(options.from ?? [])]) assertAllowed(place)
  if (liesIn(directory, from))
    throw new WorkbenchError('INVALID_INPUT', 'The new workspace cannot lie in the damaged one. Choose a folder beside it.')
  await assertEmptyFolder(directory, 'Choose an empty or a new folder for what can be salvaged.')
  const before = await examineWorkspace(from, options)
  const clock = options.clock ?? (() => new Date())
  const outcome: Outcome = { mended: [], lost: [], tables: [] }
  await makeFolders(join(directory, 'tmp'))
  const work = await mkdtemp(join(directory, 'tmp', 'salvage-'))
  try {
    const mended = mendLedger(from, work, 'rows')
    if (!mended) {
      await rm(directory, { recursive: true, force: true })
      outcome.lost.push({ subject: LEDGER, message: 'Nothing of it can be read, and there is no sound copy of it. Restore a backup.' })
      return { directory, opens: false, ...outcome, aside: null, now: reportOf(before) }
    }
    await putLedger(directory, mended, join(work, 'none'), outcome)
    await copyContent(from, directory, before)
    if (before.name === null)
      outcome.mended.push({
        subject: 'drydock.json',
        message: `Written anew ${await rebuildWorkspaceFile(directory, join(directory, LEDGER))}.`
      })
    else await copyFile(join(from, 'drydock.json'), join(directory, 'drydock.json'))
    const ledger = checkLedger(join(directory, LEDGER), createFindings())
    take(
      outcome,
      await mendContent(directory, { content: { ...before.content, damaged: new Set() }, ledger }, work, {
        ...options,
        from: [from, ...(options.from ?? [])]
      })
    )
    await rm(work, { recursive: true, force: true })
    await prepareWorkspaceFolder(directory)
    await noteRecovery(directory, 'noteSalvage', outcome, ledger.breaks, clock)
  } catch (error) {
    throw fromSystemError(error, `salvaging the workspace into "${directory}"`)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  const now = reportOf(await examineWorkspace(directory, options))
  return { directory, opens: now.opens, ...outcome, aside: null, now }
}

/** Copies every sound file of the content and what lies beside it. */
async function copyContent(from: string, directory: string, { content }: Examination): Promise<void> {
  for await (const { folder, sha256, path } of contentFiles(from)) {
    if (sha256 === null || !content.sound.has(`${folder}/${sha256}`)) continue
    const target = contentPath(directory, folder, sha256)
    await mkdir(join(target, '..'), { recursive: true })
    await copyFile(path, target)
  }
  for (const name of FOLDERS)
    for await (const file of filesBelow(join(from, name))) {
      const target = join(directory, name, file.name)
      await mkdir(join(target, '..'), { recursive: true })
      await copyFile(file.path, target)
    }
}
