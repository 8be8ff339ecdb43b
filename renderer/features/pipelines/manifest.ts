import { Workflow } from 'lucide-react'
import type { AreaManifest } from '../../areas'

declare module '../../ui/navigation' {
  interface Areas {
    pipelines: true
  }
}

export const manifest: AreaManifest = {
  id: 'pipelines',
  title: 'Pipelines',
  icon: Workflow,
  group: 'Build',
  order: 1,
  eventWords: {
    'pipeline.saved': 'Pipeline saved',
    'pipeline.removed': 'Pipeline put in the trash',
    'pipeline.restored': 'Pipeline restored',
    'pipeline.started': 'Pipeline run started',
    'pipeline.cancelled': 'Pipeline run cancelled'
  },
  load: () => import('.')
}
