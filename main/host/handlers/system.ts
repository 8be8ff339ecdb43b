import { cpus, totalmem } from 'node:os'
import { existsSync } from 'node:fs'
import type { system } from '../../../preload/contract/system'
import type { Handlers } from '../../../preload/wire/definitions'
import type { Application } from '../../core/application'
import { collectDiagnosis, describeProgram, logPlace, saveDiagnosis } from '../../core/program'
import { findLauncher } from '../../core/resources'
import { WorkbenchError } from '../../model/errors'
import type { Diagnosis } from '../../model/program'
import { DRYDOCK_VERSION } from '../../model/version'

/** The diagnosis that was looked at last, by program: what is written is what was shown. */
const shown = new WeakMap<Application, Diagnosis>()

async function diagnose(app: Application, signal: AbortSignal): Promise<Diagnosis> {
  const diagnosis = await collectDiagnosis({ userDirectory: app.userDirectory, recent: app.recent(), signal })
  shown.set(app, diagnosis)
  return diagnosis
}

async function save(app: Application, digest: string, path: string): Promise<{ bytes: number }> {
  const diagnosis = shown.get(app)
  if (diagnosis?.digest !== digest)
    throw new WorkbenchError('CONFLICT', 'Another diagnosis has been made since this one was shown. Nothing was written. Look at it again.')
  return { bytes: await saveDiagnosis(diagnosis, path) }
}

export const systemHandlers: Handlers<{ system: typeof system }, Application>['system'] = {
  info: (_input, { workbench: app }) => {
    const { file: logFile } = logPlace(app.userDirectory)
    return {
      drydock: DRYDOCK_VERSION,
      node: process.versions.node,
      electron: process.versions.electron ?? null,
      platform: process.platform,
      arch: process.arch,
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: cpus().length,
      memory: totalmem(),
      userDirectory: app.userDirectory,
      logFile: existsSync(logFile) ? logFile : null,
      launcher: findLauncher(),
      offline: true as const
    }
  },
  program: (_input, { workbench: app }) => describeProgram(app.userDirectory),
  diagnosis: (_input, { workbench: app, signal }) => diagnose(app, signal),
  saveDiagnosis: ({ digest, path }, { workbench: app }) => save(app, digest, path),
  changes: (_input, { workbench: app, signal }) => app.changes.subscribe(signal),
  preferences: (_input, { workbench: app }) => app.preferences(),
  setPreferences: (input, { workbench: app }) => app.setPreferences(input)
}
