import type { experiments } from '../../../preload/contract/experiments'
import type { Handlers } from '../../../preload/wire/definitions'
import type { Application } from '../../core/application'

export const experimentsHandlers: Handlers<{ experiments: typeof experiments }, Application>['experiments'] = {
  list: (_input, { workbench: app }) => app.experiments.list(),
  update: ({ id, ...change }, { workbench: app }) => app.experiments.update(id, change),
  runs: (query, { workbench: app }) => app.experiments.runs(query),
  run: ({ id }, { workbench: app }) => app.experiments.run(id),
  evaluation: ({ id }, { workbench: app }) => app.experiments.evaluation(id),
  tradeOff: (query, { workbench: app }) => app.experiments.tradeOff(query),
  training: ({ id }, { workbench: app }) => app.experiments.training(id),
  curves: ({ ids }, { workbench: app }) => app.experiments.curves(ids),
  compare: ({ ids }, { workbench: app }) => app.experiments.compare(ids),
  code: ({ id }, { workbench: app }) => app.experiments.code(id),
  annotate: ({ id, ...change }, { workbench: app }) => app.experiments.annotate(id, change),
  setTag: ({ id, key, value }, { workbench: app }) => app.experiments.setTag(id, key, value),
  trash: ({ ids }, { workbench: app }) => {
    app.experiments.trash(ids)
    return null
  },
  restore: ({ ids }, { workbench: app }) => {
    app.experiments.restore(ids)
    return null
  }
}
