import { FilePlus2 } from 'lucide-react'
import { navigate, type Action } from '../../ui'
import { listStore } from './list-store'
import { pipelineAction } from './pipeline-action'
import { PipelinesPage } from './pipelines-page'

export const Page = PipelinesPage
export const actions: readonly Action[] = [
  pipelineAction(
    'pipelines.new',
    'New pipeline',
    FilePlus2,
    () => {
      listStore.setState({ isCreating: true })
      navigate('pipelines')
    },
    { keywords: ['create', 'graph', 'starter'] }
  )
]
