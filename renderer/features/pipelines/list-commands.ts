import type { PipelineSummary } from '../../../main/model/pipeline'
import { reportError, useClient, useHostCommand, useInvalidate } from '../../host'
import { navigate, showToast } from '../../ui'
import { allPipelines, nameForPipeline, renameInText } from './pipeline-names'

/** Duplicate, trash with undo, restore; shared by the list and the editor. */
export function useListCommands() {
  const client = useClient()
  const invalidate = useInvalidate()
  const restore = useHostCommand('pipelines.restore', { success: 'The pipeline was restored.' })
  const removing = useHostCommand('pipelines.remove')
  const remove = async ({ name, title }: Pick<PipelineSummary, 'name' | 'title'>): Promise<boolean> => {
    if ((await removing.run({ name })) === undefined) return false
    showToast({
      status: 'ok',
      title: `${title} is in the trash.`,
      text: 'Its versions and runs are kept.',
      action: { label: 'Undo', run: () => void restore.run({ name }) }
    })
    return true
  }
  const duplicate = async ({ name }: Pick<PipelineSummary, 'name'>): Promise<void> => {
    try {
      const [all, detail] = await Promise.all([allPipelines(client), client.pipelines.get({ name })])
      const copy = nameForPipeline(`${name} copy`, new Set(all.map((each) => each.name)))
      const renamed = renameInText(detail.yaml, copy)
      if (renamed === null)
        return void showToast({
          status: 'warn',
          title: 'Not duplicated',
          text: 'The text has no line "name: ..."; open it and repair it first.'
        })
      const yaml = detail.check.document
        ? (await client.pipelines.edit({ yaml: renamed, edits: [{ kind: 'set-details', title: `${detail.title} (copy)`.slice(0, 200) }] }))
            .yaml
        : renamed
      await client.pipelines.saveDraft({ name: copy, yaml })
      await invalidate(['pipelines'])
      showToast({ status: 'ok', title: `Duplicated as ${copy}.`, action: { label: 'Open', run: () => navigate('pipelines', [copy]) } })
    } catch (error) {
      reportError(error)
    }
  }
  return { remove, restore, duplicate }
}

export type ListCommands = ReturnType<typeof useListCommands>
