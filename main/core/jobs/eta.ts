import type { Progress } from '../../model/job'

export const noProgress: Progress = { fraction: null, message: '', etaSeconds: null }

/**
 * Turns reported fractions into progress with the time left: from the average rate so far, once there is something to go by. `now` in
 * milliseconds; never the wall clock, which may be set back.
 */
export function createProgressMeter(now = (): number => performance.now()): (fraction: number | null, message: string) => Progress {
  let start: { at: number; fraction: number } | undefined
  return (fraction, message) => {
    if (fraction === null || !Number.isFinite(fraction)) return { fraction: null, message, etaSeconds: null }
    const share = Math.min(1, Math.max(0, fraction))
    const at = now()
    if (!start || share < start.fraction) start = { at, fraction: share }
    const elapsed = (at - start.at) / 1000
    const done = share - start.fraction
    const etaSeconds = share >= 1 ? 0 : done >= 0.02 && elapsed >= 0.5 ? Math.round(((1 - share) / done) * elapsed * 10) / 10 : null
    return { fraction: share, message, etaSeconds }
  }
}
