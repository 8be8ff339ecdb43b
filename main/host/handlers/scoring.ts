import type { scoring } from '../../../preload/contract/scoring'
import type { Handlers } from '../../../preload/wire/definitions'
import { commands } from '../../core/all-commands'
import type { Application } from '../../core/application'
import { bindCommands } from '../bind-commands'

export const scoringHandlers: Handlers<{ scoring: typeof scoring }, Application>['scoring'] = bindCommands(commands.scoring)
