import { Scale } from 'lucide-react'
import type { AreaManifest } from '../../areas'

declare module '../../ui/navigation' {
  interface Areas {
    policies: true
  }
}

export const manifest: AreaManifest = {
  id: 'policies',
  title: 'Policies',
  icon: Scale,
  group: 'Govern',
  order: 2,
  eventWords: { 'policy.saved': 'Policy saved', 'gate.evaluated': 'Policy gate decided' },
  load: () => import('.')
}
