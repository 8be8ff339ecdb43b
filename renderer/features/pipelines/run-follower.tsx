import { useEffect } from 'react'
import { reportError, useHostSubscription } from '../../host'
import { clearRun, foldRunEvent, type RunStore } from './run-store'

/** Keeps the store on the run `runId`; draws nothing. */
export function RunFollower({ runId, store }: { runId: string; store: RunStore }) {
  useEffect(() => clearRun(store), [runId, store])
  const { error } = useHostSubscription(
    'pipelines.watchRun',
    { runId },
    { onItem: (event) => store.setState((state) => foldRunEvent(state, event), true) }
  )
  useEffect(() => {
    if (error) reportError(error)
  }, [error])
  return null
}
