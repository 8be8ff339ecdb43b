import { useEffect, useState } from 'react'

/** Seconds that something took, or takes up to now; null before its start. Times are ISO texts. */
export function useElapsed(startedAt: string | null, finishedAt: string | null): number | null {
  const isRunning = startedAt !== null && finishedAt === null
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!isRunning) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [isRunning])
  if (startedAt === null) return null
  return Math.max(0, ((finishedAt === null ? now : Date.parse(finishedAt)) - Date.parse(startedAt)) / 1000)
}
