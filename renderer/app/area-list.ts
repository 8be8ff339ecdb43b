import { Database } from 'lucide-react'
import type { AreaManifest } from '../areas'

/** The areas of the window: one line each. What an area is called, where it stands and how it is loaded is in its manifest. */
export { manifest as bundles } from '../features/bundles/manifest'
export { manifest as experiments } from '../features/experiments/manifest'
export { manifest as features } from '../features/features/manifest'
export { manifest as jobs } from '../features/jobs/manifest'
export { manifest as models } from '../features/models/manifest'
export { manifest as overview } from '../features/overview/manifest'
export { manifest as pipelines } from '../features/pipelines/manifest'
export { manifest as settings } from '../features/settings/manifest'

declare module '../ui/navigation' {
  interface Areas {
    data: true
  }
}

export const data: AreaManifest = {
  id: 'data',
  title: 'Datasets',
  icon: Database,
  group: 'Data',
  order: 1,
  eventWords: {
    'dataset.imported': 'Dataset imported',
    'dataset.columns': 'Columns described',
    'dataset.updated': 'Dataset described',
    'dataset.trashed': 'Dataset put in the trash',
    'dataset.restored': 'Dataset restored',
    'quality.checked': 'Quality checked'
  },
  load: () => import('../features/data')
}
