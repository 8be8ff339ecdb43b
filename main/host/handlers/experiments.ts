import type { experiments } from '../../../preload/contract/experiments'
import type { Handlers } from '../../../preload/wire/definitions'
import { commands } from '../../core/all-commands'
import type { Application } from '../../core/application'
import { bindCommands } from '../bind-commands'

export const experimentsHandlers: Handlers<{ experiments: typeof experiments }, Application>['experiments'] = {
  ...bindCommands(commands.experiments),
  list: (_input, { workbench: app }) => app.experiments.list(),
  runs: (query, { workbench: app }) => app.experiments.runs(query),
  runIds: (query, { workbench: app }) => app.experiments.runs({ ...query, limit: Number.MAX_SAFE_INTEGER }).runs.map(({ id }) => id),
  run: ({ id }, { workbench: app }) => app.experiments.run(id),
  find: ({ prefix }, { workbench: app }) => app.experiments.findRun(prefix),
  evaluation: ({ id }, { workbench: app }) => app.experiments.evaluation(id),
  tradeOff: (query, { workbench: app, signal }) => app.experiments.tradeOff({ ...query, signal }),
  origin: ({ id }, { workbench: app }) => app.experiments.origin(id),
  settled: ({ id }, { workbench: app }) => app.experiments.settled(id),
  glassBox: ({ id }, { workbench: app }) => app.experiments.glassBox(id),
  crossValidation: ({ id }, { workbench: app }) => app.experiments.crossValidation(id),
  training: ({ id }, { workbench: app }) => app.experiments.training(id),
  curves: ({ ids }, { workbench: app }) => app.experiments.curves(ids),
  compare: ({ ids, ...choices }, { workbench: app, signal }) => app.experiments.compare(ids, { ...choices, signal }),
  code: ({ id }, { workbench: app }) => app.experiments.code(id)
}
