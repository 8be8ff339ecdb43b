import { createWorkspaceStore } from '../../host'

export interface PoliciesState {
  filter: string
  /** Name of the policy under the cursor of the list. */
  selected: string | null
  /** Unsaved texts by name; the empty name is the new one. */
  texts: Readonly<Record<string, string>>
}

/** What the person is doing in the Policies area. */
export const policiesStore = createWorkspaceStore<PoliciesState>({ filter: '', selected: null, texts: {} })
export const usePoliciesState = policiesStore.use

/** Keeps an unsaved text; null forgets it. */
export function keepPolicyText(name: string, text: string | null): void {
  policiesStore.setState(({ texts: { [name]: _former, ...others } }) => ({ texts: text === null ? others : { ...others, [name]: text } }))
}
