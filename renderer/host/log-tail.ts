import { useEffect, useRef, useState } from 'react'
import type { HostInput } from './contract-types'
import { useHostSubscription } from './streams'

/** Characters kept; older lines are let go, the whole log stays in the file. */
const KEEP = 2_000_000
const FLUSH = 100

export interface LogTail {
  text: string
  /** True while more may come. */
  live: boolean
  error: unknown
}

/** The end of a log and what is added to it, drawn at most ten times a second. */
export function useLogTail<P extends 'jobs.followLog' | 'pipelines.followLog'>(path: P, input: HostInput<P>, enabled = true): LogTail {
  const key = JSON.stringify(input)
  const [shown, setShown] = useState({ key, text: '' })
  const gathered = useRef({ key, text: '' })
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => {
    gathered.current = { key, text: '' }
    setShown(gathered.current)
    return () => {
      clearTimeout(timer.current)
      timer.current = undefined
    }
  }, [key, enabled])
  const subscription = useHostSubscription(path, input, {
    enabled,
    onItem: ({ text }: { text: string }) => {
      const all = gathered.current.text + text
      gathered.current = { key, text: all.length > KEEP ? all.slice(all.indexOf('\n', all.length - KEEP) + 1) : all }
      timer.current ??= setTimeout(() => {
        timer.current = undefined
        setShown(gathered.current)
      }, FLUSH)
    }
  })
  return {
    text: shown.key === key ? shown.text : '',
    live: enabled && subscription.output === null && !subscription.error,
    error: subscription.error
  }
}
