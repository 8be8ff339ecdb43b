import { useEffect } from 'react'

/** Long enough for a dialog to give the focus back and for a new page to take it, milliseconds. */
const GRACE = 60

const MOST_PLACES = 30

/** What the focus may fall back to, the nearest first: panels of the window, an open dialog, anything around it that can take the focus. */
const placesAround = (element: Element): HTMLElement[] => {
  const places: HTMLElement[] = []
  for (let at = element.parentElement; at; at = at.parentElement)
    if (at.matches('[data-panel], [role="dialog"], [tabindex]')) places.push(at)
  return places
}

const isLost = (element: Element): boolean => !element.isConnected || element.matches(':disabled')

/**
 * The focus never falls to the root of the document: where what had it goes away (a dialog closes after its button is gone, a row is deleted,
 * another area is shown) or can no longer have it, the nearest place that is left takes it, at last the page. A focus that somebody
 * else takes meanwhile stays there, and a click beside everything is no loss.
 */
export function keepFocus(root: Document = document): () => void {
  let last: Element | null = null
  let around: HTMLElement[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  const remember = (event: FocusEvent) => {
    if (!(event.target instanceof Element) || event.target === root.body) return
    last = event.target
    const places = placesAround(last)
    // A dialog lies outside of the page: behind it is where the focus came from.
    around = last.closest('main') ? places : [...places, ...around.filter((each) => !places.includes(each))].slice(0, MOST_PLACES)
  }
  const isAtRoot = () => root.activeElement === null || root.activeElement === root.body
  const restore = () => {
    if (!last || !isAtRoot() || !isLost(last)) return
    const place = around.find((each) => each.isConnected) ?? root.querySelector<HTMLElement>('main[data-panel]')
    // A dialog that is open keeps the focus inside, whatever lay around what was lost.
    const dialog = [...root.querySelectorAll<HTMLElement>('[role="dialog"]:not([aria-modal="false"])')].at(-1)
    ;(dialog ?? place)?.focus({ preventScroll: true })
  }
  const look = () => {
    if (!last || !isAtRoot() || !isLost(last)) return
    clearTimeout(timer)
    timer = setTimeout(restore, GRACE)
  }
  const observer = new MutationObserver(look)
  root.addEventListener('focusin', remember)
  observer.observe(root.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] })
  return () => {
    clearTimeout(timer)
    observer.disconnect()
    root.removeEventListener('focusin', remember)
  }
}

/** Keeps the focus inside of the window for as long as it is shown. */
export const useKeepFocus = (): void => useEffect(() => keepFocus(), [])
