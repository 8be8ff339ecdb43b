import { studentQuantile, z95 } from '../../numerics'
import type { Units } from './units'

/**
 * How many times as far as resamples of clusters spread a figure may be off: their variance is that of one cluster fewer, and few clusters leave
 * the variance itself open, as Student's distribution has it (Cameron, Gelbach and Miller 2008). 1 where rows stand for themselves.
 */
export const opennessOf = ({ count, of, areRows }: Units): number =>
  of && !areRows && count > 1 ? (studentQuantile(0.975, count - 1) / z95) * resamplingLack(count) : 1

/** How much too narrow resamples of so many clusters spread: one cluster is missing in their variance. 1 where rows stand for themselves. */
export const resamplingLack = (clusters: number | null): number =>
  clusters !== null && clusters > 1 ? Math.sqrt(clusters / (clusters - 1)) : 1
