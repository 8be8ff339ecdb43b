import { createStore, type StoreApi } from 'zustand/vanilla'
import type {
  PipelineCheck,
  PipelineDetail,
  PipelineDocument,
  PipelineEdit,
  PipelineProblem,
  ResolvedPorts
} from '../../../main/model/pipeline'
import type { HostClient } from '../../host'

/** The calls that the editor makes; the rest of the client is not its business. */
export type EditorHost = Pick<HostClient['pipelines'], 'validate' | 'edit' | 'saveDraft' | 'save' | 'discardDraft'>

export interface Selection {
  steps: readonly string[]
  edges: readonly string[]
}

export interface EditorState {
  name: string
  /** The draft: the one thing that is edited. Everything on the canvas follows from it. */
  text: string
  /** Text and digest of the newest version, null while there is only a draft. */
  versionText: string | null
  version: string | null
  past: readonly string[]
  future: readonly string[]
  /** Of the newest text that was checked. */
  problems: readonly PipelineProblem[]
  isReadable: boolean
  /** The last text that could be read, as a graph; the canvas keeps showing it while the text is broken. */
  document: PipelineDocument | null
  ports: ReadonlyMap<string, ResolvedPorts>
  saving: 'saved' | 'pending' | 'saving' | 'failed'
  savedAt: string | null
  saveError: unknown
  selection: Selection
}

/** Edits for the document as it is when their turn comes; an empty list changes nothing. */
export type EditsFor = readonly PipelineEdit[] | ((document: PipelineDocument | null) => readonly PipelineEdit[])

export interface Editor {
  store: StoreApi<EditorState>
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

const HISTORY = 200
const TYPING_PAUSE = 900
/** So long checks may fail before it is said, milliseconds. */
const PATIENCE = 6000

export function createEditor(detail: PipelineDetail, versionText: string | null, options: EditorOptions): Editor {
  const { host, onError, checkDelay = 200, saveDelay = 500, retryDelay = 2000 } = options
  const store = createStore<EditorState>(() => ({
    name: detail.name,
    text: detail.yaml,
    versionText,
    version: detail.version,
    past: [],
    future: [],
    ...checked(detail.check),
    document: detail.check.document,
    ports: portsById(detail.check),
    saving: 'saved',
    savedAt: detail.draftSavedAt,
    saveError: null,
    selection: { steps: [], edges: [] }
  }))
  const { getState, setState } = store
  let group: { name: string; at: number } | null = null
  let checkTimer: ReturnType<typeof setTimeout> | undefined
  let saveTimer: ReturnType<typeof setTimeout> | undefined
  let queue: Promise<unknown> = Promise.resolve()
  let saves: Promise<unknown> = Promise.resolve()
  let checkFailsSince: number | null = null
  let isDisposed = false

  function takeCheck(check: PipelineCheck): void {
    const { selection, document, ports } = getState()
    const next = check.document ?? document
    const ids = new Set(next?.steps.map((step) => step.id))
    const steps = selection.steps.every((id) => ids.has(id)) ? selection.steps : selection.steps.filter((id) => ids.has(id))
    setState({
      ...checked(check),
      document: next,
      ports: check.document ? portsById(check) : ports,
      selection: steps === selection.steps ? selection : { ...selection, steps }
    })
  }

  /** A new text, with the former one on the undo stack unless the change belongs to the same group as the last one. */
  function replaceText(text: string, groupName: string | null): void {
    const state = getState()
    if (text === state.text) return
    const now = Date.now()
    const isSameGroup = groupName !== null && group?.name === groupName && now - group.at < TYPING_PAUSE
    group = groupName === null ? null : { name: groupName, at: now }
    setState({ text, past: isSameGroup ? state.past : [...state.past, state.text].slice(-HISTORY), future: [] })
    scheduleSave()
  }

  function scheduleCheck(delay: number): void {
    clearTimeout(checkTimer)
    checkTimer = setTimeout(() => void checkNow(), delay)
  }
  async function checkNow(): Promise<void> {
    const { text } = getState()
    try {
      const check = await host.validate({ yaml: text })
      checkFailsSince = null
      if (!isDisposed && getState().text === text) takeCheck(check)
    } catch (error) {
      if (isDisposed) return
      // A host that restarts refuses calls for a moment; one notice is enough when it lasts.
      checkFailsSince ??= Date.now()
      if (Date.now() - checkFailsSince >= PATIENCE) {
        checkFailsSince = null
        onError(error)
      } else scheduleCheck(retryDelay)
    }
  }

  function scheduleSave(): void {
    setState({ saving: 'pending' })
    saveTimer ??= setTimeout(() => void flush(), saveDelay)
  }
  function flush(): Promise<void> {
    clearTimeout(saveTimer)
    saveTimer = undefined
    const done = saves.then(saveNow)
    saves = done
    return done
  }
  async function saveNow(): Promise<void> {
    const { text, name, versionText: base, saving } = getState()
    if (saving === 'saved') return
    setState({ saving: 'saving' })
    try {
      let savedAt: string | null = null
      if (text === base) await host.discardDraft({ name })
      else savedAt = (await host.saveDraft({ name, yaml: text })).savedAt
      setState({ saving: getState().text === text ? 'saved' : 'pending', savedAt, saveError: null })
    } catch (error) {
      setState({ saving: 'failed', saveError: error })
      if (!isDisposed) saveTimer ??= setTimeout(() => void flush(), retryDelay)
    }
  }

  function travel(from: 'past' | 'future'): void {
    const state = getState()
    const stack = state[from]
    const text = stack.at(-1)
    if (text === undefined) return
    group = null
    const other = from === 'past' ? 'future' : 'past'
    setState({ text, [from]: stack.slice(0, -1), [other]: [...state[other], state.text] })
    scheduleSave()
    scheduleCheck(0)
  }

  return {
    store,
    type(text) {
      replaceText(text, 'typing')
      scheduleCheck(checkDelay)
    },
    edit(edits, groupName) {
      const turn = queue.then(async () => {
        for (let attempt = 0; attempt < 5; attempt++) {
          const { text, document } = getState()
          const wanted = typeof edits === 'function' ? edits(document) : edits
          if (wanted.length === 0) return false
          try {
            const result = await host.edit({ yaml: text, edits: [...wanted] })
            if (isDisposed) return false
            // Somebody typed meanwhile: the same edits go to the newer text.
            if (getState().text !== text) continue
            clearTimeout(checkTimer)
            replaceText(result.yaml, groupName ?? null)
            takeCheck(result.check)
            return true
          } catch (error) {
            if (!isDisposed) onError(error)
            return false
          }
        }
        return false
      })
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
      const { text, versionText: base } = getState()
      if (text === base) {
        await flush()
        return null
      }
      clearTimeout(saveTimer)
      saveTimer = undefined
      const stored = saves.then(() => host.save({ yaml: text }))
      saves = stored.catch(() => {})
      const saved = await stored.catch((error: unknown) => {
        scheduleSave()
        throw error
      })
      const isSameText = getState().text === text
      setState({ versionText: text, version: saved.version, ...(isSameText && { saving: 'saved', savedAt: null, saveError: null }) })
      return saved
    },
    async discardDraft() {
      const { versionText: base } = getState()
      if (base === null) return
      replaceText(base, null)
      await Promise.all([flush(), checkNow()])
    },
    flush,
    dispose() {
      clearTimeout(checkTimer)
      clearTimeout(saveTimer)
      const isUnsaved = getState().saving !== 'saved'
      isDisposed = true
      if (isUnsaved) void flush()
    }
  }
}

const checked = (check: PipelineCheck) => ({ problems: check.problems, isReadable: check.document !== null })
const portsById = (check: PipelineCheck) => new Map(check.ports.map((ports) => [ports.stepId, ports]))
const sameItems = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index])
