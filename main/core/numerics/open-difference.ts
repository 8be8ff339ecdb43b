import type { Difference } from './difference'
import { normalQuantile, normalShare } from './normal'
import { studentQuantile, studentShare } from './student'

/** Beyond it the share of a normal distribution is too small for a number. */
const farthest = 1e-300

/**
 * A difference whose spread was found from so many `clusters`, as if that was known for certain: few leave the spread itself open, as Student's
 * distribution has it, at whatever level it is asked for (Cameron, Gelbach and Miller 2008). `widened` is how much the spread falls short besides.
 * Null is a difference of rows that stand for themselves.
 */
export function openDifference<D extends Difference>(plain: D, clusters: number | null, widened = 1): D {
  if (clusters === null || clusters < 2) return plain
  const freedom = clusters - 1
  return {
    ...plain,
    p: plain.p >= 1 ? 1 : Math.min(1, 2 * studentShare(normalQuantile(Math.max(farthest, plain.p / 2)) / widened, freedom)),
    interval: (level: number) => plain.interval(2 * normalShare(widened * studentQuantile(level / 2, freedom)))
  }
}
