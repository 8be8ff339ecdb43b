import type { Topic } from '../model/topics'

/** Who is told that cached queries of a topic are stale. */
export interface ChangeFeed {
  publish(...topics: Topic[]): void
  /** Topics since the last read, gathered over 30 ms so that a burst of commits is one message; ends when the signal fires. */
  subscribe(signal: AbortSignal): AsyncGenerator<{ topics: Topic[] }, null, void>
}

/** One feed for each application; every window subscribes to it. */
export function createChangeFeed(): ChangeFeed {
  const listeners = new Set<(topics: Topic[]) => void>()
  return {
    publish: (...topics) => {
      for (const listener of listeners) listener(topics)
    },
    async *subscribe(signal) {
      const gathered = new Set<Topic>()
      let wake: (() => void) | undefined
      const listener = (topics: Topic[]): void => {
        for (const topic of topics) gathered.add(topic)
        wake?.()
      }
      listeners.add(listener)
      const stop = (): void => wake?.()
      signal.addEventListener('abort', stop)
      try {
        while (!signal.aborted) {
          if (gathered.size === 0) await new Promise<void>((resolve) => (wake = resolve))
          if (signal.aborted) break
          await new Promise((resolve) => setTimeout(resolve, 30))
          const topics = [...gathered]
          gathered.clear()
          if (topics.length > 0) yield { topics }
        }
        return null
      } finally {
        listeners.delete(listener)
        signal.removeEventListener('abort', stop)
      }
    }
  }
}
