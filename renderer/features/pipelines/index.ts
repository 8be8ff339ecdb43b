import { FilePlus2 } from 'lucide-react'
import { navigate, type Action } from '../../ui'
import { listStore } from './list-store'
import { PipelinesPage } from './pipelines-page'

export const Page = PipelinesPage
export const actions: readonly Action[] = [
  {
    id: 'pipelines.new',
    title: 'New pipeline',
    group: 'Pipelines',
    icon: FilePlus2,
    keywords: ['create', 'graph', 'starter'],
    run: () => {
      listStore.setState({ isCreating: true })
      navigate('pipelines')
    }
  }
]
