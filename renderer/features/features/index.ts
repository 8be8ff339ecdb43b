import { Gauge } from 'lucide-react'
import { navigate, type Action } from '../../ui'

export { FeaturesPage as Page } from './features-page'

export const actions: readonly Action[] = [
  {
    id: 'features.list',
    title: 'Show all feature sets',
    group: 'Features',
    icon: Gauge,
    keywords: ['feature store', 'columns'],
    run: () => navigate('features')
  }
]
