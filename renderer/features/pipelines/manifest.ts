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
  load: () => import('.')
}
