import { Boxes } from 'lucide-react'
import type { AreaManifest } from '../../areas'

declare module '../../ui/navigation' {
  interface Areas {
    models: true
  }
}

export const manifest: AreaManifest = {
  id: 'models',
  title: 'Models',
  icon: Boxes,
  group: 'Govern',
  order: 1,
  eventWords: {
    'model.brought': 'Model file brought in',
    'model.registered': 'Model registered',
    'model.described': 'Model described',
    'model.stage': 'Model moved to another stage',
    'model.scored': 'File scored with a model',
    'model.explained': 'Rows explained by a model',
    'decision.explained': 'Decision sheet saved',
    'card.saved': 'Model card saved to a file'
  },
  load: () => import('.')
}
