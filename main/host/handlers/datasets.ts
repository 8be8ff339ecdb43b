import { basename } from 'node:path'
import type { datasets } from '../../../preload/contract/datasets'
import type { Handlers } from '../../../preload/wire/definitions'
import type { Application } from '../../core/application'
import { importFacts } from '../../core/datasets'
import { jobItems } from '../job-items'

export const datasetsHandlers: Handlers<
  { datasets: typeof datasets },
  Pick<Application, 'datasets' | 'jobs' | 'people' | 'audit'>
>['datasets'] = {
  list: ({ trashed }, { workbench }) => workbench.datasets.list({ trashed }),
  get: ({ ref }, { workbench }) => workbench.datasets.get(ref),
  previewImport: ({ path, choices }, { workbench, signal }) => workbench.datasets.previewImport(path, choices, { signal }),
  import: ({ path, options }, { workbench: app, signal }) =>
    jobItems(
      app.jobs,
      { kind: 'import', title: `Import ${basename(path)}`, signal, subjectOf: (result) => result.version.ref },
      async (work) => {
        const createdBy = app.people.current()?.name ?? null
        const result = await app.datasets.importFile(path, options, { ...work, createdBy })
        if (result.created) app.audit.record('dataset.imported', result.version.ref, importFacts(result))
        return result
      }
    ),
  rows: ({ ref, ...request }, { workbench, signal }) => workbench.datasets.rows(ref, request, { signal }),
  badRows: ({ ref }, { workbench }) => workbench.datasets.badRows(ref),
  setColumns: ({ ref, columns }, { workbench }) => workbench.datasets.setColumns(ref, columns),
  update: ({ name, rename, metadata }, { workbench }) => workbench.datasets.update(name, { rename, metadata }),
  trash: ({ name }, { workbench }) => workbench.datasets.trash(name),
  restore: ({ id }, { workbench }) => workbench.datasets.restore(id),
  ledgerTables: (_input, { workbench }) => workbench.datasets.ledgerTables(),
  sql: ({ text, limit }, { workbench, signal }) => workbench.datasets.sql(text, { limit, signal })
}
