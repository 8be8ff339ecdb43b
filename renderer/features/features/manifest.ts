import { Gauge } from 'lucide-react'
import type { AreaManifest } from '../../areas'

declare module '../../ui/navigation' {
  interface Areas {
    features: true
  }
}

export const manifest: AreaManifest = {
  id: 'features',
  title: 'Features',
  icon: Gauge,
  group: 'Data',
  order: 2,
  load: () => import('.')
}
