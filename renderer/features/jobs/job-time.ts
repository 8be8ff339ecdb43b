import { useEffect, useState } from 'react'
import type { Job } from '../../../main/model/job'

/** Seconds from start to end, or to now; null before the start. */
export function useJobSeconds(job: Job): number | null {
  const isRunning = job.startedAt !== null && job.finishedAt === null
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!isRunning) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [isRunning])
  if (job.startedAt === null) return null
  return Math.max(0, ((job.finishedAt === null ? now : Date.parse(job.finishedAt)) - Date.parse(job.startedAt)) / 1000)
}
