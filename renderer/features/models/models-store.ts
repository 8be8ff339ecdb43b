import type { ModelPurpose } from '../../../main/model/registry'
import { createWorkspaceStore } from '../../host'
import type { ImportForm } from './import/form-type'

export interface ModelsState {
  filter: string
  /** Name of the model under the cursor of the list. */
  selected: string | null
  /** Unsaved words of a card, by `name@version`. */
  purposes: Readonly<Record<string, ModelPurpose>>
  /** A model that was made elsewhere, as far as it was described; null while none is chosen. */
  importing: ImportForm | null
}

/** What the person is doing in the Models area. */
export const modelsStore = createWorkspaceStore<ModelsState>({ filter: '', selected: null, purposes: {}, importing: null })
export const useModelsState = modelsStore.use

/** Keeps unsaved words; null forgets them. */
export function keepPurpose(key: string, purpose: ModelPurpose | null): void {
  modelsStore.setState(({ purposes: { [key]: _former, ...others } }) => ({ purposes: purpose ? { ...others, [key]: purpose } : others }))
}
