import { createStore } from 'zustand/vanilla'

interface FeatureState {
  filter: string
  selected: string | null
}

/** What the person is doing in the Features area. */
export const featureStore = createStore<FeatureState>(() => ({ filter: '', selected: null }))
