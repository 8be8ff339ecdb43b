import type { PipelineDetail } from '../../../main/model/pipeline'
import type { EditorHost, EditorStore } from './editor-state'

export interface DraftSavesOptions {
  host: EditorHost
  saveDelay: number
  retryDelay: number
}

/** Stores the draft of the editor as it changes, one write after the other. */
export function createDraftSaves({ getState, setState }: EditorStore, { host, saveDelay, retryDelay }: DraftSavesOptions) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let saves: Promise<unknown> = Promise.resolve()
  let isDisposed = false

  const cancel = () => {
    clearTimeout(timer)
    timer = undefined
  }
  /** The text has changed: it is written within the save delay. */
  function schedule(): void {
    setState({ saving: 'pending' })
    timer ??= setTimeout(() => void flush(), saveDelay)
  }
  function flush(): Promise<void> {
    cancel()
    const done = saves.then(saveNow)
    saves = done
    return done
  }
  async function saveNow(): Promise<void> {
    const { text, name, versionText, saving } = getState()
    if (saving === 'saved') return
    setState({ saving: 'saving' })
    try {
      let savedAt: string | null = null
      if (text === versionText) await host.discardDraft({ name })
      else savedAt = (await host.saveDraft({ name, yaml: text })).savedAt
      setState({ saving: getState().text === text ? 'saved' : 'pending', savedAt, saveError: null })
    } catch (error) {
      setState({ saving: 'failed', saveError: error })
      if (!isDisposed) timer ??= setTimeout(() => void flush(), retryDelay)
    }
  }
  async function saveVersion(): Promise<PipelineDetail | null> {
    const { text, versionText } = getState()
    if (text === versionText) {
      await flush()
      return null
    }
    cancel()
    const stored = saves.then(() => host.save({ yaml: text }))
    saves = stored.catch(() => {})
    const saved = await stored.catch((error: unknown) => {
      schedule()
      throw error
    })
    const isSameText = getState().text === text
    setState({ versionText: text, version: saved.version, ...(isSameText && { saving: 'saved', savedAt: null, saveError: null }) })
    return saved
  }
  return {
    schedule,
    flush,
    saveVersion,
    /** Writes what is unsaved once more and then never again. */
    dispose() {
      cancel()
      isDisposed = true
      if (getState().saving !== 'saved') void flush()
    }
  }
}
