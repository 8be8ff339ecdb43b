import { studentQuantile, z95 } from '../../numerics'
import type { Units } from './units'

/**
 * How many times as far as resamples of clusters spread a figure may be off: their variance is that of one cluster fewer, and few clusters leave
 * the variance itself open, as Student's distribution has it (Cameron, Gelbach and Miller 2008). 1 where rows stand for themselves.
 */
export const opennessOf = ({ count, of }: Units): number =>
  of && count > 1 ? (studentQuantile(0.975, count - 1) / z95) * Math.sqrt(count / (count - 1)) : 1
