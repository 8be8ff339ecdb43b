import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { copyText, describeError, errorDetailsText, isCancelled, showToast } from '../ui'
import { topicsOf } from './connection'
import type { CommandPath, HostInput, HostOutput } from './contract-types'
import { useClient } from './provider'
import { invalidateTopics } from './query-cache'

/** A damaged workspace has a page of its own, with what was found and the ways back. */
const offersRecovery = (error: unknown): boolean =>
  (error as { details?: { offersRecovery?: unknown } } | null)?.details?.offersRecovery === true

/** Shows an error as a notice with its details to copy; a cancellation is the person's own wish and stays silent. */
export function reportError(error: unknown): void {
  if (isCancelled(error) || offersRecovery(error)) return
  const { headline, rest } = describeError(error)
  showToast({
    status: 'error',
    title: headline,
    text: rest,
    action: { label: 'Copy details', run: () => void copyText(errorDetailsText(error)) }
  })
}

export interface HostCommandOptions<I, O> {
  /** Says what was done. */
  success?: string | ((output: O, input: I) => string)
  onSuccess?: (output: O, input: I) => void
  /** The caller shows `error` beside its form; no notice appears. */
  inline?: boolean
}

export interface HostCommand<I, O> {
  /** Resolves to the output, or to undefined when it failed (then `error` holds why and a notice was shown). */
  run: (input: I) => Promise<O | undefined>
  busy: boolean
  error: unknown
  reset: () => void
}

/** Runs a command; when it is done the topics it changes are fresh. */
export function useHostCommand<P extends CommandPath>(
  path: P,
  options: HostCommandOptions<HostInput<P>, HostOutput<P>> = {}
): HostCommand<HostInput<P>, HostOutput<P>> {
  const client = useClient()
  const cache = useQueryClient()
  const [running, setRunning] = useState(0)
  const [error, setError] = useState<unknown>(null)
  const latest = useRef(options)
  latest.current = options
  const mounted = useRef(true)
  useEffect(() => {
    mounted.current = true
    return () => {
      mounted.current = false
    }
  }, [])
  const run = useCallback(
    async (input: HostInput<P>): Promise<HostOutput<P> | undefined> => {
      const [feature, verb] = path.split('.')
      const call = (client as unknown as Record<string, Record<string, (input: unknown) => Promise<unknown>>>)[feature][verb]
      setRunning((count) => count + 1)
      setError(null)
      try {
        const output = (await call(input)) as HostOutput<P>
        void invalidateTopics(cache, topicsOf(path))
        const { success, onSuccess } = latest.current
        if (success) showToast({ status: 'ok', title: typeof success === 'string' ? success : success(output, input) })
        onSuccess?.(output, input)
        return output
      } catch (caught) {
        if (mounted.current) setError(caught)
        if (!latest.current.inline || !mounted.current) reportError(caught)
        return undefined
      } finally {
        if (mounted.current) setRunning((count) => count - 1)
      }
    },
    [client, cache, path]
  )
  const reset = useCallback(() => setError(null), [])
  return { run, busy: running > 0, error, reset }
}
