import { QueryClientProvider, type QueryClient } from '@tanstack/react-query'
import { createContext, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react'
import type { OsCalls } from '../../preload/wire'
import type { ConnectionState, HostConnection } from './connection'
import type { HostClient } from './contract-types'
import { createQueryCache, followChanges } from './query-cache'

const ConnectionContext = createContext<HostConnection | null>(null)

export interface HostProviderProps {
  connection: HostConnection
  cache?: QueryClient
  /** Shown until the first port is there. */
  fallback?: ReactNode
  /** The children reopen what was open after a restart of the host and then refresh: an earlier answer would be "nothing is open". */
  childrenRefresh?: boolean
  children: ReactNode
}

/** Gives the screens the host: client, query cache and the feed that keeps it fresh. */
export function HostProvider({ connection, cache, fallback = null, childrenRefresh = false, children }: HostProviderProps) {
  const [queryCache] = useState(() => cache ?? createQueryCache())
  const { generation } = useSyncExternalStore(connection.subscribe, connection.getState)
  useEffect(() => {
    if (generation === 0) return
    const stop = new AbortController()
    if (generation > 1 && !childrenRefresh) void queryCache.invalidateQueries()
    void followChanges(connection.client, queryCache, stop.signal)
    return () => stop.abort()
  }, [generation, connection, queryCache, childrenRefresh])
  return (
    <ConnectionContext value={connection}>
      <QueryClientProvider client={queryCache}>{generation === 0 ? fallback : children}</QueryClientProvider>
    </ConnectionContext>
  )
}

export function useConnection(): HostConnection {
  const connection = useContext(ConnectionContext)
  if (!connection) throw new Error('This screen stands outside of HostProvider.')
  return connection
}

/** The typed client; the same object for the life of the window. */
export function useClient(): HostClient {
  return useConnection().client
}

/** File dialogs and the few other calls to the operating system. */
export function useOs(): OsCalls {
  return useConnection().os
}

export function useConnectionState(): ConnectionState {
  const connection = useConnection()
  return useSyncExternalStore(connection.subscribe, connection.getState)
}
