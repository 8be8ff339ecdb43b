import type { imports } from '../../../preload/contract/imports'
import type { Handlers } from '../../../preload/wire/definitions'
import { commands } from '../../core/all-commands'
import type { Application } from '../../core/application'
import { bindCommands } from '../bind-commands'

export const importsHandlers: Handlers<{ imports: typeof imports }, Application>['imports'] = {
  ...bindCommands(commands.imports),
  outline: ({ file }, { workbench: app }) => app.imports.outline(file),
  draft: (request, { workbench: app, signal }) => app.imports.draft(request, signal)
}
