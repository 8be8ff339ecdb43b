import { Boxes, PackageCheck, PackageOpen } from 'lucide-react'
import { navigate, type Action } from '../../ui'

/** The page that takes in a model of other tools. */
export const openImportPage = (): void => navigate('models', [], { view: 'import' })

/** What the area can do from anywhere in the window. */
export const actions: readonly Action[] = [
  { id: 'models.list', title: 'Show the registered models', group: 'Models', icon: Boxes, run: () => navigate('models') },
  {
    id: 'models.import',
    title: 'Import a model that was made elsewhere',
    group: 'Models',
    icon: PackageOpen,
    keywords: ['onnx', 'scikit-learn', 'lightgbm', 'xgboost', 'pytorch', 'parity'],
    run: openImportPage
  },
  {
    id: 'models.export-any',
    title: 'Export a model as a signed bundle',
    group: 'Models',
    icon: PackageCheck,
    keywords: ['sign', 'drydock', 'release', 'bundle'],
    run: () => navigate('models', [], { export: '1' })
  }
]
