import type { models } from '../../../preload/contract/models'
import type { Handlers } from '../../../preload/wire/definitions'
import { commands } from '../../core/all-commands'
import type { Application } from '../../core/application'
import { bindCommands } from '../bind-commands'

export const modelsHandlers: Handlers<{ models: typeof models }, Application>['models'] = {
  ...bindCommands(commands.models),
  list: (_input, { workbench: app }) => app.models.list(),
  versions: ({ name }, { workbench: app }) => app.models.versions(name),
  get: ({ name, version }, { workbench: app }) => app.models.get(name, version),
  evaluations: ({ name, version }, { workbench: app, signal }) =>
    app.experiments.evaluationsOf(app.models.get(name, version).run, { signal }),
  gateReport: async ({ name, version }, { workbench: app }) => {
    const { gate } = app.models.get(name, version)
    return gate === null ? null : app.policies.gate(gate.id)
  },
  card: async ({ name, version }, { workbench: app }) => ({ html: (await app.bundles.cardDocument(name, version)).html })
}
