import type { reproduce } from '../../../preload/contract/reproduce'
import type { Handlers } from '../../../preload/wire/definitions'
import { commands } from '../../core/all-commands'
import type { Application } from '../../core/application'
import { bindCommands } from '../bind-commands'

export const reproduceHandlers: Handlers<{ reproduce: typeof reproduce }, Application>['reproduce'] = bindCommands(commands.reproduce)
