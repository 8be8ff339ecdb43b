import { Random } from '../core/numerics'
import { isDeep, rounds } from './deep'

/** Rows of one evaluation: few enough that an interval has to work for its share. */
export const judgedRows = 300
/** Evaluations of one world: with 2,000 a share near 95% is known within 1%. */
export const trialsOf = (short: number): number => rounds(short, 2000)
/** What the share of so few trials may be off by chance alone: 2.6 standard errors of one near 95%; the long form allows for none. */
const byChance = (trials: number): number => (isDeep ? 0 : 2.6 * Math.sqrt((0.05 * 0.95) / trials))

/** A standard normal number (Box and Muller 1958). */
export const normal = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform())
/** Skewed, with mean 0 and variance 1. */
export const skewed = (random: Random): number => -Math.log(1 - random.uniform()) - 1
/** Mean 0 and variance 1; one in ten is off three times as far as the others. */
export const outlying = (random: Random): number => ((random.uniform() < 0.1 ? 3 : 1) * normal(random)) / Math.sqrt(1.8)

/** Codes of as many clusters of equal size. */
export const clustersOf = (count: number): Uint32Array => Uint32Array.from({ length: judgedRows }, (_, row) => row % count)
/** For each row the sum of a part that its cluster shares, `share` of the variance, and one of its own. */
export function clustered(codes: Uint32Array, share: number, random: Random, draw = normal): Float64Array {
  const common = Float64Array.from({ length: codes.reduce((most, code) => Math.max(most, code + 1), 0) }, () => draw(random))
  return Float64Array.from(codes, (code) => Math.sqrt(share) * common[code]! + Math.sqrt(1 - share) * draw(random))
}
/** Half of the rows are of a part of the population that is four times the other one: sampled alike, they count unlike. */
export const isOfLargerPart = (row: number): boolean => row % 2 === 0
export const partWeights = (): Float64Array => Float64Array.from({ length: judgedRows }, (_, row) => (isOfLargerPart(row) ? 1.6 : 0.4))

/** An interval as an evaluation or a comparison states it; null where it states none. */
export type StatedEnds = { lower: number; upper: number } | null | undefined
/** How often intervals of a figure hold its true value. */
export interface Covered {
  trials: number
  stated: number
  held: number
  /** Intervals that lie wholly below or above the true value. */
  below: number
  above: number
}

/** Draws evaluations of a world with fixed seeds, and counts by figure how often the stated interval holds its true value. */
export async function countCovered<Key extends string>(
  truth: Record<Key, number>,
  trial: (random: Random, seed: number) => Promise<Record<Key, StatedEnds>>,
  { stream, trials }: { stream: number; trials: number }
): Promise<Record<Key, Covered>> {
  const keys = Object.keys(truth) as Key[]
  const found = Object.fromEntries(keys.map((key) => [key, { trials, stated: 0, held: 0, below: 0, above: 0 }])) as Record<Key, Covered>
  for (let seed = 0; seed < trials; seed++) {
    const ends = await trial(new Random(seed, stream), seed)
    for (const key of keys) {
      const own = ends[key]
      if (!own) continue
      found[key].stated++
      if (own.upper < truth[key]) found[key].below++
      else if (own.lower > truth[key]) found[key].above++
      else found[key].held++
    }
  }
  return found
}

/** The shares that are asked of an interval of 95%. */
export const asked = { least: 0.93, most: 0.97 }

/** Prints one line for a world, and names the figures whose share lies outside of what is asked. */
export function missedFigures(world: string, found: Record<string, Covered>, { least, most } = asked): string[] {
  const percent = (part: number, whole: number): string => ((100 * part) / whole).toFixed(1)
  const words = Object.entries(found).map(
    ([key, { stated, held, below, above }]) =>
      `${key} ${percent(held, stated)}% (below ${percent(below, stated)}, above ${percent(above, stated)})`
  )
  const [{ trials } = { trials: 0 }] = Object.values(found)
  console.log(`coverage of ${trials} evaluations of ${judgedRows} rows, ${world}: ${words.join(', ')}`)
  return Object.entries(found)
    .filter(
      ([, { stated, held }]) => stated < trials || held / stated < least - byChance(trials) || held / stated > most + byChance(trials)
    )
    .map(([key]) => `${world}: ${key}`)
}
