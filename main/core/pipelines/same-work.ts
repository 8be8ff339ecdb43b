import type { LiveRun, LiveStep } from './live-run'

interface Place {
  run: LiveRun
  live: LiveStep
}

/** Steps of any run whose content key is the same do the same work: while one of them is at it, the others wait for what it makes. */
export interface SameWork {
  /** The step that is at the work of this one; undefined when this one now is. */
  joined(run: LiveRun, live: LiveStep): Place | undefined
  /** To be told when a step is over. Gives the steps that waited for it: its outputs are in the cache now, or one of them does the work. */
  left(live: LiveStep): Place[]
}

/** Creates it for all runs of one engine. Whether a step may wait is for the caller to say; one that runs every time does not ask. */
export function createSameWork(): SameWork {
  const leaders = new Map<string, Place & { followers: Place[] }>()
  return {
    joined(run, live) {
      const key = live.cacheKey!
      const leader = leaders.get(key)
      if (leader && leader.live !== live) {
        // Asked again by a run that must do it itself, it goes its own way.
        if (run.force) return undefined
        leader.followers.push({ run, live })
        return leader
      }
      leaders.set(key, { run, live, followers: leader?.followers ?? [] })
      return undefined
    },
    left(live) {
      const leader = live.cacheKey === null ? undefined : leaders.get(live.cacheKey)
      if (leader?.live !== live) return []
      leaders.delete(live.cacheKey!)
      return leader.followers
    }
  }
}
