import { Boxes, PackageCheck } from 'lucide-react'
import { navigate, type Action } from '../../ui'

/** What the area can do from anywhere in the window. */
export const actions: readonly Action[] = [
  { id: 'models.list', title: 'Show the registered models', group: 'Models', icon: Boxes, run: () => navigate('models') },
  {
    id: 'models.export-any',
    title: 'Export a model as a signed bundle',
    group: 'Models',
    icon: PackageCheck,
    keywords: ['sign', 'drydock', 'release', 'bundle'],
    run: () => navigate('models', [], { export: '1' })
  }
]
