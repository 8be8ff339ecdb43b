import { breathe } from '../../numerics'
import { influencesOf } from '../binary/influence'
import { deriveRanking, type Ranking } from '../binary/ranking'
import type { ClassRows } from './figures'

/** One class against all others: how its probabilities rank, and what each row adds to that. */
export interface ClassRanking {
  place: number
  ranking: Ranking
  scores: Float64Array
  /** 1 where the row is of the class. */
  isOwn: Uint8Array
  /** Sums of weights of the rows of the class and of all others. */
  own: number
  others: number
  /** Null where one of both is missing. */
  auc: number | null
  /** By row: what it moves the AUC by (weighted influence over the number of rows); they add up to zero. Null without an AUC. */
  influence: Float64Array | null
}

/**
 * AUC of one class against the rest, and the influence of each row on it: its weighted placement among the rows of the other kind, less the
 * AUC (DeLong, DeLong and Clarke-Pearson 1988). The variance of the AUC is the sum of squared influences.
 */
export function rankClass({ rows, classes, labels, scores: all, weights }: ClassRows, place: number): ClassRanking {
  const scores = new Float64Array(rows)
  const isOwn = new Uint8Array(rows)
  let [own, others] = [0, 0]
  for (let row = 0; row < rows; row++) {
    scores[row] = all[row * classes + place]!
    isOwn[row] = labels[row] === place ? 1 : 0
    if (isOwn[row]) own += weights ? weights[row]! : 1
    else others += weights ? weights[row]! : 1
  }
  const ranking = deriveRanking(scores)
  const found = { place, ranking, scores, isOwn, own, others }
  if (!(own > 0 && others > 0)) return { ...found, auc: null, influence: null }
  return { ...found, ...influencesOf(ranking, isOwn, weights, own, others) }
}

/** The mean of the AUCs of the classes that have one, and the influence of each row on it. */
export interface MeanAuc {
  value: number | null
  influence: Float64Array
}

export interface MeanAucs {
  /** Each class counting the same, and by the weight of its rows. */
  macro: MeanAuc
  weighted: MeanAuc
  /** By class, null where it has none. */
  aucs: (number | null)[]
}

/** Whatever else is asked of the ranking of a class, while it is there: rankings of all classes at once would take much memory. */
type Visit = (ranking: ClassRanking) => void

/**
 * One-vs-rest AUCs of all classes and their means.
 * @throws WorkbenchError CANCELLED
 */
export async function rankClasses(prepared: ClassRows, options: { signal?: AbortSignal } = {}, visit: Visit = () => {}): Promise<MeanAucs> {
  const { rows, classes, labels, weights } = prepared
  const macro = { sum: 0, count: 0, influence: new Float64Array(rows) }
  const weighted = { sum: 0, count: 0, influence: new Float64Array(rows) }
  const aucs: (number | null)[] = []
  for (let place = 0; place < classes; place++) {
    await breathe(options.signal)
    const ranked = rankClass(prepared, place)
    aucs.push(ranked.auc)
    if (ranked.auc !== null) {
      for (const [mean, weight] of [
        [macro, 1],
        [weighted, ranked.own]
      ] as const) {
        mean.sum += weight * ranked.auc
        mean.count += weight
        for (let row = 0; row < rows; row++) mean.influence[row]! += weight * ranked.influence![row]!
      }
    }
    visit(ranked)
  }
  const meanOf = ({ sum, count, influence }: typeof macro): MeanAuc => ({
    value: count > 0 ? sum / count : null,
    influence: count > 0 ? influence.map((each) => each / count) : influence
  })
  const found = { macro: meanOf(macro), weighted: meanOf(weighted) }
  // How much a class counts is itself found from the rows.
  if (found.weighted.value !== null)
    for (let row = 0; row < rows; row++) {
      const auc = aucs[labels[row]!]
      if (auc !== null && auc !== undefined)
        found.weighted.influence[row]! += ((auc - found.weighted.value) * (weights ? weights[row]! : 1)) / weighted.count
    }
  return { ...found, aucs }
}
