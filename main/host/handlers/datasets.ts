import type { datasets } from '../../../preload/contract/datasets'
import type { Handlers } from '../../../preload/wire/definitions'
import { commands } from '../../core/all-commands'
import type { Application } from '../../core/application'
import { bindCommands } from '../bind-commands'

export const datasetsHandlers: Handlers<{ datasets: typeof datasets }, Application>['datasets'] = {
  ...bindCommands(commands.datasets),
  list: ({ trashed }, { workbench }) => workbench.datasets.list({ trashed }),
  get: ({ ref }, { workbench }) => workbench.datasets.get(ref),
  previewImport: ({ path, choices }, { workbench, signal }) => workbench.datasets.previewImport(path, choices, { signal }),
  rows: ({ ref, ...request }, { workbench, signal }) => workbench.datasets.rows(ref, request, { signal }),
  misfits: ({ ref, ...request }, { workbench }) => workbench.datasets.misfits(ref, request),
  ledgerTables: (_input, { workbench }) => workbench.datasets.ledgerTables(),
  sql: ({ text, limit }, { workbench, signal }) => workbench.datasets.sql(text, { limit, signal })
}
