import { createHash, randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fromSystemError, WorkbenchError } from '../../model/errors'
import { quoteArgument } from '../../model/shell-quoting'
import type { UpdateResult } from '../../model/update'
import { digestFrom, makeFolder, syncPath } from '../../storage/objects/durable-files'
import { openBundle } from '../bundle-format'
import { assertApplicable } from './apply-update'
import { whileHoldingVersions } from './hold-versions'
import { recordRelease } from './kept-state'
import type { Watch } from './open-release'
import type { UpdatePlace } from './update-place'

/**
 * Takes the verified package out of an update, into a folder that only this user writes to, and says with which command an administrator
 * installs it. Changes nothing else.
 * @throws WorkbenchError as applyUpdate does
 */
export function handOver(place: UpdatePlace, path: string, watch: Watch = {}): Promise<UpdateResult> {
  const { versionsFolder: folder, running } = place
  return whileHoldingVersions(folder, async () => {
    const { release, payload } = await assertApplicable(place, path, 'machine', watch)
    const target = join(folder, 'packages', payload.file)
    await makeFolder(join(folder, 'packages'))
    const partial = join(folder, `staging-${randomBytes(6).toString('hex')}`)
    const bundle = await openBundle(release.path)
    try {
      const hash = createHash('sha256')
      const file = await open(partial, 'wx', 0o644)
      try {
        for await (const chunk of bundle.chunks(payload.file)) {
          if (watch.signal?.aborted) throw new WorkbenchError('CANCELLED', 'The update was cancelled. Nothing was changed.')
          hash.update(chunk)
          await file.writeFile(chunk)
        }
        await file.sync()
      } finally {
        await file.close()
      }
      if (digestFrom(hash) !== payload.sha256 || release.verified.get(payload.file) !== payload.sha256)
        throw new WorkbenchError('DIGEST_MISMATCH', `${payload.file} changed while it was read. Ask for another copy of the file.`)
      await rename(partial, target)
      await syncPath(join(folder, 'packages'))
    } catch (error) {
      await rm(partial, { force: true })
      throw fromSystemError(error, 'taking the package out of the update')
    } finally {
      await bundle.close()
    }
    await recordRelease(place, 'handed-over', release)
    const { version } = release.document
    const command = `sudo apt install ${quoteArgument(target, false)}`
    return { for: 'machine', version, from: running.version, path: target, command, backups: null, workspaces: [] }
  })
}
