import { WorkbenchError } from '../../../main/model/errors'
import { reportError, type HostClient } from '../../host'
import { navigate, shortHash, showToast } from '../../ui'
import type { Editor } from './editor-store'
import { allPipelines } from './pipeline-names'
import type { RunWish } from './run-dialog'

export interface VersionCommands {
  /** Makes a version; false when that failed (a notice was shown). */
  save: (isQuiet?: boolean) => Promise<boolean>
  /** Makes a version and starts a run of it; its id, or null when that failed (a notice was shown). */
  run: (wish: RunWish) => Promise<string | null>
}

/** What makes a version of the draft, and runs it. */
export function createVersionCommands(
  editor: Editor,
  client: HostClient,
  invalidate: (topics: readonly string[]) => Promise<void>
): VersionCommands {
  const { getState } = editor.store
  const save = async (isQuiet = false): Promise<boolean> => {
    const { name, text } = getState()
    try {
      await assertNameIsFree(client, name, text)
      const saved = await editor.saveVersion()
      if (!saved) return true
      await invalidate(['pipelines'])
      if (!isQuiet) showToast({ status: 'ok', title: `Saved as version ${shortHash(saved.version ?? '')}.` })
      if (saved.name !== name) {
        // The name in the text was changed: what was saved is another pipeline, and the draft under the old name has moved there.
        const old = await client.pipelines.get({ name })
        if (old.version === null) await client.pipelines.remove({ name })
        else await client.pipelines.discardDraft({ name })
        navigate('pipelines', [saved.name], {}, { replace: true })
      }
      return true
    } catch (error) {
      reportError(error)
      return false
    }
  }
  return {
    save,
    async run(wish) {
      if (!(await save(true))) return null
      const name = getState().document?.name ?? getState().name
      try {
        const { runId } = await client.pipelines.run({ name, ...wish })
        await invalidate(['pipelines', 'jobs'])
        return runId
      } catch (error) {
        reportError(error)
        return null
      }
    }
  }
}

/** A version under the name of another pipeline would become that pipeline's newest and drop its draft. */
async function assertNameIsFree(client: HostClient, name: string, text: string): Promise<void> {
  const wanted = (await client.pipelines.validate({ yaml: text })).document?.name
  if (wanted === undefined || wanted === name) return
  const owner = (await allPipelines(client)).find((each) => each.name === wanted)
  if (owner)
    throw new WorkbenchError(
      'CONFLICT',
      `There is another pipeline "${wanted}"${owner.removedAt ? ' in the trash' : ''}. Nothing was saved, so that it stays as it is. Give this one another "name:" in its YAML.`
    )
}
