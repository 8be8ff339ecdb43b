import { useEffect, useRef, useState } from 'react'

const PAUSE = 350

export interface Draft<T> {
  draft: T
  change: (value: T) => void
  /** Commits what is waiting, else takes over what came meanwhile; for leaving the field and for Enter. */
  flush: () => void
  /** Only commits; for rows of which some are not complete enough to be in the document. */
  commitNow: () => void
}

/**
 * What is being typed, committed after a pause, on leaving the field and when the form goes. A value that comes from elsewhere
 * (undo, the text view) replaces it unless something typed is still waiting, or the person is still in the field: the answer to
 * an own earlier commit, perhaps trimmed, must never take away what was typed since.
 * @param pause milliseconds without a key until it is committed; null commits only on leaving the field
 */
export function useDraft<T>(value: T, commit: (value: T) => void, pause: number | null = PAUSE): Draft<T> {
  const [draft, setDraft] = useState(value)
  const waiting = useRef<{ value: T; timer: ReturnType<typeof setTimeout> | undefined } | null>(null)
  const typedIn = useRef<Element | null>(null)
  const missed = useRef(false)
  const latest = useRef(commit)
  latest.current = commit
  const newest = useRef(value)
  newest.current = value
  // Compared by content: callers make lists and records anew with each render.
  const key = JSON.stringify(value)
  useEffect(() => {
    missed.current = waiting.current !== null || (typedIn.current !== null && typedIn.current === document.activeElement)
    if (!missed.current) setDraft(newest.current)
  }, [key])
  const parts = useRef({
    commitNow: () => {
      const pending = waiting.current
      if (!pending) return
      clearTimeout(pending.timer)
      waiting.current = null
      latest.current(pending.value)
    },
    flush: () => {
      typedIn.current = null
      if (waiting.current) parts.commitNow()
      else if (missed.current) setDraft(newest.current)
      missed.current = false
    }
  }).current
  const { commitNow } = parts
  useEffect(() => commitNow, [commitNow])
  const change = (next: T) => {
    setDraft(next)
    clearTimeout(waiting.current?.timer)
    typedIn.current = isTextField(document.activeElement) ? document.activeElement : null
    waiting.current = { value: next, timer: pause === null ? undefined : setTimeout(commitNow, pause) }
  }
  return { draft, change, ...parts }
}

const isTextField = (element: Element | null): boolean => element?.matches('input, textarea, [contenteditable="true"]') ?? false
