import { ListChecks } from 'lucide-react'
import type { AreaManifest } from '../../areas'

declare module '../../ui/navigation' {
  interface Areas {
    jobs: true
  }
}

export const manifest: AreaManifest = {
  id: 'jobs',
  title: 'Jobs',
  icon: ListChecks,
  group: 'Build',
  order: 2,
  mark: (running) => running.jobs,
  eventWords: {
    'job.cancelled': 'Job cancelled'
  },
  load: () => import('.')
}
