import type { Progress } from '../../model/job'

export const noProgress: Progress = { fraction: null, message: '', etaSeconds: null }

export interface ProgressMeter {
  /**
   * `fraction` 0..1 of measured work, or null while it cannot be told. `left` are the seconds left where they are known otherwise; null
   * where nothing was measured.
   */
  (fraction: number | null, message: string, left?: number | null): void
  /** No more is reported. */
  stop(): void
}

/**
 * Turns reported fractions into progress with the time left: from the average rate so far, once there is something to go by. An estimate
 * that has run out without a word is withdrawn. `now` in milliseconds; never the wall clock, which may be set back.
 */
export function createProgressMeter(report: (progress: Progress) => void, now = (): number => performance.now()): ProgressMeter {
  let start: { at: number; fraction: number } | undefined
  let timer: NodeJS.Timeout | undefined
  const rateOf = (share: number): number | null => {
    const at = now()
    if (!start || share < start.fraction) start = { at, fraction: share }
    const elapsed = (at - start.at) / 1000
    const done = share - start.fraction
    return share >= 1 ? 0 : done >= 0.02 && elapsed >= 0.5 ? Math.round(((1 - share) / done) * elapsed * 10) / 10 : null
  }
  const meter = (given: number | null, message: string, left?: number | null): void => {
    clearTimeout(timer)
    const fraction = given === null || !Number.isFinite(given) ? null : Math.min(1, Math.max(0, given))
    const etaSeconds = left === undefined ? (fraction === null ? null : rateOf(fraction)) : left
    report({ fraction, message, etaSeconds })
    if (etaSeconds !== null && fraction !== 1)
      timer = setTimeout(() => report({ fraction, message, etaSeconds: null }), Math.min(2 ** 31 - 1, etaSeconds * 1000)).unref()
  }
  return Object.assign(meter, { stop: () => clearTimeout(timer) })
}
