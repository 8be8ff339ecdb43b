import type { models } from '../../../preload/contract/models'
import type { Handlers } from '../../../preload/wire/definitions'
import type { Application } from '../../core/application'

export const modelsHandlers: Handlers<{ models: typeof models }, Application>['models'] = {
  list: (_input, { workbench: app }) => app.models.list(),
  versions: ({ name }, { workbench: app }) => app.models.versions(name),
  get: ({ name, version }, { workbench: app }) => app.models.get(name, version),
  register: (request, { workbench: app }) => app.models.register(request),
  setPurpose: ({ name, version, purpose }, { workbench: app }) => app.models.setPurpose(name, version, purpose),
  setStage: ({ name, version, to, reason }, { workbench: app }) => app.models.setStage(name, version, to, reason),
  gateReport: async ({ name, version }, { workbench: app }) => {
    const { gate } = app.models.get(name, version)
    return gate === null ? null : app.policies.gate(gate.id)
  },
  card: async ({ name, version }, { workbench: app }) => ({ html: await app.exports.card(name, version) })
}
