/** Hands events to any number of readers, each at its own pace. A reader that falls far behind gets `undefined` once instead of the rest: it must look anew. */
export interface Broadcast<T> {
  /** An event that costs something to make is given as what makes it: it is made only when somebody reads. */
  publish(event: T | (() => T)): void
  /** Ends when the signal fires or the broadcast is closed. */
  subscribe(signal: AbortSignal): AsyncGenerator<T | undefined, void, void>
  close(): void
}

const MAX_QUEUED = 2000

/** Creates a broadcast without readers; publishing to nobody costs nothing. */
export function createBroadcast<T>(): Broadcast<T> {
  const readers = new Set<{ queue: (T | undefined)[]; wake: () => void }>()
  let closed = false
  return {
    publish(given) {
      if (readers.size === 0) return
      const event = typeof given === 'function' ? (given as () => T)() : given
      for (const reader of readers) {
        if (reader.queue.length >= MAX_QUEUED) reader.queue = [undefined]
        else reader.queue.push(event)
        reader.wake()
      }
    },
    subscribe(signal) {
      // Joined at once, not at the first pull, so that nothing between subscribing and reading is missed.
      const reader = { queue: [] as (T | undefined)[], wake: () => {} }
      if (!closed) readers.add(reader)
      const onAbort = (): void => reader.wake()
      signal.addEventListener('abort', onAbort)
      return (async function* () {
        try {
          while (!closed && !signal.aborted) {
            while (reader.queue.length && !signal.aborted) yield reader.queue.shift()
            if (closed || signal.aborted) return
            await new Promise<void>((resolve) => {
              reader.wake = resolve
              if (reader.queue.length || closed || signal.aborted) resolve()
            })
          }
        } finally {
          readers.delete(reader)
          signal.removeEventListener('abort', onAbort)
        }
      })()
    },
    close() {
      closed = true
      for (const reader of readers) reader.wake()
    }
  }
}
