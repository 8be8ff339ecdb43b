import { EditorView } from '@codemirror/view'

/** Types a text at the cursor of the code editor inside `container`; false when the editor is not there yet. */
export function insertAtCursor(container: HTMLElement, text: string): boolean {
  const element = container.querySelector<HTMLElement>('.cm-editor')
  const view = element && EditorView.findFromDOM(element)
  if (!view) return false
  const { from } = view.state.selection.main
  const before = view.state.sliceDoc(Math.max(0, from - 1), from)
  view.dispatch(view.state.replaceSelection(/^$|[\s(."]/.test(before) ? text : ` ${text}`))
  view.focus()
  return true
}
