import type { PipelineDetail, PipelineDocument, PipelineEdit } from '../../../main/model/pipeline'
import { createDraftCheck } from './draft-check'
import { createDraftSaves } from './draft-saves'
import { createEditorState, takeCheck, type EditorHost, type EditorStore, type Selection } from './editor-state'
import { createTextHistory } from './text-history'

/** Edits for the document as it is when their turn comes; an empty list changes nothing. */
export type EditsFor = readonly PipelineEdit[] | ((document: PipelineDocument | null) => readonly PipelineEdit[])

export interface Editor {
  store: EditorStore
  /** Text typed by a person; calls that follow quickly become one undo step. */
  type(text: string): void
  /** Changes by canvas and forms, through the host, so that comments stay. Edits of one `group` in a row are one undo step. */
  edit(edits: EditsFor, group?: string): Promise<boolean>
  undo(): void
  redo(): void
  select(selection: Partial<Selection>): void
  /** Makes a version of the text and returns it; stores nothing when it is the newest version already. */
  saveVersion(): Promise<PipelineDetail | null>
  /** Throws the draft away and shows the newest version again; can be undone. */
  discardDraft(): Promise<void>
  /** Writes the draft now. */
  flush(): Promise<void>
  dispose(): void
}

export interface EditorOptions {
  host: EditorHost
  onError: (error: unknown) => void
  /** Milliseconds from the last change to check and autosave; a crash loses at most the second. */
  checkDelay?: number
  saveDelay?: number
  /** Milliseconds until a draft that could not be written is tried again (the host restarts, the disk was full). */
  retryDelay?: number
}

/** The editor of one pipeline. @param versionText text of the newest version; null while there is only a draft */
export function createEditor(detail: PipelineDetail, versionText: string | null, options: EditorOptions): Editor {
  const { host, onError, checkDelay = 200, saveDelay = 500, retryDelay = 2000 } = options
  const store = createEditorState(detail, versionText)
  const { getState, setState } = store
  const history = createTextHistory(store)
  const check = createDraftCheck(store, { host, onError, retryDelay })
  const saves = createDraftSaves(store, { host, saveDelay, retryDelay })
  let queue: Promise<unknown> = Promise.resolve()
  let isDisposed = false

  function replaceText(text: string, group: string | null): void {
    if (history.replace(text, group)) saves.schedule()
  }
  function travel(from: 'past' | 'future'): void {
    if (!history.travel(from)) return
    saves.schedule()
    check.schedule(0)
  }
  async function editNow(edits: EditsFor, group: string | null): Promise<boolean> {
    for (let attempt = 0; attempt < 5; attempt++) {
      const { text, document } = getState()
      const wanted = typeof edits === 'function' ? edits(document) : edits
      if (wanted.length === 0) return false
      try {
        const result = await host.edit({ yaml: text, edits: [...wanted] })
        if (isDisposed) return false
        // Somebody typed meanwhile: the same edits go to the newer text.
        if (getState().text !== text) continue
        check.cancel()
        replaceText(result.yaml, group)
        takeCheck(store, result.check)
        return true
      } catch (error) {
        if (!isDisposed) onError(error)
        return false
      }
    }
    return false
  }

  return {
    store,
    type(text) {
      replaceText(text, 'typing')
      check.schedule(checkDelay)
    },
    edit(edits, group) {
      const turn = queue.then(() => editNow(edits, group ?? null))
      queue = turn
      return turn
    },
    undo: () => travel('past'),
    redo: () => travel('future'),
    select(selection) {
      const before = getState().selection
      const next = { ...before, ...selection }
      if (sameItems(before.steps, next.steps) && sameItems(before.edges, next.edges)) return
      setState({ selection: next })
    },
    async saveVersion() {
      await queue
      return saves.saveVersion()
    },
    async discardDraft() {
      const { versionText: base } = getState()
      if (base === null) return
      replaceText(base, null)
      await Promise.all([saves.flush(), check.now()])
    },
    flush: saves.flush,
    dispose() {
      isDisposed = true
      check.dispose()
      saves.dispose()
    }
  }
}

const sameItems = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index])
