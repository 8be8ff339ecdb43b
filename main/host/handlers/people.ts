import type { people } from '../../../preload/contract/people'
import type { Handlers } from '../../../preload/wire/definitions'
import { commands } from '../../core/all-commands'
import type { Application } from '../../core/application'
import { readPublicKeyFile } from '../../core/people'
import { bindCommands } from '../bind-commands'

export const peopleHandlers: Handlers<{ people: typeof people }, Application>['people'] = {
  ...bindCommands(commands.people),
  list: (_input, { workbench: app }) => app.people.list(),
  publicKeyFile: async ({ path }, { workbench: app }) => {
    const { people } = app
    const { fingerprint } = await readPublicKeyFile(path)
    return { fingerprint, holder: people.holderOf(fingerprint)?.person.name ?? null }
  }
}
