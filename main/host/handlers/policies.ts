import type { policies } from '../../../preload/contract/policies'
import type { Handlers } from '../../../preload/wire/definitions'
import { commands } from '../../core/all-commands'
import type { Application } from '../../core/application'
import { bindCommands } from '../bind-commands'
import { contentReference } from '../../model/reference'

export const policiesHandlers: Handlers<{ policies: typeof policies }, Application>['policies'] = {
  ...bindCommands(commands.policies),
  list: (_input, { workbench: app }) => app.policies.list(),
  get: ({ name }, { workbench: app }) => app.policies.get(name),
  versions: ({ name }, { workbench: app }) => app.policies.versions(name),
  text: async ({ name, sha256 }, { workbench: app }) => ({
    text: (await app.policies.text(contentReference('policy', name, sha256))).text
  }),
  check: ({ text }, { workbench: app }) => app.policies.check(text),
  template: ({ name }, { workbench: app }) => ({ text: app.policies.template(name) }),
  gates: ({ run }, { workbench: app }) => app.policies.gates(run),
  gate: ({ id }, { workbench: app }) => app.policies.gate(id)
}
