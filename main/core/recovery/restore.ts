import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync, statSync } from 'node:fs'
import { readFile, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { Transform, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fromSystemError, WorkbenchError } from '../../model/errors'
import type { DoctorReport } from '../../model/recovery'
import { digestFrom, makeFolders, syncPath } from '../../storage/objects/durable-files'
import { prepareWorkspaceFolder } from '../workspace'
import { assertAllowed } from '../machine-settings'
import { MANIFEST, notABackup, parseManifest, type BackupManifest } from './backup-manifest'
import { examineWorkspace, reportOf, type ExamineOptions } from './doctor'
import { assertEmptyFolder, liesIn } from './new-place'
import { filesBelow } from './walk-files'
import { openContainer } from './zip-entries'

/** A backup of either form that is being read. */
interface OpenBackup {
  manifest: BackupManifest
  /** Its files besides the manifest. */
  names: Set<string>
  read(name: string): Promise<Readable>
  close(): void
}

const MOST_MANIFEST_BYTES = 256 * 2 ** 20

async function openBackup(path: string): Promise<OpenBackup> {
  const about = statSync(path, { throwIfNoEntry: false })
  if (!about) throw new WorkbenchError('NOT_FOUND', `There is no backup "${path}". Check the path.`)
  if (about.isDirectory()) {
    const text = await readFile(join(path, MANIFEST), 'utf8').catch(() => {
      throw notABackup(path)
    })
    const names = new Set<string>()
    for await (const { name } of filesBelow(path)) if (name !== MANIFEST) names.add(name)
    return { manifest: parseManifest(text, path), names, read: async (name) => createReadStream(join(path, name)), close: () => undefined }
  }
  const container = await openContainer(path).catch(() => {
    throw notABackup(path)
  })
  try {
    const entry = container.entries.get(MANIFEST)
    if (!entry || entry.uncompressedSize > MOST_MANIFEST_BYTES) throw notABackup(path)
    const parts: Buffer[] = []
    for await (const chunk of await container.read(MANIFEST)) parts.push(chunk as Buffer)
    const names = new Set([...container.entries.keys()].filter((name) => name !== MANIFEST))
    return { manifest: parseManifest(Buffer.concat(parts).toString('utf8'), path), names, read: container.read, close: container.close }
  } catch (error) {
    container.close()
    throw error
  }
}

/** Reads every file of a backup to its end, and gives each to `put` where there is one. Throws DIGEST_MISMATCH for one that is not whole. */
async function readAll(backup: OpenBackup, path: string, put?: (name: string) => NodeJS.WritableStream): Promise<void> {
  const strangers = [...backup.names].filter((name) => !backup.manifest.files.some((file) => file.name === name))
  if (strangers.length > 0)
    throw new WorkbenchError(
      'DIGEST_MISMATCH',
      `The backup "${path}" has files that its ${MANIFEST} does not name ("${strangers[0]}"). It was changed after it was made: do not use it.`
    )
  for (const { name, bytes, sha256 } of backup.manifest.files) {
    if (!backup.names.has(name)) throw notWhole(path, name)
    const hash = createHash('sha256')
    let size = 0
    const count = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        size += chunk.length
        hash.update(chunk)
        done(size > bytes ? notWhole(path, name) : null, put ? chunk : undefined)
      }
    })
    const stream = await backup.read(name)
    if (put) await pipeline(stream, count, put(name))
    else {
      count.resume()
      await pipeline(stream, count)
    }
    if (size !== bytes || digestFrom(hash) !== sha256) throw notWhole(path, name)
  }
}

const notWhole = (path: string, name: string): WorkbenchError =>
  new WorkbenchError(
    'DIGEST_MISMATCH',
    `"${name}" in the backup "${path}" is missing or not what it was when the backup was made. Nothing was restored from it. Choose another backup, or use it with doctor --from.`
  )

/** Reads a whole backup again and holds every file against its digest. Throws INVALID_INPUT, DIGEST_MISMATCH. */
export async function checkBackup(path: string): Promise<BackupManifest> {
  assertAllowed(path)
  const backup = await openBackup(resolve(path))
  try {
    await readAll(backup, path)
    return backup.manifest
  } finally {
    backup.close()
  }
}

/**
 * Makes a workspace of a backup in a new or empty folder. Each file is checked as it is written; the folder appears when it is whole. What
 * a copy of somebody else's workspace may do is decided anew when it is opened. Throws CONFLICT where the folder is not empty, INVALID_INPUT, DIGEST_MISMATCH, DISK_FULL.
 */
export async function restoreWorkspace(path: string, target: string, options: ExamineOptions = {}): Promise<DoctorReport> {
  const [from, directory] = [resolve(path), resolve(target)]
  for (const place of [from, directory]) assertAllowed(place)
  const next = 'Nothing was restored. Choose an empty or a new folder.'
  await assertEmptyFolder(directory, next)
  if (liesIn(directory, from))
    throw new WorkbenchError('INVALID_INPUT', `A workspace inside of the backup would change what the backup is. ${next}`)
  const backup = await openBackup(from)
  const partial = `${directory}.${randomBytes(4).toString('hex')}.partial`
  try {
    const folders = new Set(backup.manifest.files.map(({ name }) => dirname(join(partial, name))))
    for (const folder of [partial, ...folders]) await makeFolders(folder)
    await readAll(backup, from, (name) => createWriteStream(join(partial, name), { flags: 'wx', flush: true } as never))
    await prepareWorkspaceFolder(partial)
    // Whatever came into the folder while the backup was read stays, and is in the way.
    await assertEmptyFolder(directory, next)
    if (existsSync(directory)) await rmdir(directory)
    await rename(partial, directory)
    await syncPath(dirname(directory))
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    throw fromSystemError(error, `restoring a backup into "${directory}"`)
  } finally {
    backup.close()
  }
  return reportOf(await examineWorkspace(directory, options))
}
