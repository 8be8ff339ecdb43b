import { mebibytes } from './attempt'
import type { LiveStep } from './live-run'

/** After this long a step that waits for memory is no longer passed by smaller ones, milliseconds. */
const PATIENCE_MS = 30_000

/** The memory that steps say they need, promised to their attempts until these end. A step that says nothing is promised nothing. */
export interface MemoryPromises {
  /** Why a step has to wait; null when it may begin. */
  obstacle(live: LiveStep): string | null
  give(live: LiveStep): void
  takeBack(live: LiveStep): void
}

/** What a step asks for, bytes. */
const asked = ({ step }: LiveStep): number => (step.memory ?? 0) * 2 ** 20

/** Said of a step that asks for more than there is: it is not refused, for what it asks for is a limit, but nothing that asks runs beside it. */
export const tooLarge = (live: LiveStep, memory: number): string | null =>
  asked(live) > memory
    ? `It asks for ${mebibytes(asked(live))} of memory, more than the ${mebibytes(memory)} of this machine, so it runs beside no other step that asks for memory.`
    : null

/** @param memory bytes that there are to promise; @param now milliseconds */
export function createMemoryPromises(memory: number, now = (): number => performance.now()): MemoryPromises {
  const given = new Set<LiveStep>()
  const waiting = new Map<LiveStep, number>()
  const promised = (): number => [...given].reduce((sum, live) => sum + asked(live), 0)

  /** A step that has waited so long that what becomes free is kept for it. */
  const isKeptFor = (live: LiveStep): LiveStep | undefined => {
    for (const [other, since] of waiting) {
      if (other.state !== 'queued') waiting.delete(other)
      else if (other !== live && now() - since > PATIENCE_MS && since < (waiting.get(live) ?? Infinity)) return other
    }
    return undefined
  }
  return {
    obstacle(live) {
      const wanted = asked(live)
      if (wanted === 0 || promised() === 0) return null
      const free = Math.max(0, memory - promised())
      const other = isKeptFor(live)
      if (wanted <= free && !other) return null
      if (!waiting.has(live)) waiting.set(live, now())
      return other && wanted <= free
        ? `Waiting for memory: "${other.step.id}" has waited longer for it`
        : `Waiting for memory: needs ${mebibytes(wanted)}, ${mebibytes(free)} of ${mebibytes(memory)} are free`
    },
    give(live) {
      waiting.delete(live)
      if (asked(live) > 0) given.add(live)
    },
    takeBack: (live) => void given.delete(live)
  }
}
