import { FlaskConical, Trash2 } from 'lucide-react'
import { navigate, type Action } from '../../ui'
import { changeList } from './view-store'

export { ExperimentsPage as Page } from './experiments-page'

const showRuns = (trashed: boolean) => () => {
  changeList({ trashed })
  navigate('experiments')
}

export const actions: readonly Action[] = [
  { id: 'experiments.runs', title: 'Show the runs', group: 'Experiments', icon: FlaskConical, keywords: ['trials'], run: showRuns(false) },
  { id: 'experiments.trash', title: 'Show the runs in the trash', group: 'Experiments', icon: Trash2, run: showRuns(true) }
]
