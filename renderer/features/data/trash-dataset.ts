import { useCallback } from 'react'
import type { DatasetSummary } from '../../../main/model/dataset'
import { useHostCommand } from '../../host'
import { showToast } from '../../ui'
import { dataStore } from './data-store'

/** Moves a dataset to the trash and offers to undo it. Resolves to true when it was moved. */
export function useTrashDataset(): (dataset: Pick<DatasetSummary, 'name'>) => Promise<boolean> {
  const { run: trash } = useHostCommand('datasets.trash')
  const { run: restore } = useHostCommand('datasets.restore', { success: (restored) => `${restored.name} was restored.` })
  return useCallback(
    async ({ name }) => {
      const trashed = await trash({ name })
      if (!trashed) return false
      if (dataStore.getState().selected === trashed.id) dataStore.setState({ selected: null })
      showToast({
        status: 'ok',
        title: `${trashed.name} was moved to the trash.`,
        text: 'Nothing is deleted: its versions stay, and runs and models that used them keep their evidence.',
        action: { label: 'Undo', run: () => void restore({ id: trashed.id }) }
      })
      return true
    },
    [trash, restore]
  )
}
