import { accessSync, chmodSync, closeSync, constants, existsSync, openSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { WorkbenchError } from '../../model/errors'

/** What SQLite keeps open: it makes these files writable for their owner alone, whatever mask the process has. */
const files = ['.lock', 'ledger.sqlite', 'ledger.sqlite-wal', 'ledger.sqlite-shm']
const readWriteForGroup = 0o060

/** Makes a file that is not there as the mask of this process says, before SQLite makes it for its owner alone. */
function makeByMask(file: string): void {
  if (process.platform !== 'win32' && !existsSync(file)) closeSync(openSync(file, 'a', 0o666))
}

/**
 * In a folder that a group writes to, lets the group write to the files that are kept open as well; of others that this person may not write
 * to nothing is opened, because what SQLite would leave beside them locks out whom they belong to.
 * @throws WorkbenchError FORBIDDEN with the file and its owner
 */
export function shareWithGroup(directory: string): void {
  if (process.platform === 'win32') return
  const isShared = (statSync(directory).mode & 0o020) !== 0
  makeByMask(join(directory, '.lock'))
  for (const name of files) {
    const file = join(directory, name)
    const about = statSync(file, { throwIfNoEntry: false })
    if (!about) continue
    // By its path: to open and close a file gives up the locks that this process may have on it.
    if (isShared && about.uid === process.getuid?.() && (about.mode & readWriteForGroup) !== readWriteForGroup)
      chmodSync(file, (about.mode & 0o777) | readWriteForGroup)
    try {
      accessSync(file, constants.R_OK | constants.W_OK)
    } catch (cause) {
      throw new WorkbenchError(
        'FORBIDDEN',
        `"${file}" belongs to another user of this computer (number ${about.uid}), and you may not write to it. Nothing was opened. Let whom it belongs to open the workspace once in a folder that your group may write to, or give the group the right (chmod g+rw).`,
        { cause, details: { file, owner: about.uid } }
      )
    }
  }
}
