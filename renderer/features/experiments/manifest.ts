import { FlaskConical } from 'lucide-react'
import type { AreaManifest } from '../../areas'

declare module '../../ui/navigation' {
  interface Areas {
    experiments: true
  }
}

export const manifest: AreaManifest = {
  id: 'experiments',
  title: 'Experiments',
  icon: FlaskConical,
  group: 'Compare',
  order: 1,
  eventWords: {
    'run.tagged': 'Run tagged',
    'run.recorded': 'Run recorded',
    'run.evaluated': 'Run evaluated',
    'run.annotated': 'Run annotated',
    'run.explained': 'Run explained',
    'run.reproduced': 'Run done again from its record',
    'run.trashed': 'Run put in the trash',
    'run.restored': 'Run restored',
    'experiment.updated': 'Experiment described'
  },
  load: () => import('.')
}
