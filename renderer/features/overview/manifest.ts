import { LayoutDashboard } from 'lucide-react'
import type { AreaManifest } from '../../areas'

declare module '../../ui/navigation' {
  interface Areas {
    overview: true
  }
}

export const manifest: AreaManifest = {
  id: 'overview',
  title: 'Overview',
  icon: LayoutDashboard,
  group: 'top',
  order: 1,
  load: () => import('.')
}
