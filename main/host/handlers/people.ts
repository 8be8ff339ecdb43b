import type { people } from '../../../preload/contract/people'
import type { Handlers } from '../../../preload/wire/definitions'
import type { Application } from '../../core/application'

export const peopleHandlers: Handlers<{ people: typeof people }, Application>['people'] = {
  list: (_input, { workbench: app }) => app.people.list(),
  create: (input, { workbench: app }) => app.people.create(input),
  update: ({ id, ...input }, { workbench: app }) => app.people.update(id, input),
  use: ({ id }, { workbench: app }) => app.people.use(id),
  createKey: ({ id, passphrase }, { workbench: app }) => app.people.createKey(id, passphrase),
  addKey: ({ id, path, passphrase }, { workbench: app }) => app.people.addKey(id, path, passphrase),
  savePublicKey: async ({ fingerprint, path }, { workbench: app }) => {
    await app.people.savePublicKey(fingerprint, path)
    return { path }
  }
}
