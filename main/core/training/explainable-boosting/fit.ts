import type { TrainingIteration } from '../../../model/training'
import { edgesOf } from '../value-bins'
import { boost, type Term } from './boost'
import { fitPairs } from './fit-pairs'
import { marginsOf, prepare, smoothingOf, watchesOf, type Fitting, type ShapesRequest } from './fitting'
import type { BagModel, ShapesModel } from './model'
import { centre, centreClasses, fillEmpty, meanOfBags, smooth } from './settle'
import { growStep, orderByLack } from './step'

export interface ShapesFit {
  model: ShapesModel
  history: TrainingIteration[]
  /** Rounds of the shapes and of the pairs that were kept. */
  kept: number
  stopped: 'finished' | 'early-stopping'
  /** Whose mean the model is. */
  parts: BagModel[]
}

/**
 * An explainable boosting machine (Lou et al. 2012 and 2013; Nori et al. 2019): a shape for every feature by cyclic boosting, then the chosen
 * pairs on what is left. The model is the mean over bags. Same rows, parameters and seed give the same bits.
 */
export async function fitShapes(request: ShapesRequest): Promise<ShapesFit> {
  const { features, training, parameters } = request
  const edges = features.map((_, index) => {
    const column = training.table.columns[index]!
    return column instanceof Uint32Array ? [] : edgesOf(column, parameters.maxBins)
  })
  const fitting = prepare(request, edges)
  const { loss, kinds, bags, base, share } = fitting
  const shapes = await boostShapes(fitting)
  const scores = shapes.scores
  scores.forEach((bag) => bag.forEach((own, index) => smooth(own, kinds[index]!)))
  const pairs = await fitPairs(fitting, scores, shapes.history.length)
  const intercepts = bags.map((_, bag) => settleBag(scores[bag]!, fitting))
  const intercept = Array.from(base, (own, k) => own + intercepts.reduce((sum, each) => sum + each[k]!, 0) / bags.length)
  const model: ShapesModel = {
    width: loss.width,
    intercept,
    bags: bags.length,
    shapes: edges.map((own, index) => ({ edges: own, ...meanOfBags(scores, index, share), weights: [...kinds[index]!.weights] })),
    pairs: pairs.pairs
  }
  return {
    model,
    parts: bags.map(({ left }, bag) => ({
      left: markOf(left.rows, training.labels.length),
      intercept: base.map((own, k) => own + intercepts[bag]![k]!),
      scores: [...scores[bag]!, ...(pairs.scores[bag] ?? [])]
    })),
    history: [...shapes.history, ...pairs.history],
    kept: shapes.kept + pairs.kept,
    stopped: shapes.stopped === 'early-stopping' ? 'early-stopping' : pairs.stopped
  }
}

function markOf(rows: Uint32Array, count: number): Uint8Array {
  const marks = new Uint8Array(count)
  for (const row of rows) marks[row] = 1
  return marks
}

async function boostShapes(fitting: Fitting) {
  const { kinds, codes, watchingCodes, steps, parameters, bags, base, seed, loss, progress } = fitting
  const terms = kinds.map(({ bins, isText }, index): Term => {
    const inOrder = Uint16Array.from({ length: bins - 1 }, (_, bin) => bin)
    const grow: Term['grow'] = (totals, update, random) => {
      const order = isText ? orderByLack(totals, bins - 1, parameters.categoricalSmoothing) : inOrder
      growStep(totals, order, bins - 1, steps, update, random)
    }
    return { cells: bins, training: codes[index]!, watching: watchingCodes[index]!, grow }
  })
  return boost({
    loss,
    terms,
    bags,
    margins: bags.map(({ rows }) => marginsOf(base, rows.length, [], [], rows)),
    watching: watchesOf(fitting, [], []),
    rounds: parameters.rounds,
    smoothingRounds: smoothingOf(parameters),
    patience: parameters.earlyStoppingRounds,
    firstRound: 1,
    seed,
    signal: progress.signal,
    onIteration: (point) => progress.onIteration?.(point, point.iteration / parameters.rounds)
  })
}

/** Finishes the shapes of a bag in place; returns what their means add to its intercept. */
function settleBag(scores: Float64Array[], { kinds, loss: { width } }: Fitting): Float64Array {
  const intercept = new Float64Array(width)
  scores.forEach((own, index) => {
    const kind = kinds[index]!
    fillEmpty(own, kind, width)
    centreClasses(own, width)
    centre(own, kind.weights, width).forEach((mean, k) => (intercept[k]! += mean))
  })
  return intercept
}
