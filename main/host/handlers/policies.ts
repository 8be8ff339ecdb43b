import type { policies } from '../../../preload/contract/policies'
import type { Handlers } from '../../../preload/wire/definitions'
import type { Application } from '../../core/application'

export const policiesHandlers: Handlers<{ policies: typeof policies }, Application>['policies'] = {
  list: (_input, { workbench: app }) => app.policies.list(),
  get: ({ name }, { workbench: app }) => app.policies.get(name),
  versions: ({ name }, { workbench: app }) => app.policies.versions(name),
  text: async ({ name, sha256 }, { workbench: app }) => ({ text: (await app.policies.text(`${name}@sha256:${sha256}`)).text }),
  check: ({ text }, { workbench: app }) => app.policies.check(text),
  save: ({ text }, { workbench: app }) => app.policies.save(text),
  gates: ({ run }, { workbench: app }) => app.policies.gates(run),
  gate: ({ id }, { workbench: app }) => app.policies.gate(id),
  evaluate: async ({ policy, run }, { workbench: app }) => app.policies.evaluate(policy, run, await app.exports.gateFacts(run))
}
