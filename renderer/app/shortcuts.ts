import { useEffect } from 'react'
import { availableActions, matchesKeys } from '../ui'

const isTyping = (target: EventTarget | null) =>
  target instanceof Element && target.closest('input, textarea, select, [contenteditable="true"]') !== null
/** Notices are dialogs to assistive technology, too, but not modal: the keys go on working beside them. */
const isInDialog = () => document.querySelector(':is([role="dialog"], [role="alertdialog"]):not([aria-modal="false"])') !== null

/** Moves the focus to the next region of the window that carries data-panel; Shift goes backwards. */
export function cyclePanels(backwards: boolean): void {
  const panels = [...document.querySelectorAll<HTMLElement>('[data-panel]')].filter((panel) => panel.offsetWidth > 0)
  if (panels.length === 0) return
  // Panels nest (a table in the page): the innermost one that holds the focus comes last in the document.
  const here = panels.reduce((found, panel, index) => (panel.contains(document.activeElement) ? index : found), -1)
  const next = here < 0 ? 0 : (here + (backwards ? panels.length - 1 : 1)) % panels.length
  const target = panels[next]
  if (target.tabIndex < 0 && !target.hasAttribute('tabindex')) target.tabIndex = -1
  target.focus()
}

/** Runs the registered action whose keys were pressed. Plain keys do nothing while one types; nothing runs behind a dialog. */
export function handleShortcut(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing) return false
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && event.key.length === 1
  if (plain && isTyping(event.target)) return false
  const action = availableActions().find((candidate) => candidate.keys?.split(' ').some((keys) => matchesKeys(event, keys)))
  if (!action || (isInDialog() && action.id !== 'window.palette')) return false
  event.preventDefault()
  action.run()
  return true
}

export function useShortcuts(): void {
  useEffect(() => {
    const listener = (event: KeyboardEvent) => void handleShortcut(event)
    window.addEventListener('keydown', listener)
    return () => window.removeEventListener('keydown', listener)
  }, [])
}
