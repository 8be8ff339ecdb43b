import { useEffect, useRef, useState } from 'react'
import { reportError, useHostSubscription } from '../../host'
import { clearRun, foldRunEvent, useRun, type RunStore } from './run-store'

/** A restarted host opens its workspace again first and refuses calls meanwhile, so a lost run is asked for again. */
const ATTEMPTS = 5
const PAUSE = 1000

interface RunFollowerProps {
  runId: string
  store: RunStore
}

/** Keeps the store on the run `runId`; draws nothing. */
export function RunFollower({ runId, store }: RunFollowerProps) {
  const [attempt, setAttempt] = useState(1)
  useEffect(() => {
    setAttempt(1)
    clearRun(store)
  }, [runId, store])
  return (
    <Follow
      key={`${runId}/${attempt}`}
      runId={runId}
      store={store}
      onLost={(error) => (attempt < ATTEMPTS ? setAttempt(attempt + 1) : reportError(error))}
    />
  )
}

function Follow({ runId, store, onLost }: RunFollowerProps & { onLost: (error: unknown) => void }) {
  const { error } = useHostSubscription(
    'pipelines.watchRun',
    { runId },
    { onItem: (event) => store.setState((state) => foldRunEvent(state, event), true) }
  )
  const latest = useRef(onLost)
  latest.current = onLost
  useEffect(() => {
    if (!error) return
    const timer = setTimeout(() => latest.current(error), PAUSE)
    return () => clearTimeout(timer)
  }, [error])
  return null
}

/** Tells assistive technology how the run goes, at its turns only. */
export function RunAnnouncer() {
  const state = useRun((run) => run.run?.state ?? null)
  const [text, setText] = useState('')
  const before = useRef(state)
  useEffect(() => {
    if (before.current !== null && state !== null && before.current !== state)
      setText(`The run has ${state === 'running' ? 'started' : state}.`)
    before.current = state
  }, [state])
  return (
    <span role="status" className="sr-only">
      {text}
    </span>
  )
}
