import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'

export interface DecisionDraft {
  keyPath: string | null
  name: string
  meaning: 'reviewer' | 'approver' | 'release'
  decision: 'approve' | 'reject' | null
  statement: string
  /** A new file that carries the bundle with the decision; null adds it to the bundle itself. */
  copyTo: string | null
}

export interface BundlesState {
  /** Set by an action: the reviewer page opens this dialog once. */
  ask: 'file' | 'folder' | null
  /** Unsigned decisions by path of the bundle; passphrases are never kept. */
  drafts: Readonly<Record<string, DecisionDraft>>
  /** The file being read, by path of the bundle. */
  files: Readonly<Record<string, string>>
  filter: string
  /** Row under the cursor of the list of exports. */
  selected: string | null
}

/** What the person is doing in the Bundles area. */
export const bundlesStore = createStore<BundlesState>(() => ({ ask: null, drafts: {}, files: {}, filter: '', selected: null }))

export const useBundlesState = <T>(select: (state: BundlesState) => T): T => useStore(bundlesStore, select)

export const emptyDraft: DecisionDraft = { keyPath: null, name: '', meaning: 'reviewer', decision: null, statement: '', copyTo: null }

export function changeDecision(path: string, change: Partial<DecisionDraft>): void {
  const { drafts } = bundlesStore.getState()
  bundlesStore.setState({ drafts: { ...drafts, [path]: { ...(drafts[path] ?? emptyDraft), ...change } } })
}

export function forgetDecision(path: string): void {
  const { drafts } = bundlesStore.getState()
  bundlesStore.setState({ drafts: Object.fromEntries(Object.entries(drafts).filter(([each]) => each !== path)) })
}

export function chooseFile(bundle: string, file: string): void {
  bundlesStore.setState({ files: { ...bundlesStore.getState().files, [bundle]: file } })
}
