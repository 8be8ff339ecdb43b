import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { existsSync } from 'node:fs'
import type { system } from '../../../preload/contract/system'
import type { Handlers } from '../../../preload/wire/definitions'
import type { Application } from '../../core/application'
import { findLauncher } from '../../core/resources'
import { DRYDOCK_VERSION } from '../../model/version'

export const systemHandlers: Handlers<{ system: typeof system }, Application>['system'] = {
  info: (_input, { workbench: app }) => {
    const logFile = join(app.userDirectory, 'logs', 'host.log')
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
  changes: (_input, { workbench: app, signal }) => app.changes.subscribe(signal),
  preferences: (_input, { workbench: app }) => app.preferences(),
  setPreferences: (input, { workbench: app }) => app.setPreferences(input)
}
