import type { Slice, Slices } from '../../../model/tasks/slices'
import type { Frame } from '../../frames'
import { breathe, studentQuantile, studentShare } from '../../numerics'
import { unitsOf } from '../resampling'
import { clusteredDifference } from './clustered'
import { meanOf, partsOf, tallyAll, tallyParts, without, type Parts, type Tally } from './tally'

export interface SliceRequest {
  /** The judged rows; slices are made of these columns. */
  frame: Frame
  columns: readonly string[]
  /** Loss of each row, smaller is better, and what it is called. */
  losses: Float64Array
  loss: string
  weights: Float64Array | null
  /** Cluster of each row where rows do not stand for themselves. */
  clusters: Uint32Array | null
  /** 30 by default: with fewer rows a mean loss says nothing. */
  minimumRows?: number
  signal?: AbortSignal
}

const level = 0.95
const mostListed = 10
/** Columns that are paired with each other: those whose values differ most in loss, though all pairs are counted in. */
const mostPaired = 16
/** A pair says more than its two values alone only where its loss is this much above that of both. */
const worthPairing = 1.1
/** Slices that look worst, which are looked at again by cluster. */
const mostLookedAt = 200

interface Candidate {
  where: Slice['where']
  tally: Tally
  difference: number
  error: number
  freedom: number
  isIn(row: number): boolean
}

/**
 * The slices of one or two columns in which a model does worst. The difference of the mean loss inside and outside has an interval by Welch
 * (1947), widened for the number of all slices that could be made (Bonferroni; Dunn 1961), so that naming the worst of them is no accident.
 * Where rows come in clusters, whole clusters vary.
 * @throws WorkbenchError CANCELLED
 */
export async function findSlices(request: SliceRequest): Promise<Slices> {
  const { frame, columns, losses, weights, clusters, minimumRows = 30, signal } = request
  const all = tallyAll(losses, weights)
  const parts: Parts[] = []
  const leftOut: Slices['leftOut'] = []
  for (const name of columns) {
    await breathe(signal)
    const found = partsOf(name, frame.columns.get(name)!, minimumRows)
    if (typeof found !== 'string') parts.push(found)
    else leftOut.push({ column: name, reason: found })
  }
  const singles = parts.map((part) => tallyParts(part, null, losses, weights))
  const pairs = parts.flatMap((a, index) => parts.slice(index + 1).map((b) => a.names.length * b.names.length))
  const examined = singles.flat().length + pairs.reduce((sum, each) => sum + each, 0)
  const candidates = parts.flatMap((part, at) =>
    singles[at]!.flatMap((tally, index) => candidateOf([{ part, index }], tally, all, minimumRows))
  )
  const chosen = [...parts.keys()].sort((a, b) => spreadOf(singles[b]!) - spreadOf(singles[a]!)).slice(0, mostPaired)
  for (const [at, a] of chosen.entries())
    for (const b of chosen.slice(at + 1)) {
      await breathe(signal)
      candidates.push(...pairsOf(parts[a]!, parts[b]!, singles[a]!, singles[b]!, all, { losses, weights, minimumRows }))
    }
  const lookedAt = candidates.sort((a, b) => b.difference / b.error - a.difference / a.error).slice(0, mostLookedAt)
  const units = clusters ? unitsOf(losses.length, clusters) : null
  const judged = lookedAt.map((each) => (units ? { ...each, ...clusteredDifference(each.isIn, losses, weights, units) } : each))
  const worst = judged
    .filter(({ error, difference }) => error > 0 && difference > 0)
    .map((each) => sliceOf(each, Math.max(1, examined)))
    .sort((a, b) => b.lower - a.lower || b.difference - a.difference)
    .slice(0, mostListed)
  return { loss: request.loss, mean: all.loss / all.weight, level, examined, minimumRows, leftOut: leftOut.slice(0, 200), worst }
}

/** How far the mean losses of the values of a column are apart, in standard errors. */
function spreadOf(tallies: readonly Tally[]): number {
  const means = tallies.map(meanOf).filter(({ variance }) => variance > 0)
  const highest = Math.max(...means.map(({ mean, variance }) => mean - Math.sqrt(variance)))
  const lowest = Math.min(...means.map(({ mean, variance }) => mean + Math.sqrt(variance)))
  return means.length === 0 ? -Infinity : highest - lowest
}

function candidateOf(of: { part: Parts; index: number }[], tally: Tally, all: Tally, minimumRows: number): Candidate[] {
  const rest = without(all, tally)
  if (tally.rows < minimumRows || rest.rows < minimumRows) return []
  const [own, others] = [meanOf(tally), meanOf(rest)]
  const variance = own.variance + others.variance
  if (!(variance > 0)) return []
  const freedom = variance ** 2 / (own.variance ** 2 / (own.rows - 1) + others.variance ** 2 / (others.rows - 1))
  return [
    {
      where: of.map(({ part, index }) => ({ column: part.column, value: part.names[index]! })),
      tally,
      difference: own.mean - others.mean,
      error: Math.sqrt(variance),
      freedom: Math.max(1, Math.floor(freedom)),
      isIn: (row) => of.every(({ part, index }) => part.codes[row] === index)
    }
  ]
}

interface Losses {
  losses: Float64Array
  weights: Float64Array | null
  minimumRows: number
}

function pairsOf(a: Parts, b: Parts, ofA: readonly Tally[], ofB: readonly Tally[], all: Tally, rows: Losses): Candidate[] {
  return tallyParts(a, b, rows.losses, rows.weights).flatMap((tally, place) => {
    const [own, other] = [Math.floor(place / b.names.length), place % b.names.length]
    const loss = tally.loss / tally.weight
    const isMore = [ofA[own]!, ofB[other]!].every((single) => loss >= (worthPairing * single.loss) / single.weight)
    if (!isMore) return []
    return candidateOf(
      [
        { part: a, index: own },
        { part: b, index: other }
      ],
      tally,
      all,
      rows.minimumRows
    )
  })
}

function sliceOf({ where, tally, difference, error, freedom }: Candidate, examined: number): Slice {
  const reach = studentQuantile(1 - (1 - level) / 2 / examined, freedom) * error
  return {
    where,
    count: tally.rows,
    loss: tally.loss / tally.weight,
    difference,
    lower: difference - reach,
    upper: Number.isFinite(reach) ? difference + reach : null,
    p: Math.max(0, Math.min(1, 2 * examined * studentShare(-difference / error, freedom)))
  }
}
