/** The window's way to the host. Screens import from here. */
export { useHostCommand, reportError, type HostCommand, type HostCommandOptions } from './commands'
export { createConnection, createFixedConnection, type ConnectionState, type HostConnection } from './connection'
export type { CommandPath, HostClient, HostInput, HostItem, HostOutput, HostPath, QueryPath, StreamPath } from './contract-types'
export { usePagedRows, type PagedRows, type PagedRowsOptions } from './paged-rows'
export { HostProvider, useClient, useConnection, useConnectionState, useOs, type HostProviderProps } from './provider'
export { hostKey, queryFor, useHostQuery, useInvalidate, type HostQueryOptions } from './queries'
export { createQueryCache, invalidateTopics, isDisconnected } from './query-cache'
export { useHostStream, useHostSubscription, type HostStream, type HostStreamOptions, type HostSubscription } from './streams'
