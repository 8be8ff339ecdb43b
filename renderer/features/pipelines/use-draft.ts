import { useEffect, useRef, useState } from 'react'

const PAUSE = 350

/**
 * What is being typed, committed after a pause, on leaving the field and when the form goes. A value that comes from elsewhere
 * (undo, the text view) replaces it unless something typed is still waiting.
 */
export function useDraft<T>(value: T, commit: (value: T) => void): { draft: T; change: (value: T) => void; flush: () => void } {
  const [draft, setDraft] = useState(value)
  const waiting = useRef<{ value: T; timer: ReturnType<typeof setTimeout> } | null>(null)
  const latest = useRef(commit)
  latest.current = commit
  const newest = useRef(value)
  newest.current = value
  // Compared by content: callers make lists and records anew with each render.
  const key = JSON.stringify(value)
  useEffect(() => {
    if (!waiting.current) setDraft(newest.current)
  }, [key])
  const flush = useRef(() => {
    const pending = waiting.current
    if (!pending) return
    clearTimeout(pending.timer)
    waiting.current = null
    latest.current(pending.value)
  }).current
  useEffect(() => flush, [flush])
  const change = (next: T) => {
    setDraft(next)
    if (waiting.current) clearTimeout(waiting.current.timer)
    waiting.current = { value: next, timer: setTimeout(flush, PAUSE) }
  }
  return { draft, change, flush }
}
