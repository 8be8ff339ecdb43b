import { useSyncExternalStore } from 'react'

/** The value of <html data-theme>; canvases redraw when it changes because they cannot read CSS variables by themselves. */
export function useThemeStamp(): string {
  return useSyncExternalStore(subscribe, () => document.documentElement.dataset['theme'] ?? 'light')
}

function subscribe(listener: () => void): () => void {
  const observer = new MutationObserver(listener)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  return () => observer.disconnect()
}
