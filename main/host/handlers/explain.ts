import type { explain } from '../../../preload/contract/explain'
import type { Handlers } from '../../../preload/wire/definitions'
import { commands } from '../../core/all-commands'
import type { Application } from '../../core/application'
import { bindCommands } from '../bind-commands'

export const explainHandlers: Handlers<{ explain: typeof explain }, Application>['explain'] = {
  ...bindCommands(commands.explain),
  ofRun: ({ run }, { workbench: app }) => app.explain.ofRun(run),
  dependenceOfRun: ({ run }, { workbench: app }) => app.explain.dependenceOfRun(run),
  panel: (model, { workbench: app, signal }) => app.explain.panel(model, signal),
  row: ({ panel, row }, { workbench: app }) => app.explain.opened(panel).row(row),
  find: ({ panel, asked }, { workbench: app, signal }) => app.explain.opened(panel).find(asked, signal),
  ask: ({ panel, ...asked }, { workbench: app, signal }) => app.explain.opened(panel).ask(asked, signal),
  nearest: ({ panel, ...asked }, { workbench: app, signal }) => app.explain.opened(panel).nearest(asked, signal)
}
