import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { StreamCall } from '../../preload/wire'
import { isCancelled } from '../ui'
import { reportError } from './commands'
import { topicsOf } from './connection'
import type { HostInput, HostItem, HostOutput, StreamPath } from './contract-types'
import { useClient, useConnectionState } from './provider'
import { invalidateTopics, isDisconnected } from './query-cache'

type Streams = Record<string, Record<string, (input: unknown, options: { signal: AbortSignal }) => StreamCall<unknown, unknown>>>

export interface HostStreamOptions<T, O> {
  onItem?: (item: T) => void
  onDone?: (output: O) => void
  /** How many items `items` keeps, the newest; 0 (default) keeps only `latest`. */
  keep?: number
  /** The caller shows `error`; no notice appears. */
  inline?: boolean
}

export interface HostStream<I, T, O> {
  /** Starts, cancelling a run of the same hook; resolves to the output, or undefined when it failed or was cancelled. */
  start: (input: I) => Promise<O | undefined>
  cancel: () => void
  running: boolean
  latest: T | null
  items: readonly T[]
  output: O | null
  error: unknown
}

/** Runs a stream on demand: progress items, then a result. It is cancelled when the screen goes. */
export function useHostStream<P extends StreamPath>(
  path: P,
  options: HostStreamOptions<HostItem<P>, HostOutput<P>> = {}
): HostStream<HostInput<P>, HostItem<P>, HostOutput<P>> {
  const client = useClient()
  const cache = useQueryClient()
  const [state, setState] = useState<{
    running: boolean
    items: readonly HostItem<P>[]
    latest: HostItem<P> | null
    output: HostOutput<P> | null
    error: unknown
  }>({
    running: false,
    items: [],
    latest: null,
    output: null,
    error: null
  })
  const latest = useRef(options)
  latest.current = options
  const controller = useRef<AbortController>(null)
  const cancel = useCallback(() => controller.current?.abort(), [])
  useEffect(() => cancel, [cancel])
  const start = useCallback(
    async (input: HostInput<P>): Promise<HostOutput<P> | undefined> => {
      controller.current?.abort()
      const own = new AbortController()
      controller.current = own
      const isCurrent = () => controller.current === own
      setState({ running: true, items: [], latest: null, output: null, error: null })
      const [feature, verb] = path.split('.')
      try {
        const call = (client as unknown as Streams)[feature][verb](input, { signal: own.signal })
        for await (const item of call) {
          const typed = item as HostItem<P>
          latest.current.onItem?.(typed)
          const keep = latest.current.keep ?? 0
          if (isCurrent())
            setState((before) => ({ ...before, latest: typed, items: keep ? [...before.items, typed].slice(-keep) : before.items }))
        }
        const output = (await call.result) as HostOutput<P>
        if (isCurrent()) setState((before) => ({ ...before, running: false, output }))
        latest.current.onDone?.(output)
        return output
      } catch (error) {
        if (isCurrent()) setState((before) => ({ ...before, running: false, error: isCancelled(error) ? null : error }))
        if (!latest.current.inline) reportError(error)
        return undefined
      } finally {
        void invalidateTopics(cache, topicsOf(path))
      }
    },
    [client, cache, path]
  )
  return { ...state, start, cancel }
}

export interface HostSubscription<T, O> {
  latest: T | null
  output: O | null
  error: unknown
}

/** Follows a stream as long as the screen stands, and again after the host was restarted. `enabled` false ends it. */
export function useHostSubscription<P extends StreamPath>(
  path: P,
  input: HostInput<P>,
  options: { enabled?: boolean; onItem?: (item: HostItem<P>) => void } = {}
): HostSubscription<HostItem<P>, HostOutput<P>> {
  const client = useClient()
  const { generation } = useConnectionState()
  const [state, setState] = useState<HostSubscription<HostItem<P>, HostOutput<P>>>({ latest: null, output: null, error: null })
  const onItem = useRef(options.onItem)
  onItem.current = options.onItem
  const enabled = options.enabled ?? true
  const inputKey = JSON.stringify(input)
  useEffect(() => {
    if (!enabled) return
    const stop = new AbortController()
    const [feature, verb] = path.split('.')
    setState({ latest: null, output: null, error: null })
    const follow = async () => {
      try {
        const call = (client as unknown as Streams)[feature][verb](JSON.parse(inputKey), { signal: stop.signal })
        for await (const item of call) {
          if (stop.signal.aborted) return
          const typed = item as HostItem<P>
          onItem.current?.(typed)
          setState((before) => ({ ...before, latest: typed }))
        }
        const output = (await call.result) as HostOutput<P>
        if (!stop.signal.aborted) setState((before) => ({ ...before, output }))
      } catch (error) {
        // A lost host is announced once by the frame; the subscription comes back with the next port.
        if (!stop.signal.aborted && !isDisconnected(error)) setState((before) => ({ ...before, error }))
      }
    }
    void follow()
    return () => stop.abort()
  }, [client, path, inputKey, enabled, generation])
  return state
}
