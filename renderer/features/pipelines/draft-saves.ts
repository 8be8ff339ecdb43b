import type { PipelineDetail } from '../../../main/model/pipeline'
import type { EditorHost, EditorStore } from './editor-state'

export interface DraftSavesOptions {
  host: EditorHost
  saveDelay: number
  retryDelay: number
}

export interface DraftSaves {
  /** The text has changed: it is written within the save delay. */
  schedule: () => void
  /** Writes the draft now. */
  flush: () => Promise<void>
  /** Makes a version of the text and returns it; null when it is the newest version already. */
  saveVersion: () => Promise<PipelineDetail | null>
  /** Writes what is unsaved once more and then never again. */
  dispose: () => void
}

/** Stores the draft of the editor as it changes, one write after the other. */
export function createDraftSaves({ getState, setState }: EditorStore, { host, saveDelay, retryDelay }: DraftSavesOptions): DraftSaves {
  let timer: ReturnType<typeof setTimeout> | undefined
  let saves: Promise<unknown> = Promise.resolve()
  let isDisposed = false

  const cancel = () => {
    clearTimeout(timer)
    timer = undefined
  }
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
    dispose() {
      cancel()
      isDisposed = true
      if (getState().saving !== 'saved') void flush()
    }
  }
}
