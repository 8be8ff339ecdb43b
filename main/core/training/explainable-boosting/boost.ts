import type { TrainingIteration } from '../../../model/training'
import { breathe, Random } from '../../numerics'
import type { Bag } from './bags'
import type { Loss, WeightedRows } from './loss'
import type { Totals } from './step'

/** A shape or a pair while it is fitted: the cell of every row, and how a step over the cells is grown from their derivatives. */
export interface Term {
  cells: number
  training: Uint8Array | Uint16Array | Uint32Array
  watching: Uint8Array | Uint16Array | Uint32Array
  /** Writes what each cell adds. With `random` the cuts are drawn instead of searched for. */
  grow(totals: Totals, update: Float64Array, random: Random | null): void
}

/** Scores of every term by bag: [bag][term][cell * width + k]. */
export type Scores = Float64Array[][]

/** Rows that watch the fit. */
interface Watch extends WeightedRows {
  /** Margins before the first round, row-major; changed in place. */
  margins: Float64Array
  /** Places in the training table; null for the rows of another table, in order. */
  rows: Uint32Array | null
}

export interface BoostRequest {
  loss: Loss
  terms: readonly Term[]
  bags: readonly Bag[]
  /** Margins before the first round, by bag: row-major over the rows of the bag. */
  margins: Float64Array[]
  /** For each bag the rows that it leaves out, or one set of rows that watch the mean of all bags; null for none. */
  watching: Watch[] | null
  rounds: number
  /** First rounds whose cuts are drawn. */
  smoothingRounds: number
  /** Rounds without a better validation loss before the end; 0 means never. */
  patience: number
  /** Number of the first round in the history. */
  firstRound: number
  seed: number
  signal?: AbortSignal
  onIteration?: (point: TrainingIteration) => void
}

export interface Boosted {
  scores: Scores
  /** Rounds kept: 0 where none made the validation loss better. */
  kept: number
  /** Means over the bags. */
  history: TrainingIteration[]
  stopped: 'finished' | 'early-stopping'
}

/** A better loss is better by this share: below it lies rounding, not learning. */
const tolerance = 1e-6

/**
 * Cyclic boosting (Lou et al. 2012; Nori et al. 2019): each round visits every term of every bag once with a small step, so that none
 * explains away what another one would have. All bags go on together. The loss on the rows that watch ends the fit, and the scores of its best round
 * are kept; one end for all, because a bag alone would end on few rows, and by chance. The first rounds draw their cuts, so that values on both
 * sides of a cut differ only as far as the rows ask for it.
 */
export async function boost(request: BoostRequest): Promise<Boosted> {
  const { loss, bags, terms, patience, rounds, firstRound, smoothingRounds, watching } = request
  const fits = bags.map((_, bag) => new BagFit(request, bag))
  const scoresNow = (): Scores => fits.map(({ scores }) => scores.map((term) => term.slice()))
  const trainingLoss = (): number => fits.reduce((sum, fit) => sum + fit.trainingLoss(), 0) / fits.length
  const watchedLoss = watching && watchedBy(loss, watching)
  const history: TrainingIteration[] = []
  const isWatched = watching !== null && patience > 0
  let best = { loss: watchedLoss ? watchedLoss() : Infinity, round: 0, scores: scoresNow() }
  for (let round = 1; round <= rounds; round++) {
    for (let term = 0; term < terms.length; term++) {
      await breathe(request.signal)
      for (const fit of fits) fit.step(term, round)
    }
    const point = {
      iteration: firstRound + round - 1,
      trainingLoss: trainingLoss(),
      validationLoss: watchedLoss && watchedLoss()
    }
    history.push(point)
    request.onIteration?.(point)
    if (point.validationLoss === null || !isWatched) continue
    if (point.validationLoss < best.loss * (1 - tolerance)) best = { loss: point.validationLoss, round, scores: scoresNow() }
    // A drawn cut may be a poor one for a while.
    if (round > smoothingRounds && round - best.round >= patience)
      return { scores: best.scores, kept: best.round, history, stopped: 'early-stopping' }
  }
  return { scores: isWatched ? best.scores : scoresNow(), kept: isWatched ? best.round : rounds, history, stopped: 'finished' }
}

/** The mean loss of the rows that watch, by weight; a bag whose groups were too few to leave one out has none. */
function watchedBy(loss: Loss, watching: readonly Watch[]): () => number {
  const weights = watching.map((watch) => watch.weights.reduce((sum, weight) => sum + weight, 0))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return () =>
    watching.reduce((sum, watch, at) => (weights[at]! > 0 ? sum + (weights[at]! / total) * loss.mean(watch.margins, watch) : sum), 0)
}

/** The fit of one bag, with its buffers. */
class BagFit {
  readonly scores: Float64Array[]
  private readonly gradients: Float64Array
  private readonly hessians: Float64Array
  /** Rows in each cell, by term: they never change. */
  private readonly rows: Float64Array[]
  private readonly bag: Bag
  private readonly margins: Float64Array
  private readonly watch: Watch | null
  /** Of a step, that the margins of the rows that watch change by. */
  private readonly part: number
  private readonly random: Random

  constructor(
    private readonly request: BoostRequest,
    index: number
  ) {
    const { bags, terms, loss, margins, watching, seed, firstRound } = request
    this.bag = bags[index]!
    this.margins = margins[index]!
    this.watch = watching && (watching[index] ?? watching[0]!)
    this.part = watching?.length === 1 ? 1 / bags.length : 1
    this.random = new Random(seed, firstRound === 1 ? 1000 + index : 2000 + index)
    this.gradients = new Float64Array(this.margins.length)
    this.hessians = new Float64Array(this.margins.length)
    this.scores = terms.map(({ cells }) => new Float64Array(cells * loss.width))
    this.rows = terms.map(({ cells, training }) => {
      const counts = new Float64Array(cells)
      for (const row of this.bag.rows) counts[training[row]!]! += 1
      return counts
    })
  }

  /** Mean loss of the rows that it learns from. */
  trainingLoss(): number {
    return this.request.loss.mean(this.margins, this.bag)
  }

  /** One step of one term. */
  step(term: number, round: number): void {
    const { loss, terms } = this.request
    const { training, watching } = terms[term]!
    loss.derive(this.margins, this.bag, this.gradients, this.hessians)
    const update = this.grow(terms[term]!, this.rows[term]!, round)
    addTo(this.margins, update, loss.width, training, this.bag.rows)
    const seen = this.part === 1 ? update : update.map((value) => value * this.part)
    if (this.watch) addTo(this.watch.margins, seen, loss.width, this.watch.rows ? training : watching, this.watch.rows)
    const own = this.scores[term]!
    for (let at = 0; at < own.length; at++) own[at]! += update[at]!
  }

  private grow({ cells, training, grow }: Term, counts: Float64Array, round: number): Float64Array {
    const { width } = this.request.loss
    const { rows } = this.bag
    const random = round <= this.request.smoothingRounds ? this.random : null
    const whole = new Float64Array(cells * width)
    const update = new Float64Array(cells)
    for (let k = 0; k < width; k++) {
      const [gradients, hessians] = [new Float64Array(cells), new Float64Array(cells)]
      for (let at = 0; at < rows.length; at++) {
        const cell = training[rows[at]!]!
        gradients[cell]! += this.gradients[at * width + k]!
        hessians[cell]! += this.hessians[at * width + k]!
      }
      grow({ gradients, hessians, rows: counts }, update, random)
      for (let cell = 0; cell < cells; cell++) whole[cell * width + k] = update[cell]!
    }
    return whole
  }
}

/** Adds the scores of the cells of the rows to their margins; all rows in order where none are named. */
export function addTo(margins: Float64Array, scores: Float64Array, width: number, cells: Term['training'], rows: Uint32Array | null): void {
  const count = margins.length / width
  for (let at = 0; at < count; at++) {
    const cell = cells[rows ? rows[at]! : at]!
    for (let k = 0; k < width; k++) margins[at * width + k]! += scores[cell * width + k]!
  }
}
