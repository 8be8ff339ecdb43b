import { hostname } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import type { Application } from '../../core/application'
import { WorkbenchError } from '../../model/errors'
import { reachHolder, type ReachedHolder, type ReachOptions } from './reach-holder'

/** Time in which one who has just locked a workspace must be reachable or gone, milliseconds. */
const PATIENCE_MS = 5_000
const AGAIN_MS = 50

/**
 * Reaches the program of this person that has a workspace open; where none has, opens it here, where other programs may then come in,
 * and returns undefined. Throws what opening throws, STORAGE_LOCKED where the holder cannot be reached.
 */
export async function openOrReach(
  app: Application,
  directory: string,
  { signal, ...how }: ReachOptions & { signal?: AbortSignal } = {}
): Promise<ReachedHolder | undefined> {
  const began = Date.now()
  for (;;) {
    const holder = await reachHolder(app.userDirectory, directory, how)
    if (holder) return holder
    try {
      await app.openWorkspace(directory)
      return undefined
    } catch (error) {
      const isComing = error instanceof WorkbenchError && error.code === 'STORAGE_LOCKED' && error.details?.host === hostname()
      if (!isComing || Date.now() - began > PATIENCE_MS || signal?.aborted) throw error
      await wait(AGAIN_MS)
    }
  }
}
