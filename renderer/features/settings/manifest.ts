import { Settings } from 'lucide-react'
import type { AreaManifest } from '../../areas'

declare module '../../ui/navigation' {
  interface Areas {
    settings: true
  }
}

export const manifest: AreaManifest = {
  id: 'settings',
  title: 'Settings',
  icon: Settings,
  group: 'foot',
  order: 1,
  withoutWorkspace: true,
  eventWords: {
    'workspace.created': 'Workspace made',
    'workspace.renamed': 'Workspace renamed',
    'workspace.lost': 'Loss in the ledger found',
    'workspace.repaired': 'Workspace repaired',
    'workspace.salvaged': 'Workspace salvaged from a damaged one',
    'person.created': 'Person added',
    'person.updated': 'Person changed',
    'person.used': 'Person took over',
    'person.left': 'Person left',
    'key.added': 'Signing key added',
    'key.retired': 'Signing key retired',
    'key.saved': 'Public key saved to a file'
  },
  load: () => import('.')
}
