import { statfsSync } from 'node:fs'
import { arch, cpus, freemem, homedir, release, totalmem, version as systemVersion } from 'node:os'
import type { ProgramFacts } from '../../../model/program'

/** Variables that change what the program does; only whether they are set is told. */
const variables = [
  'DRYDOCK_USER_DIR',
  'DRYDOCK_CONFINEMENT',
  'DRYDOCK_MACHINE_SETTINGS',
  'DRYDOCK_PROGRAM_DIR',
  'DRYDOCK_DEBUG',
  'XDG_CONFIG_HOME',
  'XDG_RUNTIME_DIR',
  'TMPDIR',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'NODE_OPTIONS'
]

/** Kind and room of the disk under a folder: a home on a network is a common cause. */
function diskOf(folder: string): Record<string, string | number> | null {
  try {
    const { type, bsize, bavail, blocks } = statfsSync(folder)
    return { type: `0x${type.toString(16)}`, bytes: blocks * bsize, free: bavail * bsize }
  } catch {
    return null
  }
}

/** Program, machine and settings by kind and number: no path, no name of a person, folder, banner or key. */
export function machineFacts({ version, commit, builtAt, programFolder, userFolder, logs, machineSettings, releaseKeys }: ProgramFacts) {
  const { allowedFolders, trustFiles, tracking, scriptSteps, classification, updates } = machineSettings
  return {
    program: {
      version,
      commit: commit?.replace(/[^0-9a-f]/g, '') ?? null,
      builtAt,
      installed: programFolder === null ? 'checkout' : programFolder.startsWith(homedir()) ? 'for this user' : 'for everybody',
      releaseKeys: releaseKeys.length
    },
    runtime: { node: process.versions.node, electron: process.versions.electron ?? null, v8: process.versions.v8 },
    system: {
      platform: process.platform,
      arch: arch(),
      release: release(),
      version: systemVersion(),
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: cpus().length,
      memory: { bytes: totalmem(), free: freemem() },
      umask: process.umask().toString(8)
    },
    machineSettings: {
      isThere: machineSettings.name !== null,
      allowedFolders: allowedFolders?.length ?? null,
      trustFiles: trustFiles.length,
      tracking,
      scriptSteps,
      classification: classification !== null,
      updates,
      logs: { ownFolder: machineSettings.logs.folder !== null, keepMiB: logs.keepMiB }
    },
    disks: { userFolder: diskOf(userFolder), logs: diskOf(logs.folder) },
    variablesSet: variables.filter((name) => process.env[name] !== undefined)
  }
}
