import type { EditorStore } from './editor-state'

const HISTORY = 200
const TYPING_PAUSE = 900

/** Undo and redo of the text of the editor. */
export function createTextHistory({ getState, setState }: EditorStore) {
  let last: { group: string; at: number } | null = null
  return {
    /**
     * A new text, with the former one on the undo stack unless the change belongs to the same group as the last one.
     * @returns false when it is the text that is there
     */
    replace(text: string, group: string | null): boolean {
      const state = getState()
      if (text === state.text) return false
      const now = Date.now()
      const isSameGroup = group !== null && last?.group === group && now - last.at < TYPING_PAUSE
      last = group === null ? null : { group, at: now }
      setState({ text, past: isSameGroup ? state.past : [...state.past, state.text].slice(-HISTORY), future: [] })
      return true
    },
    /** Goes one step back or forth; false when there is none. */
    travel(from: 'past' | 'future'): boolean {
      const state = getState()
      const text = state[from].at(-1)
      if (text === undefined) return false
      last = null
      const other = from === 'past' ? 'future' : 'past'
      setState({ text, [from]: state[from].slice(0, -1), [other]: [...state[other], state.text] })
      return true
    }
  }
}
