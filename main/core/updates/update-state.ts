import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { UpdateState } from '../../model/update'
import { appliedBy } from './apply-update'
import { versionBefore } from './go-back'
import { readActs, readChosen, readState } from './kept-state'
import { pinnedKeys, withRotations } from './release-keys'
import type { UpdatePlace } from './update-place'
import { compareVersions, isVersion } from './versions'

/**
 * The versions of this user and of the machine, which of them runs and which starts next, and who may change that. Reads only.
 * @throws WorkbenchError STORAGE_CORRUPT for damaged files of this program
 */
export function updateState(place: UpdatePlace): UpdateState {
  const { versionsFolder: folder, programFolder, running } = place
  const state = readState(folder)
  const chosen = readChosen(folder)
  const names = existsSync(folder) ? readdirSync(folder).filter(isVersion).sort(compareVersions).reverse() : []
  const isOfUser = programFolder !== null && names.includes(running.version) && programFolder === join(folder, running.version)
  const machine = isOfUser ? (state.machine?.version ?? null) : running.version
  const next = startsNext(chosen, names, machine)
  const keys = withRotations(pinnedKeys(programFolder), state.rotations)
  return {
    ...{ version: running.version, commit: running.commit, builtAt: running.builtAt, packaged: programFolder !== null },
    ...{ rule: place.rule, ruleFrom: place.ruleFrom, folder },
    keys: [...keys.values()].map(({ name, fingerprint, from, retiredFrom }) => ({ name, fingerprint, from, retiredFrom })),
    versions: [
      ...names.map((version) => {
        const act = appliedBy(folder, version)
        const isRunning = isOfUser && version === running.version
        return {
          version,
          place: 'user' as const,
          running: isRunning,
          next: version === next,
          appliedAt: act?.at ?? null,
          by: act?.by ?? null
        }
      }),
      ...(machine === null
        ? []
        : [{ version: machine, place: 'machine' as const, running: !isOfUser, next: next === null, appliedAt: null, by: null }])
    ],
    back: versionBefore(place, state)?.version ?? null,
    acts: readActs(folder).slice(0, 100)
  }
}

/** As the launcher decides it: the chosen version, where it is there and higher than the program of the machine; null for that. */
function startsNext(chosen: string | null, names: readonly string[], machine: string | null): string | null {
  if (chosen === null || !names.includes(chosen)) return null
  return machine !== null && compareVersions(chosen, machine) <= 0 ? null : chosen
}
