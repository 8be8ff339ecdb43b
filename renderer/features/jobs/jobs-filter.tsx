import { useStore } from 'zustand'
import type { Job } from '../../../main/model/job'
import { Select, Toolbar } from '../../ui'
import { kindWords } from './job-words'
import { jobsStore, type StateFilter } from './jobs-store'

const stateChoices: { value: StateFilter; label: string }[] = [
  { value: 'all', label: 'All states' },
  { value: 'active', label: 'Running or queued' },
  { value: 'failed', label: 'Failed or interrupted' },
  { value: 'succeeded', label: 'Succeeded' },
  { value: 'cancelled', label: 'Cancelled' }
]

/** Which jobs are listed. */
export function JobsFilterBar() {
  const { state, kind } = useStore(jobsStore)
  return (
    <Toolbar aria-label="Filter jobs">
      <div className="w-48">
        <Select aria-label="State" value={state} onChange={(value) => jobsStore.setState({ state: value })} choices={stateChoices} />
      </div>
      <div className="w-40">
        <Select
          aria-label="Kind"
          value={kind}
          onChange={(value) => jobsStore.setState({ kind: value as Job['kind'] | 'all' })}
          choices={[{ value: 'all', label: 'All kinds' }, ...Object.entries(kindWords).map(([value, label]) => ({ value, label }))]}
        />
      </div>
    </Toolbar>
  )
}
