import { PackageCheck } from 'lucide-react'
import type { AreaManifest } from '../../areas'

declare module '../../ui/navigation' {
  interface Areas {
    bundles: true
  }
}

export const manifest: AreaManifest = {
  id: 'bundles',
  title: 'Bundles',
  icon: PackageCheck,
  group: 'Govern',
  order: 3,
  withoutWorkspace: true,
  eventWords: {
    'bundle.exported': 'Bundle exported and signed',
    'bundle.countersigned': 'Bundle countersigned',
    'bundle.decided': 'Decisions on a bundle kept',
    'sheet.saved': 'Sheet about a bundle saved to a file'
  },
  load: () => import('.')
}
