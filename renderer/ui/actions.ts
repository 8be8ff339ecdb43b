import type { LucideIcon } from 'lucide-react'
import { useEffect, useRef, useSyncExternalStore } from 'react'

/** One thing the window can do. The palette lists all of them; `keys` binds a shortcut such as `Mod+S` or `Shift+N`. */
export interface Action {
  /** Stable, `area.verb`: `data.import`. */
  id: string
  /** A verb and its object: "Import a file". */
  title: string
  /** Heading in the palette and the key help, usually the area. */
  group: string
  icon?: LucideIcon
  /** Other words by which somebody may look for it. */
  keywords?: readonly string[]
  keys?: string
  /** False hides it now (nothing selected, no workspace). */
  isAvailable?: () => boolean
  run: () => void
}

const registered = new Map<string, Action[]>()
const listeners = new Set<() => void>()
let snapshot: readonly Action[] = []

function publish(): void {
  snapshot = [...registered.values()].flatMap((stack) => stack.slice(-1))
  for (const listener of listeners) listener()
}

/** Adds actions; returns what takes them away again. A later action with the same id covers the earlier one meanwhile. */
export function registerActions(actions: readonly Action[]): () => void {
  for (const action of actions) registered.set(action.id, [...(registered.get(action.id) ?? []), action])
  publish()
  return () => {
    for (const action of actions) {
      const rest = (registered.get(action.id) ?? []).filter((other) => other !== action)
      if (rest.length) registered.set(action.id, rest)
      else registered.delete(action.id)
    }
    publish()
  }
}

export const availableActions = (): readonly Action[] => snapshot.filter((action) => action.isAvailable?.() ?? true)

export function useRegisteredActions(): readonly Action[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => snapshot
  )
}

/** Actions of a screen, there while it is shown. `run` and `isAvailable` always see the newest render. */
export function useActions(actions: readonly Action[]): void {
  const latest = useRef(actions)
  latest.current = actions
  const shape = actions.map((action) => [action.id, action.title, action.keys].join('\n')).join('\n\n')
  useEffect(() => {
    const current = (id: string) => latest.current.find((action) => action.id === id)
    return registerActions(
      latest.current.map((action) => ({
        ...action,
        isAvailable: () => {
          const now = current(action.id)
          return now !== undefined && (now.isAvailable?.() ?? true)
        },
        run: () => current(action.id)?.run()
      }))
    )
  }, [shape])
}

/** Whether a key event is the shortcut `keys`. Mod is Ctrl, on macOS Cmd. */
export function matchesKeys(event: KeyboardEvent, keys: string): boolean {
  const parts = keys.split('+')
  const key = parts.at(-1) ?? ''
  const isMac = /Mac/.test(navigator.platform)
  const wantsMod = parts.includes('Mod')
  const wantsCtrl = parts.includes('Ctrl') || (wantsMod && !isMac)
  const wantsMeta = wantsMod && isMac
  const named: Record<string, string> = {
    Left: 'ArrowLeft',
    Right: 'ArrowRight',
    Up: 'ArrowUp',
    Down: 'ArrowDown',
    Space: ' ',
    Esc: 'Escape'
  }
  const shiftMatters = key.length > 1 || /[a-z0-9]/i.test(key)
  return (
    event.key.toLowerCase() === (named[key] ?? key).toLowerCase() &&
    event.ctrlKey === wantsCtrl &&
    event.metaKey === wantsMeta &&
    event.altKey === parts.includes('Alt') &&
    (!shiftMatters || event.shiftKey === parts.includes('Shift'))
  )
}
