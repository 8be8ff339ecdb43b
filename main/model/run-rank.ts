import { z } from 'zod'
import { RunSummary } from './run'

/**
 * Where a run stands among `of` runs by one metric: at best and at worst, as far as intervals tell. Runs that they cannot tell apart share
 * `from`. Or why it has no place.
 */
export const RunRank = z.union([z.object({ from: z.number(), to: z.number(), of: z.number() }), z.object({ none: z.string() })])
export type RunRank = z.infer<typeof RunRank>

/** A run as lists have it, with its place by the metric that was asked for. */
export const ListedRun = RunSummary.extend({ rank: RunRank.optional() })
export type ListedRun = z.infer<typeof ListedRun>

/** First beyond chance of at least two. */
export const isBest = (rank: RunRank | undefined): boolean => rank !== undefined && 'of' in rank && rank.to === 1 && rank.of > 1

/** `1`, `1=` where others share the place, nothing without one. */
export const rankText = (rank: RunRank | undefined): string =>
  rank === undefined || 'none' in rank ? '' : `${rank.from}${rank.from === rank.to ? '' : '='}`

/** The same in a sentence. */
export function describeRank(rank: RunRank, label: string): string {
  if ('none' in rank) return `No place by ${label}: ${rank.none}.`
  const { from, to, of } = rank
  if (isBest(rank)) return `Best of ${of} by ${label}, beyond chance.`
  if (from === to) return `Place ${from} of ${of} by ${label}.`
  return `Place ${from} to ${to} of ${of} by ${label}: intervals cannot tell it from the others there. Compare them to hold them row by row.`
}
