import { takeCheck, type EditorHost, type EditorStore } from './editor-state'

/** So long checks may fail before it is said, milliseconds. */
const PATIENCE = 6000

export interface DraftCheckOptions {
  host: EditorHost
  onError: (error: unknown) => void
  retryDelay: number
}

/** Keeps problems and graph of the editor after its text. */
export function createDraftCheck(store: EditorStore, { host, onError, retryDelay }: DraftCheckOptions) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let failsSince: number | null = null
  let isDisposed = false

  const cancel = () => clearTimeout(timer)
  /** Checks the text after a pause of so many milliseconds; the last call counts. */
  function schedule(delay: number): void {
    cancel()
    timer = setTimeout(() => void now(), delay)
  }
  async function now(): Promise<void> {
    const { text } = store.getState()
    try {
      const check = await host.validate({ yaml: text })
      failsSince = null
      if (!isDisposed && store.getState().text === text) takeCheck(store, check)
    } catch (error) {
      if (isDisposed) return
      // A host that restarts refuses calls for a moment; one notice is enough when it lasts.
      failsSince ??= Date.now()
      if (Date.now() - failsSince >= PATIENCE) {
        failsSince = null
        onError(error)
      } else schedule(retryDelay)
    }
  }
  return {
    schedule,
    now,
    cancel,
    dispose() {
      cancel()
      isDisposed = true
    }
  }
}
