import type { datasets } from '../../../preload/contract/datasets'
import type { Handlers } from '../../../preload/wire/definitions'
import type { WorkProgress } from '../../model/dataset'
import type { Datasets } from '../../core/datasets'
import { progressItems } from '../progress-items'

export const datasetsHandlers: Handlers<{ datasets: typeof datasets }, { datasets: Datasets }>['datasets'] = {
  list: ({ trashed }, { workbench }) => workbench.datasets.list({ trashed }),
  get: ({ ref }, { workbench }) => workbench.datasets.get(ref),
  previewImport: ({ path, choices }, { workbench, signal }) => workbench.datasets.previewImport(path, choices, { signal }),
  async *import({ path, options }, { workbench, signal }) {
    return yield* progressItems<WorkProgress, Awaited<ReturnType<Datasets['importFile']>>>((onProgress) =>
      workbench.datasets.importFile(path, options, { signal, onProgress })
    )
  },
  rows: ({ ref, ...request }, { workbench, signal }) => workbench.datasets.rows(ref, request, { signal }),
  badRows: ({ ref }, { workbench }) => workbench.datasets.badRows(ref),
  setColumns: ({ ref, columns }, { workbench }) => workbench.datasets.setColumns(ref, columns),
  update: ({ name, rename, metadata }, { workbench }) => workbench.datasets.update(name, { rename, metadata }),
  trash: ({ name }, { workbench }) => workbench.datasets.trash(name),
  restore: ({ id }, { workbench }) => workbench.datasets.restore(id),
  sql: ({ text, limit }, { workbench, signal }) => workbench.datasets.sql(text, { limit, signal })
}
