import type { explain } from '../../../preload/contract/explain'
import type { Handlers } from '../../../preload/wire/definitions'
import { commands } from '../../core/all-commands'
import type { Application } from '../../core/application'
import { bindCommands } from '../bind-commands'

export const explainHandlers: Handlers<{ explain: typeof explain }, Application>['explain'] = bindCommands(commands.explain)
