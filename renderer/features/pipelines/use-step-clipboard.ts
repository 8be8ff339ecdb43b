import { useEffect, useRef } from 'react'
import type { EditorCommands } from './editor-commands'

interface StepClipboardOptions {
  commands: EditorCommands
  /** Only while the canvas is shown; the text view copies text. */
  enabled: boolean
}

/** Whether copy and paste mean something else here: text in a field, a passage marked in a preview, a dialog. */
function isElsewhere(event: ClipboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : document.body
  if (target.closest('input, textarea, [contenteditable="true"], [role="dialog"], [role="menu"]')) return true
  if (target !== document.body && !target.closest('[data-pipeline-editor]')) return true
  return event.type !== 'paste' && !(window.getSelection()?.isCollapsed ?? true)
}

/** Copy, cut and paste of steps, by the keys and menus of the system. Pasted text is checked before anything is made of it. */
export function useStepClipboard(options: StepClipboardOptions): void {
  const latest = useRef(options)
  latest.current = options
  useEffect(() => {
    const onCopy = (event: ClipboardEvent) => {
      const { commands, enabled } = latest.current
      if (!enabled || isElsewhere(event)) return
      const text = commands.copy()
      if (text === null) return
      event.clipboardData?.setData('text/plain', text)
      event.preventDefault()
      if (event.type === 'cut') commands.deleteSelected()
    }
    const onPaste = (event: ClipboardEvent) => {
      const { commands, enabled } = latest.current
      if (!enabled || isElsewhere(event)) return
      event.preventDefault()
      void commands.paste(event.clipboardData?.getData('text/plain') ?? '')
    }
    document.addEventListener('copy', onCopy)
    document.addEventListener('cut', onCopy)
    document.addEventListener('paste', onPaste)
    return () => {
      document.removeEventListener('copy', onCopy)
      document.removeEventListener('cut', onCopy)
      document.removeEventListener('paste', onPaste)
    }
  }, [])
}
