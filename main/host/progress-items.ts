/** Turns work that reports progress by a callback into a stream of items with the work's result; a slow reader gets the newest item only. */
export async function* progressItems<T, R>(work: (onProgress: (item: T) => void) => Promise<R>): AsyncGenerator<T, R, void> {
  let newest: { item: T } | undefined
  let wake: (() => void) | undefined
  const running = work((item) => {
    newest = { item }
    wake?.()
  })
  let settled = false
  const done = running.then(
    () => {
      settled = true
      wake?.()
    },
    () => {
      settled = true
      wake?.()
    }
  )
  while (!settled) {
    if (newest) {
      const { item } = newest
      newest = undefined
      yield item
    } else await new Promise<void>((resolve) => (wake = resolve))
  }
  await done
  return running
}
