import { QueryClient } from '@tanstack/react-query'
import { WireError } from '../../preload/wire'
import type { HostClient } from './contract-types'

/** True when the host went away during the call; the same call succeeds once it is back. */
export const isDisconnected = (error: unknown): boolean => error instanceof WireError && error.details?.['reason'] === 'disconnected'

/** The cache of what the host owns. The machine is offline by design, so "online" must never hold a query back. */
export function createQueryCache(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        staleTime: 30_000,
        gcTime: 5 * 60_000,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        retry: (count, error) => isDisconnected(error) && count < 10,
        retryDelay: 500
      }
    }
  })
}

/** Marks the cached queries of these topics stale and refetches what is on screen; `*` means all. Keys start with the feature. */
export async function invalidateTopics(cache: QueryClient, topics: readonly string[]): Promise<void> {
  if (topics.length === 0) return
  if (topics.includes('*')) return cache.invalidateQueries()
  const stale = new Set(topics)
  await cache.invalidateQueries({ predicate: (query) => stale.has(String(query.queryKey[0])) })
}

/** Reads the host's feed of stale topics until `signal` fires; topics that come close together are handled at once. */
export async function followChanges(client: HostClient, cache: QueryClient, signal: AbortSignal): Promise<void> {
  const waiting = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    timer = undefined
    const topics = [...waiting]
    waiting.clear()
    void invalidateTopics(cache, topics)
  }
  while (!signal.aborted) {
    try {
      for await (const { topics } of client.system.changes({}, { signal })) {
        for (const topic of topics) waiting.add(topic)
        timer ??= setTimeout(flush, 40)
      }
    } catch (error) {
      if (signal.aborted || isDisconnected(error)) return
    }
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
}
