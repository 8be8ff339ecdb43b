import { CircleQuestionMark } from 'lucide-react'
import type { AreaManifest } from '../../areas'

declare module '../../ui/navigation' {
  interface Areas {
    help: true
  }
}

export const manifest: AreaManifest = {
  id: 'help',
  title: 'Help',
  icon: CircleQuestionMark,
  group: 'foot',
  order: 0,
  withoutWorkspace: true,
  load: () => import('.')
}
