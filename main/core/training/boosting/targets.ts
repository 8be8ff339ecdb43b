import type { Engine } from './engine'
import type { Objective } from '../objective'
import { lossOf, type Loss, type Outcomes } from './losses'
import { logisticScales, quantise } from './quantise'
import type { Scales } from './split'

/** Mean losses of the rows to learn from and of those that watch (null without any). */
export interface MeanLosses {
  training: number
  validation: number | null
}

/** Labels and weights of all rows of a table; weights null where all are 1. */
export interface Labelled {
  labels: ArrayLike<number>
  weights: Float64Array | null
}

/** Keeps what the rows still lack: takes the values of new trees and writes the derivatives that the next ones grow on. */
export class Targets {
  readonly loss: Loss
  readonly base: number[]
  /** By row of the engine. Weights are relative: those to learn from have a mean of 1. */
  readonly outcomes: Outcomes
  private readonly isFast: boolean
  private readonly totals: { training: number; watching: number }

  constructor(
    private readonly engine: Engine,
    objective: Objective,
    given: Labelled
  ) {
    this.loss = lossOf(objective)
    this.isFast = objective.name === 'logistic' && !given.weights
    const place = (values: ArrayLike<number>): Float64Array => {
      const own = new Float64Array(engine.size)
      for (let row = 0; row < values.length; row++) own[row < engine.rows ? row : row - engine.rows + engine.watchFrom] = values[row]!
      return own
    }
    const weights = given.weights && relative(place(given.weights), engine.rows)
    this.outcomes = { labels: place(given.labels), weights }
    this.base = this.loss.base(this.outcomes, engine.rows).map(Math.fround)
    engine.scores.forEach((scores, output) => scores.fill(this.base[output]!))
    const { labels } = this.outcomes
    if (this.isFast) engine.setLabels(labels.subarray(0, engine.rows), labels.subarray(engine.watchFrom))
    const sumOf = (from: number, to: number): number => weights?.subarray(from, to).reduce((sum, weight) => sum + weight, 0) ?? to - from
    this.totals = { training: sumOf(0, engine.rows), watching: sumOf(engine.watchFrom, engine.size) }
  }

  /** Takes the leaf values of the last trees, by output, and writes new derivatives; returns the losses and the scales of each output. */
  advance(values: readonly Float64Array[] | null): { losses: MeanLosses; scales: Scales[] } {
    const { engine, totals } = this
    if (this.isFast) {
      const { training, watching } = engine.logistic(values ? values[0]! : null)
      return { losses: this.means(training, watching), scales: [logisticScales(engine.rows)] }
    }
    values?.forEach((own, output) => engine.addLeaves(output, own))
    const training = this.derive(0, engine.rows, true)
    const watching = totals.watching > 0 ? this.derive(engine.watchFrom, engine.size, false) : 0
    return { losses: this.means(training, watching), scales: engine.derivatives.map((pairs) => quantise(pairs, engine.rows)) }
  }

  private means(training: number, watching: number): MeanLosses {
    return { training: training / this.totals.training, validation: this.totals.watching > 0 ? watching / this.totals.watching : null }
  }

  /** The loss of a stretch of rows; derivatives in single precision where the trees read them. */
  private derive(from: number, to: number, isWritten: boolean): number {
    const { engine, loss, outcomes } = this
    const pairs = engine.derivatives.map((own) => new Float32Array(own.buffer, own.byteOffset, own.length))
    const [margins, gradients, hessians] = [0, 1, 2].map(() => new Float64Array(loss.width)) as [Float64Array, Float64Array, Float64Array]
    const { labels, weights } = outcomes
    let sum = 0
    for (let row = from; row < to; row++) {
      for (let output = 0; output < loss.width; output++) margins[output] = engine.scores[output]![row]!
      const weight = weights ? weights[row]! : 1
      const own = loss.row(margins, labels[row]!, gradients, hessians)
      if (weight > 0) sum += weight * own
      if (!isWritten) continue
      for (let output = 0; output < loss.width; output++) {
        pairs[output]![2 * row] = weight * gradients[output]!
        pairs[output]![2 * row + 1] = weight * hessians[output]!
      }
    }
    return sum
  }
}

/** Weights whose mean over the first rows is 1; they stay as they are where all of these are 0. */
function relative(weights: Float64Array, rows: number): Float64Array {
  const mean = weights.subarray(0, rows).reduce((sum, weight) => sum + weight, 0) / rows
  return mean > 0 ? weights.map((weight) => weight / mean) : weights
}
