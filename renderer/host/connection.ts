import { contract, type DrydockContract } from '../../preload/contract'
import {
  createClient,
  type CallOptions,
  type DrydockBridge,
  type HostState,
  type OsCalls,
  type StreamCall,
  type WirePort
} from '../../preload/wire'
import type { HostClient } from './contract-types'

export interface ConnectionState {
  status: HostState | 'connecting'
  /** Rises with every new port: what was subscribed on an older one has ended. */
  generation: number
  /** True after the host died and came back, until the person has closed the notice. */
  restarted: boolean
}

/** The one way to the host. `client` stays the same object over restarts of the host; calls go to the newest port. */
export interface HostConnection {
  readonly client: HostClient
  readonly os: OsCalls
  getState(): ConnectionState
  subscribe(listener: () => void): () => void
  dismissRestartNotice(): void
}

type AnyCall = (input: unknown, options?: CallOptions) => Promise<unknown> | StreamCall<unknown, unknown>
type AnyClient = Record<string, Record<string, AnyCall>>

/** Follows the ports that main hands over, now and after each restart of the host. */
export function createConnection(bridge: Pick<DrydockBridge, 'onPort' | 'onHostState' | 'os'>): HostConnection {
  let current: AnyClient | undefined
  const state = createState({ status: 'connecting', generation: 0, restarted: false })
  bridge.onHostState((status) => state.set({ status }))
  bridge.onPort((port: WirePort, notice) => {
    current = createClient(contract, port) as unknown as AnyClient
    state.set({ status: 'running', generation: state.get().generation + 1, restarted: notice.reason === 'host-restarted' })
  })
  const client: AnyClient = {}
  for (const [feature, verbs] of Object.entries(contract)) {
    const methods: Record<string, AnyCall> = {}
    for (const verb of Object.keys(verbs))
      methods[verb] = (input, options) => {
        if (!current) throw new Error('The window asked the host before it was connected. This is a defect of Drydock.')
        return current[feature][verb](input, options)
      }
    client[feature] = methods
  }
  return {
    client: client as unknown as HostClient,
    os: bridge.os,
    getState: state.get,
    subscribe: state.subscribe,
    dismissRestartNotice: () => state.set({ restarted: false })
  }
}

/** A connection over a client that is there already, for tests over the memory transport. */
export function createFixedConnection(client: HostClient, os: OsCalls): HostConnection {
  const state = createState({ status: 'running', generation: 1, restarted: false })
  return { client, os, getState: state.get, subscribe: state.subscribe, dismissRestartNotice: () => {} }
}

/** Topics that a command or stream makes stale, as its definition says. */
export function topicsOf(path: string): readonly string[] {
  const [feature, verb] = path.split('.') as [keyof DrydockContract, string]
  const definition = (contract[feature] as Record<string, { topics?: readonly string[] }>)[verb]
  return definition?.topics ?? []
}

function createState(initial: ConnectionState) {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set: (change: Partial<ConnectionState>) => {
      value = { ...value, ...change }
      for (const listener of listeners) listener()
    },
    subscribe: (listener: () => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }
  }
}
