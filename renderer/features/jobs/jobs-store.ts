import { createStore } from 'zustand/vanilla'
import type { Job } from '../../../main/model/job'

export type StateFilter = 'all' | 'active' | 'failed' | 'succeeded' | 'cancelled'

export interface JobsFilter {
  state: StateFilter
  kind: Job['kind'] | 'all'
}

/** The filter of the list; which job is shown stands in the address. */
export const jobsStore = createStore<JobsFilter>(() => ({ state: 'all', kind: 'all' }))

export const statesOf: Record<StateFilter, Job['state'][] | undefined> = {
  all: undefined,
  active: ['queued', 'running'],
  failed: ['failed', 'interrupted'],
  succeeded: ['succeeded'],
  cancelled: ['cancelled']
}
