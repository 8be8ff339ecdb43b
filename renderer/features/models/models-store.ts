import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { ModelPurpose } from '../../../main/model/registry'

export interface ModelsState {
  /** Of which workspace this is; another one starts afresh. */
  workspace: string | null
  filter: string
  /** Name of the model under the cursor of the list. */
  selected: string | null
  /** Unsaved words of a card, by `name@version`. */
  purposes: Readonly<Record<string, ModelPurpose>>
  /** Unsaved policy texts by name; the empty name is the new one. */
  policyTexts: Readonly<Record<string, string>>
}

const initial: ModelsState = { workspace: null, filter: '', selected: null, purposes: {}, policyTexts: {} }

/** What the person is doing in the Models area; host data is never copied here, only what is not saved yet. */
export const modelsStore = createStore<ModelsState>(() => initial)

export const useModelsState = <T>(select: (state: ModelsState) => T): T => useStore(modelsStore, select)

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))
}

/** Keeps unsaved words; null forgets them. */
export function keepPurpose(key: string, purpose: ModelPurpose | null): void {
  const { purposes } = modelsStore.getState()
  modelsStore.setState({ purposes: purpose ? { ...purposes, [key]: purpose } : without(purposes, key) })
}

/** Keeps an unsaved policy text; null forgets it. */
export function keepPolicyText(name: string, text: string | null): void {
  const { policyTexts } = modelsStore.getState()
  modelsStore.setState({ policyTexts: text === null ? without(policyTexts, name) : { ...policyTexts, [name]: text } })
}

/** Forgets what belongs to another workspace. */
export function enterWorkspace(workspace: string): void {
  const state = modelsStore.getState()
  if (state.workspace === workspace) return
  modelsStore.setState(state.workspace === null ? { workspace } : { ...initial, workspace })
}
