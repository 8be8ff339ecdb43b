import { useCallback, useEffect, useRef, useState } from 'react'

/** Another load of the same page was given its file already. */
const isReload = (): boolean =>
  (performance.getEntriesByType?.('navigation') as PerformanceNavigationTiming[] | undefined)?.[0]?.type === 'reload'

/**
 * Takes the files that were given to the window from outside, by a double click or in its command line, once it is known which workspace is
 * open.
 * @param first place of the file that the window was started with
 * @returns takes the place of a further file
 */
export function useGivenFiles(
  first: string | undefined,
  ready: boolean,
  take: (places: readonly string[]) => Promise<void>
): (place: string) => void {
  const [waiting, setWaiting] = useState<readonly string[]>(first === undefined || isReload() ? [] : [first])
  const latest = useRef(take)
  useEffect(() => {
    latest.current = take
  })
  useEffect(() => {
    if (!ready || waiting.length === 0) return
    setWaiting([])
    void latest.current(waiting)
  }, [ready, waiting])
  return useCallback((place) => setWaiting((before) => [...before, place]), [])
}
