import type { BoostedTrees } from '../boosting/tree'

/** The thresholds of a column, ascending, each once. */
export function bordersOf(model: BoostedTrees, feature: number): number[] {
  const found = new Set<number>()
  for (const tree of model.trees) tree.feature.forEach((own, node) => own === feature && found.add(tree.threshold[node]!))
  return [...found].sort((a, b) => a - b)
}

/**
 * What a tree compares with where a column's values are counted against its borders: a value is at most the border of a place when no more
 * borders than those before it lie below the value. Other columns compare with the border itself.
 */
export function placesOf(borders: readonly (readonly number[] | null)[]): (feature: number, threshold: number) => number {
  const places = borders.map((own) => own && new Map(own.map((border, place) => [border, place])))
  return (feature, threshold) => {
    const place = places[feature]?.get(threshold)
    return place === undefined ? threshold : place + 0.5
  }
}
