import { randomBytes } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { copyFile, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { WorkbenchError, fromSystemError } from '../../model/errors'
import type { BackupReport } from '../../model/recovery'
import type { Sha256 } from '../../model/reference'
import { connect, copyLedgerBytes } from '../../storage/ledger/ledger-connection'
import { copyLedger } from '../../storage/ledger/ledger-reader'
import { makeFolders, sha256File, syncPath } from '../../storage/objects/durable-files'
import { writeContainer } from '../bundle-format'
import { readWorkspaceFile } from '../workspace'
import { assertAllowed } from '../machine-settings'
import { MANIFEST, type BackupManifest } from './backup-manifest'
import { BACKED_UP_FOLDERS, backupHolds } from './backup-places'
import { checkLedger, LEDGER } from './check-ledger'
import { contentFiles } from './content-files'
import type { ExamineOptions } from './doctor'
import { createFindings } from './findings'
import { liesIn } from './new-place'
import { checkBackup } from './restore'
import { filesBelow } from './walk-files'

/** A file of a backup, and where its bytes are while it is made. */
interface Source {
  name: string
  path: string
  bytes: number
  sha256: Sha256
}

/**
 * Copies a workspace as it is at one moment into a folder, or into one file where the name ends in `.drydock-backup`; it may be open and
 * in use. The backup appears when it is whole and was read again, file by file; one that was interrupted has another name and no manifest.
 * Throws CONFLICT where `target` is there already, STORAGE_CORRUPT for a workspace whose ledger is damaged, DISK_FULL, CANCELLED.
 */
export async function backUpWorkspace(
  folder: string,
  target: string,
  { signal, onProgress, clock = () => new Date() }: ExamineOptions & { clock?: () => Date } = {}
): Promise<BackupReport> {
  const [directory, place] = [resolve(folder), resolve(target)]
  const workspace = readWorkspaceFile(directory)
  assertAllowed(place)
  if (existsSync(place))
    throw new WorkbenchError('CONFLICT', `"${place}" exists already. Nothing was written. Choose another name for the backup.`)
  if (liesIn(place, directory))
    throw new WorkbenchError('INVALID_INPUT', 'A backup inside of the workspace would be lost with it. Choose a place outside.')
  const work = await mkdtemp(join(tmpdir(), 'drydock-backup-'))
  try {
    onProgress?.({ fraction: null, message: 'Copying the ledger' })
    const ledger = await copyWholeLedger(directory, join(work, LEDGER))
    const findings = createFindings()
    const check = checkLedger(ledger, findings)
    if (!check.opens) throw damagedLedger(directory, findings.all()[0]?.message)
    onProgress?.({ fraction: null, message: 'Reading what belongs to it' })
    const { sources, damaged } = await gather(directory, ledger, work, signal)
    const held = new Set(sources.map(({ name }) => name))
    const missing = [...check.references.values()].map(({ key }) => nameOf(key)).filter((name) => !held.has(name))
    const manifest: BackupManifest = {
      schema: 'drydock.backup',
      version: 1,
      workspace: { id: workspace.id, name: workspace.name },
      createdAt: clock().toISOString(),
      entry: check.head?.index ?? -1,
      files: sources.map(({ name, bytes, sha256: digest }) => ({ name, bytes, sha256: digest }))
    }
    onProgress?.({ fraction: null, message: `Writing ${sources.length} files` })
    await makeFolders(dirname(place))
    if (place.endsWith('.drydock-backup')) await writeFileForm(place, sources, manifest, signal)
    else await writeFolderForm(place, sources, manifest, signal)
    const bytes = sources.reduce((sum, each) => sum + each.bytes, 0)
    return { path: place, files: sources.length, bytes, entry: manifest.entry, damaged, missing }
  } catch (error) {
    throw fromSystemError(error, `backing up the workspace to "${place}"`)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

const nameOf = (key: string): string => {
  const [folder, digest] = key.split('/') as [string, string]
  return folder === 'data' ? `data/${digest}.arrow` : `objects/${digest.slice(0, 2)}/${digest.slice(2)}`
}

const damagedLedger = (directory: string, message = ''): WorkbenchError =>
  new WorkbenchError(
    'STORAGE_CORRUPT',
    `The ledger of "${directory}" is damaged, and a backup of it would be too. ${message} Nothing was written. Run "workspace doctor" first.`
  )

/** The ledger as it is at one moment with its log in it. Where somebody writes all the time, SQLite copies it while it is read. */
async function copyWholeLedger(directory: string, target: string): Promise<string> {
  const file = join(directory, LEDGER)
  try {
    const copy = await copyLedger(file)
    try {
      const db = connect(copy.file)
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      db.close()
      copyLedgerBytes(copy.file, target)
    } finally {
      await copy.remove()
    }
  } catch (error) {
    if (!(error instanceof WorkbenchError && error.code === 'STORAGE_LOCKED')) throw error
    const db = connect(file)
    try {
      db.exec('PRAGMA busy_timeout=5000')
      db.prepare('VACUUM INTO ?').run(target)
    } finally {
      db.close()
    }
  }
  return target
}

/** Everything that belongs into the backup. What may still grow is copied first; content never changes. */
async function gather(
  directory: string,
  ledger: string,
  work: string,
  signal: AbortSignal | undefined
): Promise<{ sources: Source[]; damaged: string[] }> {
  const sources: Source[] = []
  const damaged: string[] = []
  const add = async (name: string, path: string): Promise<Sha256> => {
    assertNotCancelled(signal)
    const digest = await sha256File(path)
    sources.push({ name, path, bytes: (await stat(path)).size, sha256: digest })
    return digest
  }
  await add(LEDGER, ledger)
  await add('drydock.json', await standStill(join(directory, 'drydock.json'), work))
  for await (const { folder, name, path, sha256: digest } of contentFiles(directory)) {
    if (digest === null) continue
    if ((await add(`${folder}/${name}`, path)) !== digest) damaged.push(`${folder}/${name}`)
  }
  for (const folder of BACKED_UP_FOLDERS)
    for await (const file of filesBelow(join(directory, folder))) {
      const name = `${folder}/${file.name}`
      if (backupHolds(name)) await add(name, await standStill(file.path, work))
    }
  return { sources, damaged }
}

/** A copy of a file that somebody may append to meanwhile. */
async function standStill(path: string, work: string): Promise<string> {
  const copy = join(work, randomBytes(8).toString('hex'))
  await copyFile(path, copy)
  return copy
}

const assertNotCancelled = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted) throw new WorkbenchError('CANCELLED', 'The backup was cancelled. Nothing of it is left.')
}

async function writeFolderForm(place: string, sources: Source[], manifest: BackupManifest, signal: AbortSignal | undefined): Promise<void> {
  const partial = `${place}.${randomBytes(4).toString('hex')}.partial`
  try {
    for (const { name, path } of sources) {
      assertNotCancelled(signal)
      const target = join(partial, name)
      await makeFolders(dirname(target))
      await copyFile(path, target)
      await syncPath(target)
    }
    await writeFile(join(partial, MANIFEST), JSON.stringify(manifest, null, 2) + '\n')
    await syncPath(join(partial, MANIFEST))
    await checkBackup(partial)
    await rename(partial, place)
    await syncPath(dirname(place))
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    throw error
  }
}

/** One file, which is renamed to its name when it is whole; then it is read again. */
async function writeFileForm(place: string, sources: Source[], manifest: BackupManifest, signal: AbortSignal | undefined): Promise<void> {
  const partial = `${place}.${randomBytes(4).toString('hex')}.partial`
  const text = Buffer.from(JSON.stringify(manifest, null, 2) + '\n')
  try {
    await writeContainer(partial, [
      ...sources.map(({ name, path, bytes }) => ({ name, bytes, chunks: () => chunksOf(path, signal) })),
      { name: MANIFEST, bytes: text.length, chunks: () => once(text) }
    ])
    await checkBackup(partial)
    await rename(partial, place)
    await syncPath(dirname(place))
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}

async function* chunksOf(path: string, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    assertNotCancelled(signal)
    yield chunk as Buffer
  }
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
}
