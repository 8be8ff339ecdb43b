import { existsSync } from 'node:fs'
import { WorkbenchError } from '../model/errors'
import type { Application, ApplicationOptions } from './application-interface'
import type { ChangeFeed } from './changes'
import { assertOpen, type OpenWorkspace } from './open-workspace'
import { createWorkspaceFolder, discardNewWorkspace, readWorkspaceFile, type TrustedFolders } from './workspace'
import { beginCommands } from './workspace/commands'

/** After what time a workspace is opened anew, so that whoever is in through the open one has the answer, milliseconds. */
const SOON_MS = 50

/** What parts of the program are handed. */
export type Around = Required<Pick<ApplicationOptions, 'clock' | 'log'>> & { changes: ChangeFeed }

/** How workspaces are made, opened and closed, one after the other. */
export function openingOf(
  open: OpenWorkspace,
  trusted: TrustedFolders,
  { clock, changes }: Pick<Around, 'clock' | 'changes'>
): Pick<Application, 'createWorkspace' | 'openWorkspace' | 'closeWorkspace'> {
  return {
    createWorkspace: (directory, name, { sample = false } = {}) =>
      open.inTurn(async () => {
        const existed = existsSync(directory)
        const created = await createWorkspaceFolder(directory, name, { sample, now: clock() })
        try {
          // What one made oneself holds nothing that anybody else wants to run.
          await trusted.trust(created, clock())
          const opened = await open.open(created.directory)
          assertOpen(open.current()).do(beginCommands.begin, {})
          return opened
        } catch (error) {
          await discardNewWorkspace(created.directory, existed)
          throw error
        }
      }),
    openWorkspace: (directory) =>
      open.inTurn(async () => {
        try {
          return await open.open(directory)
        } catch (error) {
          if (!(error instanceof WorkbenchError && error.code === 'STORAGE_CORRUPT')) throw error
          open.damaged = { directory, message: error.message }
          changes.publish('workspace')
          throw new WorkbenchError(error.code, error.message, { cause: error, details: { ...error.details, offersRecovery: true } })
        }
      }),
    closeWorkspace: () => open.inTurn(open.close)
  }
}

/** Whom this person trusts, and what that means for what is open. */
export function trustOf(
  open: OpenWorkspace,
  trusted: TrustedFolders,
  { clock, log, changes, heedsTrust }: Around & Pick<ApplicationOptions, 'heedsTrust'>
): Pick<Application, 'setTrust' | 'heedTrust'> {
  return {
    setTrust: (directory, isTrusted) =>
      open.inTurn(async () => {
        const folder = readWorkspaceFile(directory)
        await (isTrusted ? trusted.trust(folder, clock()) : trusted.distrust(folder.directory))
        const anew = open.current()?.workspace.directory === folder.directory ? await open.reopen() : undefined
        return anew ?? { ...folder, restricted: !isTrusted }
      }),
    heedTrust() {
      if (open.isAsTrusted()) return 'already'
      changes.publish('workspace')
      if (!heedsTrust) return 'later'
      // Later: whoever said it is in through the open workspace, and waits for the answer.
      setTimeout(() => {
        open.inTurn(open.reopen).catch((error: unknown) => log('error', 'the workspace could not be opened anew', { error: String(error) }))
      }, SOON_MS)
      return 'anew'
    }
  }
}
