import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import type { ProgramFacts } from '../../model/program'
import { DRYDOCK_VERSION } from '../../model/version'
import { readMachineSettings } from '../machine-settings'
import { findResource } from '../resources'
import { logParts, logPlace } from './log-place'

const Release = z.object({ commit: z.string().nullish(), builtAt: z.string().nullish() })
const Keys = z.object({ keys: z.array(z.object({ name: z.string(), fingerprint: z.string() })) })

/** A document of the installed program; undefined in a checkout, and where it cannot be read: what is shown here is not what is relied on. */
function releaseDocument<S extends z.ZodType>(name: string, schema: S): z.output<S> | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(findResource('release', name), 'utf8')))
  } catch {
    return undefined
  }
}

function programFolder(): string | null {
  try {
    return dirname(dirname(dirname(findResource('release', 'release.json'))))
  } catch {
    return null
  }
}

/** What is installed here and how it is set up. */
export function describeProgram(userFolder: string): ProgramFacts {
  const release = releaseDocument('release.json', Release)
  const place = logPlace(userFolder)
  const machineSettings = readMachineSettings()
  return {
    version: DRYDOCK_VERSION,
    commit: release?.commit ?? null,
    builtAt: release?.builtAt ?? null,
    programFolder: programFolder(),
    userFolder,
    logs: {
      folder: place.folder,
      keepMiB: machineSettings.logs.keepMiB,
      files: logParts(place).map(({ name, bytes }) => ({ name, bytes }))
    },
    machineSettings,
    releaseKeys: releaseDocument('keys.json', Keys)?.keys ?? []
  }
}
