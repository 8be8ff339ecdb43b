import { ListChecks } from 'lucide-react'
import { navigate, type Action } from '../../ui'
import { JobsPage } from './jobs-page'
import { jobsStore } from './jobs-store'

export const Page = JobsPage
export const actions: readonly Action[] = [
  {
    id: 'jobs.failed',
    title: 'Show failed jobs',
    group: 'Jobs',
    icon: ListChecks,
    keywords: ['errors', 'problems', 'log'],
    run: () => {
      jobsStore.setState({ state: 'failed', kind: 'all' })
      navigate('jobs')
    }
  }
]
