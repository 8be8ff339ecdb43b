import type { GradientBoostingParameters, TrainingIteration } from '../../../model/training'
import { breathe, Random } from '../../numerics'
import type { EncodedTable, FeatureEncoding } from '../features'
import type { FitProgress } from '../trainer'
import { binFeatures } from './binning'
import { addOverBins, TreeGrower, type GrownTree } from './grow-tree'
import type { BoostedTrees } from './tree'
import { UnknownTexts } from './unknown-texts'

export interface BoostingFit {
  model: BoostedTrees
  history: TrainingIteration[]
  bestIteration: number
  stopped: 'finished' | 'early-stopping' | 'no-further-gain'
  /** Loss reduction by feature, and number of splits. */
  gains: Float64Array
  uses: Int32Array
}

/**
 * Histogram gradient boosting for the log loss (Friedman 2001; Ke et al. 2017). Same data, parameters and seed give the same trees
 * on every platform. `training` and `validation` are row numbers of the table; `labels` holds 0 or 1 for every row.
 */
export async function fitBoosting(
  table: EncodedTable,
  encodings: readonly FeatureEncoding[],
  labels: Uint8Array,
  training: Uint32Array,
  validation: Uint32Array,
  parameters: GradientBoostingParameters,
  seed: number,
  progress: FitProgress = {}
): Promise<BoostingFit> {
  const features = binFeatures(table, encodings, training, parameters.maxBins)
  const grower = new TreeGrower(features, training.length, { ...parameters, minHessian: 1e-3 })
  const random = new Random(seed, 1)
  const base = baseScore(labels, training)
  const unknown = new UnknownTexts(features, encodings, labels, training, base, parameters.learningRate, parameters.l2)
  const scores = new Float64Array(table.rows).fill(base)
  const gradients = new Float32Array(table.rows)
  const hessians = new Float32Array(table.rows)
  const grown: GrownTree[] = []
  const history: TrainingIteration[] = []
  const all = Uint32Array.from(features.keys())
  let best = { loss: Infinity, iteration: 0 }
  let stopped: BoostingFit['stopped'] = 'finished'
  let idle = 0
  derivatives(scores, labels, training, gradients, hessians)
  for (let iteration = 1; iteration <= parameters.trees; iteration++) {
    await breathe(progress.signal)
    const drawn = drawRows(training, parameters.rowFraction, random)
    const tree = grower.grow(drawn.rows, gradients, hessians, drawFeatures(all, parameters.featureFraction, random), scores)
    unknown.settle(tree)
    addOverBins(tree, features, drawn.left, scores)
    addOverBins(tree, features, validation, scores)
    grown.push(tree)
    const point = {
      iteration,
      trainingLoss: derivatives(scores, labels, training, gradients, hessians),
      validationLoss: validation.length ? logLoss(scores, labels, validation) : null
    }
    history.push(point)
    progress.onIteration?.(point, iteration / parameters.trees)
    idle = tree.tree.feature[0] === -1 ? idle + 1 : 0
    const patience = parameters.rowFraction < 1 || parameters.featureFraction < 1 ? 20 : 1
    if (point.validationLoss !== null && point.validationLoss < best.loss) best = { loss: point.validationLoss, iteration }
    if (idle >= patience) {
      stopped = 'no-further-gain'
      break
    }
    if (validation.length > 0 && parameters.earlyStoppingRounds > 0 && iteration - best.iteration >= parameters.earlyStoppingRounds) {
      stopped = 'early-stopping'
      break
    }
  }
  const keep = validation.length > 0 && parameters.earlyStoppingRounds > 0 ? Math.max(best.iteration, 1) : grown.length
  return { ...collectModel(grown.slice(0, keep), base, features.length), history, bestIteration: keep, stopped }
}

function collectModel(grown: GrownTree[], base: number, features: number): Pick<BoostingFit, 'model' | 'gains' | 'uses'> {
  const sets: number[][] = []
  const known = new Map<string, number>()
  const gains = new Float64Array(features)
  const uses = new Int32Array(features)
  for (const { tree, sets: own } of grown)
    tree.feature.forEach((feature, node) => {
      if (feature < 0) return
      gains[feature]! += tree.gain[node]!
      uses[feature]! += 1
      const set = own[node]
      if (!set) return
      const key = set.join(',')
      if (!known.has(key)) known.set(key, sets.push(set) - 1)
      tree.set[node] = known.get(key)!
    })
  return { model: { base, trees: grown.map(({ tree }) => tree), sets }, gains, uses }
}

function baseScore(labels: Uint8Array, rows: Uint32Array): number {
  let positives = 0
  for (const row of rows) positives += labels[row]!
  return Math.fround(Math.log(positives / (rows.length - positives)))
}

/**
 * Writes first and second derivatives of the log loss and returns its mean, with one exponential per row. The logarithms of 1 + e, which lies
 * between 1 and 2, are taken of products of 512 rows: their rounding stays below 1e-12 and they cannot overflow.
 */
function derivatives(scores: Float64Array, labels: Uint8Array, rows: Uint32Array, gradients: Float32Array, hessians: Float32Array): number {
  let loss = 0
  let product = 1
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    const z = scores[row]!
    const e = Math.exp(z > 0 ? -z : z)
    const p = (z > 0 ? 1 : e) / (1 + e)
    const label = labels[row]!
    if (label ? z < 0 : z > 0) loss += Math.abs(z)
    product *= 1 + e
    if ((i & 511) === 511) {
      loss += Math.log(product)
      product = 1
    }
    gradients[row] = p - label
    hessians[row] = Math.max(p * (1 - p), 1e-16)
  }
  return (loss + Math.log(product)) / rows.length
}

/** Mean log loss from log-odds, without overflow: log(1 + e^z) - y z. */
function logLoss(scores: Float64Array, labels: Uint8Array, rows: Uint32Array): number {
  let sum = 0
  for (const row of rows) {
    const z = labels[row] ? -scores[row]! : scores[row]!
    sum += z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z))
  }
  return sum / rows.length
}

function drawRows(training: Uint32Array, share: number, random: Random): { rows: Uint32Array; left: Uint32Array } {
  if (share >= 1) return { rows: training.slice(), left: new Uint32Array(0) }
  const picked = random.sample(training.length, Math.max(1, Math.round(training.length * share)))
  const isPicked = new Uint8Array(training.length)
  for (const at of picked) isPicked[at] = 1
  return { rows: Uint32Array.from(picked, (at) => training[at]!), left: training.filter((_, at) => !isPicked[at]) }
}

function drawFeatures(all: Uint32Array, share: number, random: Random): Uint32Array {
  return share >= 1 ? all : random.sample(all.length, Math.max(1, Math.round(all.length * share)))
}
