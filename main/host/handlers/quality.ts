import type { quality } from '../../../preload/contract/quality'
import type { Handlers } from '../../../preload/wire/definitions'
import { commands } from '../../core/all-commands'
import type { Application } from '../../core/application'
import { bindCommands } from '../bind-commands'

export const qualityHandlers: Handlers<{ quality: typeof quality }, Application>['quality'] = {
  ...bindCommands(commands.quality),
  list: ({ dataset }, { workbench }) => workbench.quality.list({ dataset }),
  get: ({ id }, { workbench }) => workbench.quality.get(id),
  html: ({ id }, { workbench }) => workbench.quality.html(id)
}
