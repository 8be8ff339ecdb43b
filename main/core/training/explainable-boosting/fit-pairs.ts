import type { TrainingIteration } from '../../../model/training'
import { boost, type Scores, type Term } from './boost'
import { marginsOf, smoothingOf, watchesOf, type Fitting } from './fitting'
import { growGrid } from './grid'
import type { PairShape } from './model'
import { groupBins, type Grouping } from './pair-groups'
import { rankPairs } from './rank-pairs'
import { meanOfBags, purify } from './settle'

export interface PairsFit {
  pairs: PairShape[]
  history: TrainingIteration[]
  kept: number
  stopped: 'finished' | 'early-stopping'
  /** By bag and pair; empty without pairs. */
  scores: Scores
}

const none: PairsFit = { pairs: [], history: [], kept: 0, stopped: 'finished', scores: [] }

/**
 * Chooses pairs by what the mean shapes leave, and boosts them on it. What a pair says of one of its features alone goes to the shapes of the bag
 * (`scores`, changed in place). None where no round made the loss of the watching rows better.
 */
export async function fitPairs(fitting: Fitting, scores: Scores, rounds: number): Promise<PairsFit> {
  const { parameters, loss, kinds, codes, watchingCodes, bags, training, base, steps, seed, progress } = fitting
  if (parameters.pairs === 0 || loss.width > 1) return none
  const groupings = kinds.map(({ weights, isText }) => groupBins(weights, isText))
  const mean = kinds.map((_, index) => Float64Array.from(meanOfBags(scores, index, fitting.share).scores))
  const margins = marginsOf(base, training.labels.length, mean, codes, null)
  const spreads = Float64Array.from(kinds, ({ weights, direction }, index) => (direction === null ? spreadOf(mean[index]!, weights) : -1))
  const { minRows, l2 } = steps
  const ranking = { loss, rows: training, margins, codes, groupings, spreads, minRows, l2, signal: progress.signal }
  const chosen = await rankPairs(ranking, parameters.pairs)
  if (chosen.length === 0) return none
  const terms = chosen.map(({ first, second }): Term => {
    const sides = [groupings[first]!, groupings[second]!] as const
    return {
      cells: sides[0].axis.groups * sides[1].axis.groups,
      training: cellsOf(codes[first]!, codes[second]!, sides),
      watching: cellsOf(watchingCodes[first]!, watchingCodes[second]!, sides),
      grow: (totals, update, random) => growGrid(totals, sides[0].axis, sides[1].axis, steps, update, random)
    }
  })
  const found = await boost({
    loss,
    terms,
    bags,
    margins: bags.map(({ rows }, bag) => marginsOf(base, rows.length, scores[bag]!, codes, rows)),
    watching: watchesOf(fitting, scores, mean),
    rounds: parameters.rounds,
    smoothingRounds: smoothingOf(parameters),
    patience: parameters.earlyStoppingRounds,
    firstRound: rounds + 1,
    seed,
    signal: progress.signal,
    onIteration: (point) => progress.onIteration?.(point, Math.min(1, point.iteration / parameters.rounds))
  })
  const { history, kept, stopped } = found
  if (kept === 0) return { ...none, history, stopped }
  const pairs = chosen.map(({ first, second }, term) =>
    settlePair(fitting, scores, found.scores, term, [first, second], groupings, terms[term]!)
  )
  return { pairs, history, kept, stopped, scores: found.scores }
}

function cellsOf(first: ArrayLike<number>, second: ArrayLike<number>, sides: readonly [Grouping, Grouping]): Uint16Array {
  const columns = sides[1].axis.groups
  return Uint16Array.from({ length: first.length }, (_, row) => sides[0].groups[first[row]!]! * columns + sides[1].groups[second[row]!]!)
}

function settlePair(
  { training, share }: Fitting,
  shapes: Scores,
  pairs: Scores,
  term: number,
  [first, second]: readonly [number, number],
  groupings: readonly Grouping[],
  { cells, training: rows }: Term
): PairShape {
  const [firstGroups, secondGroups] = [groupings[first]!.groups, groupings[second]!.groups]
  const weights = new Float64Array(cells)
  for (let row = 0; row < rows.length; row++) weights[rows[row]!]! += training.weights[row]!
  pairs.forEach((bag, at) => {
    const sides = [
      { shape: shapes[at]![first]!, groups: firstGroups },
      { shape: shapes[at]![second]!, groups: secondGroups }
    ] as const
    purify(bag[term]!, weights, ...sides)
  })
  return { first, second, firstGroups, secondGroups, ...meanOfBags(pairs, term, share), weights: [...weights] }
}

/** Weighted standard deviation of the scores of a shape over the training rows. */
export function spreadOf(scores: ArrayLike<number>, weights: ArrayLike<number>): number {
  let [total, sum, squares] = [0, 0, 0]
  for (let bin = 0; bin < weights.length; bin++) {
    total += weights[bin]!
    sum += weights[bin]! * scores[bin]!
    squares += weights[bin]! * scores[bin]! ** 2
  }
  return total > 0 ? Math.sqrt(Math.max(0, squares / total - (sum / total) ** 2)) : 0
}
