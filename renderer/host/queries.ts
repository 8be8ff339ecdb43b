import { keepPreviousData, useQuery, useQueryClient, type UseQueryOptions, type UseQueryResult } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { HostClient, HostInput, HostOutput, QueryPath } from './contract-types'
import { useClient } from './provider'
import { invalidateTopics } from './query-cache'

type Call = (input: unknown, options: { signal?: AbortSignal }) => Promise<unknown>

/** The cache key of a query: feature, verb, input. */
export function hostKey<P extends QueryPath>(path: P, input: HostInput<P>): readonly unknown[] {
  return [...path.split('.'), input]
}

function fetcherFor<P extends QueryPath>(client: HostClient, path: P, input: HostInput<P>) {
  const [feature, verb] = path.split('.')
  const call = (client as unknown as Record<string, Record<string, Call>>)[feature][verb]
  return ({ signal }: { signal: AbortSignal }) => call(input, { signal }) as Promise<HostOutput<P>>
}

/** Query options of one path, for useQueries, prefetchQuery and fetchQuery. */
export function queryFor<P extends QueryPath>(client: HostClient, path: P, input: HostInput<P>) {
  return { queryKey: hostKey(path, input), queryFn: fetcherFor(client, path, input) }
}

export interface HostQueryOptions {
  /** False holds the query back, for instance until something is selected. */
  enabled?: boolean
  /** Shows the former page while the next one loads. */
  keepPrevious?: boolean
  /** Milliseconds between refetches, for what the change feed does not cover. */
  refetchInterval?: number
}

/** Reads from the host and stays fresh by the change feed. */
export function useHostQuery<P extends QueryPath>(
  path: P,
  input: HostInput<P>,
  options: HostQueryOptions = {}
): UseQueryResult<HostOutput<P>> {
  const client = useClient()
  const query: UseQueryOptions<HostOutput<P>> = {
    queryKey: hostKey(path, input),
    queryFn: fetcherFor(client, path, input),
    enabled: options.enabled ?? true,
    refetchInterval: options.refetchInterval ?? false
  }
  return useQuery(options.keepPrevious ? { ...query, placeholderData: keepPreviousData } : query) as UseQueryResult<HostOutput<P>>
}

/** Marks topics stale by hand; rarely needed, commands do it by their definition. */
export function useInvalidate(): (topics: readonly string[]) => Promise<void> {
  const cache = useQueryClient()
  return useCallback((topics: readonly string[]) => invalidateTopics(cache, topics), [cache])
}
