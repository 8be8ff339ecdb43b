import { useEffect } from 'react'
import { useStore } from 'zustand'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { useHostQuery } from './queries'

export interface WorkspaceStore<State> extends StoreApi<State> {
  /** What a component needs of it. */
  use: <T>(select: (state: State) => T) => T
  /** For the page of the area: forgets everything when another workspace is open than the last time. */
  useFollowWorkspace: () => void
  /** Begins anew for a workspace whose page was not shown yet. */
  beginFor: (workspace: string) => void
}

/** What a person is doing in an area, kept while other areas are shown. Host data is never copied into it. */
export function createWorkspaceStore<State>(initial: State): WorkspaceStore<State> {
  const store = createStore<State>(() => initial)
  let owner: string | null = null
  return {
    ...store,
    use: (select) => useStore(store, select),
    beginFor: (workspace) => {
      store.setState(initial, true)
      owner = workspace
    },
    useFollowWorkspace: () => {
      const workspace = useHostQuery('workspace.status', {}).data?.workspace?.id
      useEffect(() => {
        if (!workspace) return
        // An action may have asked for something before the page was ever shown: the first workspace keeps it.
        if (owner !== null && owner !== workspace) store.setState(initial, true)
        owner = workspace
      }, [workspace])
    }
  }
}
