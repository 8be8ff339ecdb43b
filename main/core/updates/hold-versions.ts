import { chmod, mkdir, readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fromSystemError, WorkbenchError } from '../../model/errors'
import { makeFolders } from '../../storage/objects/durable-files'
import { holdWorkspace } from '../workspace'
import { settleState } from './kept-state'

const leftOver = /^(staging-|\.[0-9a-f-]{36}\.tmp$)/

/**
 * Does work on the versions of a user while no other program does any; what one that was killed left behind is gone before.
 * @throws WorkbenchError STORAGE_LOCKED while another program works there, FORBIDDEN, DISK_FULL
 */
export async function whileHoldingVersions<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const hold = await takeVersions(folder)
  try {
    for (const name of await readdir(folder)) if (leftOver.test(name)) await rm(join(folder, name), { recursive: true, force: true })
    await settleState(folder)
    return await work()
  } finally {
    hold.release()
  }
}

async function takeVersions(folder: string): Promise<{ release(): void }> {
  try {
    await makeFolders(dirname(folder))
    // Nobody else may put a program there that this user starts.
    await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
    if (process.platform !== 'win32') await chmod(folder, 0o700)
    return await holdWorkspace(folder)
  } catch (error) {
    if (!(error instanceof WorkbenchError && error.code === 'STORAGE_LOCKED')) throw fromSystemError(error, `writing in "${folder}"`)
    throw new WorkbenchError(
      'STORAGE_LOCKED',
      'Another Drydock puts a version in place for you at this moment. Nothing was changed. Wait until it is done, then try again.',
      {
        cause: error,
        details: error.details
      }
    )
  }
}
