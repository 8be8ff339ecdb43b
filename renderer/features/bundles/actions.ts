import { FolderOpen, PackageCheck, PackageOpen } from 'lucide-react'
import { navigate, type Action } from '../../ui'
import { bundlesStore } from './bundles-store'

/** Goes to the reviewer page and opens the dialog there. */
export function askForBundle(form: 'file' | 'folder'): void {
  bundlesStore.setState({ ask: form })
  navigate('bundles', ['review'])
}

/** What the area can do from anywhere in the window, with or without a workspace. */
export const actions: readonly Action[] = [
  {
    id: 'bundles.open',
    title: 'Open a bundle to review',
    group: 'Bundles',
    icon: PackageOpen,
    keywords: ['verify', 'drydock', 'signature', 'countersign'],
    keys: 'Mod+Shift+O',
    run: () => askForBundle('file')
  },
  {
    id: 'bundles.open-folder',
    title: 'Open a bundle folder to review',
    group: 'Bundles',
    icon: FolderOpen,
    keywords: ['verify', 'directory', 'signature'],
    run: () => askForBundle('folder')
  },
  { id: 'bundles.list', title: 'Show the exported bundles', group: 'Bundles', icon: PackageCheck, run: () => navigate('bundles') }
]
