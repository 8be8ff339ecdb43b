import { Database } from 'lucide-react'
import type { AreaManifest } from '../../areas'

declare module '../../ui/navigation' {
  interface Areas {
    data: true
  }
}

export const manifest: AreaManifest = {
  id: 'data',
  title: 'Datasets',
  icon: Database,
  group: 'Data',
  order: 1,
  eventWords: {
    'report.saved': 'Quality report saved to a file',
    'dataset.imported': 'Dataset imported',
    'dataset.columns': 'Columns described',
    'dataset.updated': 'Dataset described',
    'dataset.trashed': 'Dataset put in the trash',
    'dataset.restored': 'Dataset restored',
    'quality.checked': 'Quality checked'
  },
  load: () => import('.')
}
