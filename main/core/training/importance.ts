import type { FeatureImportance } from '../../model/training'
import { breathe, Random, studentQuantile } from '../numerics'
import { pickOutcomes, type Outcomes } from '../tasks'

/** Rows beyond this say little more of a column. */
const mostRows = 1000
const fewestRows = 50
/** How often each column is shuffled. */
export const repeats = 10
/** Parts of the rows that are left out in turn, at most, and the 97.5% point of Student's t with one degree of freedom less than so many. */
const mostParts = 10
const spread = 2.262157

export interface ShuffledSkill {
  permutation: number
  low: number | null
  high: number | null
}

/** The outcomes are those of all rows that may be used; none of them may have shaped the model. */
export interface Shuffling extends Outcomes {
  columns: number
  seed: number
  /** Cluster of each row, where rows do not stand for themselves: whole clusters are left out. */
  clusters?: Uint32Array | null
  /** How many rows may be scored in all: it bounds the time. */
  budget: number
  /** Whether shuffling a column can change a score; one that the model does not read loses nothing. */
  isRead?(column: number): boolean
  signal?: AbortSignal
}

/** The task's figure of skill, higher is better; null where the outcomes give it no value. */
export type Skill = (outcomes: Outcomes, scores: Float64Array) => number | null

/** Scores of the chosen `rows`, with one column's values taken from the rows of `order` instead. */
type Rescore = (rows: Uint32Array, shuffled: { column: number; order: Uint32Array } | null) => Float64Array | Promise<Float64Array>

/**
 * What the task's figure of skill loses when one column is shuffled (Breiman 2001), as the mean of ten shuffles on at most 1,000 rows. The
 * 95% interval is of the rows (a tenth of them, or of their clusters, left out in turn, Shao and Wu 1989) and of the shuffles. Null when the budget is for fewer than
 * 50 rows or only one outcome is among them.
 */
export async function shuffleColumns(
  skill: Skill,
  { labels, weights, columns, seed, clusters = null, budget, isRead, signal }: Shuffling,
  score: Rescore
): Promise<{ rows: number; repeats: number; columns: ShuffledSkill[] } | null> {
  const size = Math.min(labels.length, mostRows, Math.floor(budget / (columns * repeats)))
  if (size < fewestRows) return null
  const random = new Random(seed, 3)
  const rows = random.sample(labels.length, size)
  const own = pickOutcomes({ labels, weights }, rows)
  const parts = partsOf(rows, clusters)
  const reference = skillsOf(skill, own, await score(rows, null), parts)
  if (reference[0] === null) return null
  const found: ShuffledSkill[] = []
  for (let column = 0; column < columns; column++) {
    const losses: (number | null)[][] = []
    for (let repeat = 0; repeat < repeats; repeat++) {
      const order = random.shuffle(rows.slice())
      if (isRead && !isRead(column)) continue
      const skills = skillsOf(skill, own, await score(rows, { column, order }), parts)
      losses.push(skills.map((value, part) => (value === null || reference[part] === null ? null : reference[part]! - value)))
      await breathe(signal)
    }
    found.push(losses.length === 0 ? { permutation: 0, low: 0, high: 0 } : summarise(losses, parts.count))
  }
  return { rows: size, repeats, columns: found }
}

interface Parts {
  count: number
  /** Part of each of the chosen rows. */
  of: Uint32Array
}

/** Every tenth row, or every tenth cluster of those that occur, is one part. */
function partsOf(rows: Uint32Array, clusters: Uint32Array | null): Parts {
  if (!clusters) return { count: mostParts, of: rows.map((_, at) => at % mostParts) }
  const places = new Map<number, number>()
  const of = rows.map((row) => {
    const place = places.get(clusters[row]!) ?? places.size
    places.set(clusters[row]!, place)
    return place % mostParts
  })
  return { count: Math.min(mostParts, places.size), of }
}

/** The skill on all rows, then without each part of them. */
function skillsOf(skill: Skill, outcomes: Outcomes, scores: Float64Array, parts: Parts): (number | null)[] {
  const width = scores.length / outcomes.labels.length
  const without = Array.from({ length: parts.count }, (_, part) => {
    const rows = Uint32Array.from(outcomes.labels.keys()).filter((row) => parts.of[row] !== part)
    if (rows.length === 0) return null
    return skill(
      pickOutcomes(outcomes, rows),
      scores.filter((_, at) => parts.of[Math.floor(at / width)] !== part)
    )
  })
  return [skill(outcomes, scores), ...without]
}

/** `losses` by shuffle: on all rows, then without each part. */
function summarise(losses: readonly (number | null)[][], parts: number): ShuffledSkill {
  const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const squaresOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + (value - meanOf(values)) ** 2, 0)
  const whole = losses.map((each) => each[0]!)
  const permutation = meanOf(whole)
  if (losses.some((each) => each.includes(null))) return { permutation, low: null, high: null }
  const left = Array.from({ length: parts }, (_, part) => meanOf(losses.map((each) => each[part + 1]!)))
  const ofRows = ((parts - 1) / parts) * squaresOf(left)
  const ofShuffles = squaresOf(whole) / (losses.length - 1) / losses.length
  const half = (parts === mostParts ? spread : studentQuantile(0.975, parts - 1)) * Math.sqrt(ofRows + ofShuffles)
  return { permutation, low: permutation - half, high: permutation + half }
}

/** Importances by share of `amounts`, most important first; what was lost by shuffling is null where no row was kept from the fit. */
export function collectImportances(
  names: readonly string[],
  amounts: Float64Array,
  uses: Int32Array,
  shuffled: readonly ShuffledSkill[] | null
): FeatureImportance[] {
  const total = amounts.reduce((sum, amount) => sum + amount, 0)
  const list = names.map((feature, index) => ({
    feature,
    gain: total > 0 ? amounts[index]! / total : 0,
    uses: uses[index]!,
    ...(shuffled?.[index] ?? { permutation: null })
  }))
  return list.sort((a, b) => b.gain - a.gain || (a.feature < b.feature ? -1 : 1))
}
