import { setImmediate as nextTurn } from 'node:timers/promises'
import { WorkbenchError } from '../../model/errors'

let last = 0

/** Throws CANCELLED when asked to stop; lets the event loop run when the last pause is over 25 ms ago, so that a cancel can arrive. */
export async function breathe(signal?: AbortSignal): Promise<void> {
  assertNotCancelled(signal)
  const now = performance.now()
  if (now - last < 25) return
  await nextTurn()
  last = performance.now()
  assertNotCancelled(signal)
}

export function assertNotCancelled(signal?: AbortSignal): void {
  if (signal?.aborted) throw new WorkbenchError('CANCELLED', 'The work was cancelled. Nothing was kept.')
}
