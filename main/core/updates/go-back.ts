import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { WorkbenchError } from '../../model/errors'
import type { UpdateReturn } from '../../model/update'
import { syncPath } from '../../storage/objects/durable-files'
import { whileHoldingVersions } from './hold-versions'
import { readChosen, readState, recordAct, writeChosen, writeState, type KeptState } from './kept-state'
import { releaseOf, type UpdatePlace } from './update-place'
import { ledgerFormatOf } from './workspace-formats'

/** The version that "back" leads to; null where there is none to go back to. */
export function versionBefore(
  { versionsFolder: folder }: UpdatePlace,
  state: KeptState
): { version: string; place: 'user' | 'machine' } | null {
  const chosen = readChosen(folder)
  if (state.before === null || chosen === null || chosen === state.before.version) return null
  const { version } = state.before
  if (existsSync(join(folder, version, 'bin'))) return { version, place: 'user' }
  if (state.machine && versionIn(state.machine.folder) === version) return { version, place: 'machine' }
  return null
}

function versionIn(folder: string): string | null {
  try {
    return releaseOf(folder).version
  } catch {
    return null
  }
}

/**
 * Lets the version before start again from now on. What was migrated meanwhile is named with the backup that was made before; nothing of a
 * workspace is changed.
 * @throws WorkbenchError CONFLICT where there is no version to go back to, POLICY_DENIED where updates are not for this user, STORAGE_LOCKED
 */
export async function goBack(place: UpdatePlace): Promise<UpdateReturn> {
  const { versionsFolder: folder } = place
  if (place.programFolder === null)
    throw new WorkbenchError('CONFLICT', 'This Drydock runs from a checkout; git leads back to an earlier version. Nothing was changed.')
  if (place.rule !== 'user')
    throw new WorkbenchError(
      'POLICY_DENIED',
      `The administrator decides which version runs on this computer (${place.ruleFrom}). Nothing was changed. Ask there.`
    )
  return whileHoldingVersions(folder, async () => {
    const state = readState(folder)
    const to = versionBefore(place, state)
    const from = readChosen(folder)
    if (to === null || from === null || state.before === null)
      throw new WorkbenchError('CONFLICT', 'No version before this one is kept here, so there is none to go back to. Nothing was changed.')
    const restore: UpdateReturn['restore'] = []
    for (const backup of state.backups) {
      const format = await ledgerFormatOf(backup.directory)
      if (format === null || format > state.before.ledgerFormat) restore.push(backup)
    }
    await recordAct(folder, { at: place.clock().toISOString(), act: 'went-back', version: to.version, from, by: place.user, signer: null })
    if (to.place === 'user') await writeChosen(folder, to.version)
    else {
      await rm(join(folder, 'chosen'), { force: true })
      await syncPath(folder)
    }
    // One step back and no further: what was before that is not kept. The backups stay known, for they are still needed.
    await writeState(folder, { ...state, before: null })
    return { from, to: to.version, restore }
  })
}
