import { Boxes, FilePlus2, PackageCheck, Scale } from 'lucide-react'
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
  },
  {
    id: 'models.policies',
    title: 'Show the policies',
    group: 'Models',
    icon: Scale,
    keywords: ['gate', 'rules', 'governance', 'cel'],
    run: () => navigate('models', ['policies'])
  },
  {
    id: 'models.new-policy',
    title: 'Write a new policy',
    group: 'Models',
    icon: FilePlus2,
    keywords: ['gate', 'rules', 'governance'],
    run: () => navigate('models', ['policies'], { view: 'new' })
  }
]
