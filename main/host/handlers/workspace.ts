import { join } from 'node:path'
import type { workspace } from '../../../preload/contract/workspace'
import type { Handlers } from '../../../preload/wire/definitions'
import { commands } from '../../core/all-commands'
import type { Application } from '../../core/application'
import { bindCommands } from '../bind-commands'
import { recoveryHandlers } from '../recovery-handlers'
import { overviewOf } from '../../core/overview'
import { runSample } from '../../core/sample'

export const workspaceHandlers: Handlers<{ workspace: typeof workspace }, Application>['workspace'] = {
  ...bindCommands(commands.workspace),
  ...recoveryHandlers,
  status: (_input, { workbench: app }) => {
    const warnings = app.workspace ? app.workbench().warnings : []
    return {
      workspace: app.workspace,
      ...(warnings.length > 0 ? { warnings: [...warnings] } : {}),
      ...(app.damaged ? { damaged: { directory: app.damaged.directory, message: app.damaged.message } } : {})
    }
  },
  create: ({ directory, folder, name }, { workbench: app }) =>
    app.createWorkspace(folder === undefined ? directory : join(directory, folder), name),
  open: ({ directory }, { workbench: app }) => app.openWorkspace(directory),
  close: async (_input, { workbench: app }) => {
    await app.closeWorkspace()
    return null
  },
  setTrust: ({ directory, trusted }, { workbench: app }) => app.setTrust(directory, trusted),
  recent: (_input, { workbench: app }) => app.recent(),
  forget: async ({ id }, { workbench: app }) => {
    await app.forget(id)
    return null
  },
  sampleDefault: (_input, { workbench: app }) => app.sampleDirectory(),
  createSample: ({ directory }, { workbench: app, signal }) => runSample(app, directory, { signal }),
  overview: (_input, { workbench: app }) => overviewOf(app.workbench()),
  events: ({ offset, limit }, { workbench: app }) => ({ ...app.audit.list({ offset, limit }), ...app.audit.state() })
}
