import type { TrainingIteration } from '../../../model/training'
import { breathe } from '../../numerics'
import type { Bag } from './bags'
import type { Loss, WeightedRows } from './loss'
import type { Totals } from './step'

/** A shape or a pair while it is fitted: the cell of every row, and how a step over the cells is grown from their derivatives. */
export interface Term {
  cells: number
  training: Uint8Array | Uint16Array | Uint32Array
  watching: Uint8Array | Uint16Array | Uint32Array
  /** Writes what each cell adds. */
  grow(totals: Totals, update: Float64Array): void
}

/** Scores of every term by bag: [bag][term][cell * width + k]. */
export type Scores = Float64Array[][]

export interface BoostRequest {
  loss: Loss
  terms: readonly Term[]
  bags: readonly Bag[]
  /** Margins before the first round, by bag: row-major over the rows of the bag. */
  margins: Float64Array[]
  /** Rows that watch the fit, and their margins before the first round; null for none. */
  watching: (WeightedRows & { margins: Float64Array }) | null
  rounds: number
  /** Rounds without a better validation loss before the end; 0 means never. */
  patience: number
  /** Number of the first round in the history. */
  firstRound: number
  signal?: AbortSignal
  onIteration?: (point: TrainingIteration) => void
}

export interface Boosted {
  scores: Scores
  /** Rounds kept: 0 where none made the validation loss better. */
  kept: number
  history: TrainingIteration[]
  stopped: 'finished' | 'early-stopping'
}

/** A better loss is better by this share: below it lies rounding, not learning. */
const tolerance = 1e-6

/**
 * Cyclic boosting (Lou et al. 2012; Nori et al. 2019): each round visits every term of every bag once with a small step, so that none
 * explains away what another one would have. All bags go on together; the loss of their mean on the watching rows ends the fit, and the scores
 * of its best round are kept.
 */
export async function boost(request: BoostRequest): Promise<Boosted> {
  const { loss, terms, bags, watching, patience, rounds, firstRound } = request
  const scores: Scores = bags.map(() => terms.map(({ cells }) => new Float64Array(cells * loss.width)))
  const stepping = new Stepping(request)
  const history: TrainingIteration[] = []
  let best = { loss: watching ? loss.mean(watching.margins, watching) : Infinity, round: 0, scores: copyOf(scores) }
  for (let round = 1; round <= rounds; round++) {
    for (let term = 0; term < terms.length; term++) {
      await breathe(request.signal)
      stepping.step(term, scores)
    }
    const point = {
      iteration: firstRound + round - 1,
      trainingLoss: bags.reduce((sum, bag, at) => sum + loss.mean(request.margins[at]!, bag), 0) / bags.length,
      validationLoss: watching ? loss.mean(watching.margins, watching) : null
    }
    history.push(point)
    request.onIteration?.(point)
    if (point.validationLoss === null || patience === 0) continue
    if (point.validationLoss < best.loss * (1 - tolerance)) best = { loss: point.validationLoss, round, scores: copyOf(scores) }
    if (round - best.round >= patience) return { scores: best.scores, kept: best.round, history, stopped: 'early-stopping' }
  }
  const isWatched = watching !== null && patience > 0
  return { scores: isWatched ? best.scores : scores, kept: isWatched ? best.round : rounds, history, stopped: 'finished' }
}

const copyOf = (scores: Scores): Scores => scores.map((bag) => bag.map((term) => term.slice()))

/** The work of one step, with its buffers. */
class Stepping {
  private readonly gradients: Float64Array
  private readonly hessians: Float64Array
  /** Rows drawn into each cell, by bag and term: they never change. */
  private readonly rows: Float64Array[][]

  constructor(private readonly request: BoostRequest) {
    const { bags, terms, loss } = request
    const most = bags.reduce((size, { rows }) => Math.max(size, rows.length), 0) * loss.width
    this.gradients = new Float64Array(most)
    this.hessians = new Float64Array(most)
    this.rows = bags.map((bag) =>
      terms.map(({ cells, training }) => {
        const counts = new Float64Array(cells)
        for (let at = 0; at < bag.rows.length; at++) counts[training[bag.rows[at]!]!]! += bag.draws[at]!
        return counts
      })
    )
  }

  /** One step of one term in every bag; the rows that watch get the mean of the bags. */
  step(term: number, scores: Scores): void {
    const { loss, bags, terms, margins, watching } = this.request
    const { cells, watching: watchingCells } = terms[term]!
    const mean = new Float64Array(cells * loss.width)
    bags.forEach((bag, index) => {
      loss.derive(margins[index]!, bag, this.gradients, this.hessians)
      const update = this.grow(term, index)
      addTo(margins[index]!, update, loss.width, terms[term]!.training, bag.rows)
      const own = scores[index]![term]!
      for (let at = 0; at < own.length; at++) {
        own[at]! += update[at]!
        mean[at]! += update[at]! / bags.length
      }
    })
    if (watching) addTo(watching.margins, mean, loss.width, watchingCells, null)
  }

  private grow(term: number, bag: number): Float64Array {
    const { loss, bags, terms } = this.request
    const { cells, training, grow } = terms[term]!
    const { width } = loss
    const { rows } = bags[bag]!
    const whole = new Float64Array(cells * width)
    const update = new Float64Array(cells)
    for (let k = 0; k < width; k++) {
      const [gradients, hessians] = [new Float64Array(cells), new Float64Array(cells)]
      for (let at = 0; at < rows.length; at++) {
        const cell = training[rows[at]!]!
        gradients[cell]! += this.gradients[at * width + k]!
        hessians[cell]! += this.hessians[at * width + k]!
      }
      grow({ gradients, hessians, rows: this.rows[bag]![term]! }, update)
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
