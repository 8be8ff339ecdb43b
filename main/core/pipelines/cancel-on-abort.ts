/**
 * Cancels a run, by `cancel`, when the signal is aborted or was already. The answer is called when the run is over: it ends
 * that, and resolves when the cancellation is on record, before which its workspace must not be closed. It rejects with
 * what `cancel` rejects with.
 */
export function cancelOnAbort(signal: AbortSignal, cancel: () => Promise<unknown>): () => Promise<void> {
  let cancelling: Promise<unknown> = Promise.resolve()
  const begin = (): void => {
    cancelling = cancel()
    // Whoever waits for it hears of the error; until then it is nobody's.
    cancelling.catch(() => undefined)
  }
  if (signal.aborted) begin()
  else signal.addEventListener('abort', begin, { once: true })
  return async () => {
    signal.removeEventListener('abort', begin)
    await cancelling
  }
}
