import type { GradientBoostingParameters, TrainingIteration } from '../../../model/training'
import { breathe, Random } from '../../numerics'
import type { EncodedTable, FeatureEncoding } from '../features'
import type { Objective } from '../objective'
import type { FitProgress } from '../trainer'
import { createEngine } from './create-engine'
import type { Engine } from './engine'
import { TreeGrower, type GrownTree } from './grow-tree'
import { lossOf } from './losses'
import type { MonotoneDirections } from './monotone'
import { renewLeaves } from './renew-leaves'
import type { Scales } from './split'
import { Targets, type Labelled, type MeanLosses } from './targets'
import { threadsFor } from './threads'
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

export interface BoostingRequest extends Labelled {
  objective: Objective
  /** The rows to learn from first, then those that watch. */
  table: EncodedTable
  encodings: readonly FeatureEncoding[]
  /** How many rows there are to learn from. */
  training: number
  parameters: GradientBoostingParameters
  /** By feature 1 or -1 where the answer must not fall or rise with it, else 0. */
  directions?: MonotoneDirections
  seed: number
  progress?: FitProgress
  /** How many threads work on it, and by which engine; neither changes what is found. */
  threads?: number
  engine?: Engine['kind']
}

/**
 * Histogram gradient boosting (Friedman 2001; Chen and Guestrin 2016; Ke et al. 2017). Same data, parameters and seed give the same trees on every
 * platform, with any number of threads: derivatives are whole numbers, whose sums do not depend on their order.
 */
export async function fitBoosting(request: BoostingRequest): Promise<BoostingFit> {
  const { table, encodings, objective, parameters, training } = request
  const width = lossOf(objective).width
  const shape = {
    rows: training,
    watching: table.rows - training,
    width,
    maxLeaves: parameters.maxLeaves,
    isLogistic: objective.name === 'logistic' && !request.weights
  }
  const threads = request.threads ?? threadsFor(training, encodings.length)
  const engine = createEngine(shape, table, encodings, parameters.maxBins, threads, request.engine)
  try {
    return await new Boosting(engine, request).run()
  } finally {
    await engine.close()
  }
}

class Boosting {
  private readonly targets: Targets
  private readonly grower: TreeGrower
  private readonly unknown: UnknownTexts
  private readonly random: Random
  private readonly features: Uint32Array
  private readonly grown: GrownTree[][] = []
  private readonly history: TrainingIteration[] = []
  private best = { loss: Infinity, iteration: 0 }
  private idle = 0

  constructor(
    private readonly engine: Engine,
    private readonly request: BoostingRequest
  ) {
    const { objective, parameters, encodings, seed } = request
    this.targets = new Targets(engine, objective, request)
    const category = {
      smoothing: parameters.categoricalSmoothing,
      minRows: parameters.minRowsPerCategory,
      l2: parameters.categoryL2,
      mostMoved: parameters.mostCategoriesMoved,
      minGroupRows: parameters.minRowsPerGroup,
      mostAlone: 4
    }
    const { mostStep } = this.targets.loss
    this.grower = new TreeGrower(engine, { ...parameters, minHessian: 1e-3, mostStep, category, directions: request.directions ?? null })
    this.unknown = new UnknownTexts(engine, encodings, this.targets, parameters.learningRate, parameters.l2)
    this.random = new Random(seed, 1)
    this.features = Uint32Array.from(encodings.keys())
  }

  async run(): Promise<BoostingFit> {
    const { parameters, progress } = this.request
    let { scales } = this.targets.advance(null)
    let stopped: BoostingFit['stopped'] = 'finished'
    for (let iteration = 1; iteration <= parameters.trees; iteration++) {
      await breathe(progress?.signal)
      const drawn = drawRows(this.engine.rows, parameters.rowFraction, this.random)
      const features = drawFeatures(this.features, parameters.featureFraction, this.random)
      const trees = scales.map((own, output) => this.growTree(output, own, features, drawn))
      this.grown.push(trees)
      const next = this.targets.advance(trees.map(({ tree, leaves }) => Float64Array.from(leaves, ({ id }) => tree.value[id]!)))
      scales = next.scales
      const reason = this.judge(iteration, trees, next.losses)
      if (reason) {
        stopped = reason
        break
      }
    }
    return this.collect(stopped)
  }

  private growTree(output: number, scales: Scales, features: Uint32Array, { rows, left }: Drawn): GrownTree {
    const { engine, targets, request } = this
    const grown = this.grower.grow(output, scales, features, rows, left)
    const { renewal } = targets.loss
    const { learningRate } = request.parameters
    if (renewal !== null) renewLeaves(grown, engine, targets.outcomes, renewal, learningRate, request.directions ?? null)
    this.unknown.settle(grown, output)
    engine.endTree(grown.leaves, grown.tree, grown.routes)
    return grown
  }

  /** Notes the losses after an iteration; says why the fit ends with it. */
  private judge(iteration: number, trees: readonly GrownTree[], { training, validation }: MeanLosses): BoostingFit['stopped'] | null {
    const { parameters, progress } = this.request
    const point = { iteration, trainingLoss: training, validationLoss: validation }
    this.history.push(point)
    progress?.onIteration?.(point, iteration / parameters.trees)
    this.idle = trees.every(({ tree }) => tree.feature[0] === -1) ? this.idle + 1 : 0
    if (validation !== null && validation < this.best.loss) this.best = { loss: validation, iteration }
    const patience = parameters.rowFraction < 1 || parameters.featureFraction < 1 ? 20 : 1
    if (this.idle >= patience) return 'no-further-gain'
    const { earlyStoppingRounds } = parameters
    return this.watches && iteration - this.best.iteration >= earlyStoppingRounds ? 'early-stopping' : null
  }

  private get watches(): boolean {
    return this.engine.size > this.engine.watchFrom && this.request.parameters.earlyStoppingRounds > 0
  }

  private collect(stopped: BoostingFit['stopped']): BoostingFit {
    const keep = this.watches ? Math.max(this.best.iteration, 1) : this.grown.length
    const base = this.targets.base.length === 1 ? this.targets.base[0]! : this.targets.base
    const collected = collectModel(this.grown.slice(0, keep).flat(), base, this.features.length)
    return { ...collected, history: this.history, bestIteration: keep, stopped }
  }
}

function collectModel(
  grown: readonly GrownTree[],
  base: BoostedTrees['base'],
  features: number
): Pick<BoostingFit, 'model' | 'gains' | 'uses'> {
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

interface Drawn {
  rows: Uint32Array | null
  left: Uint32Array | null
}

/** A share of the rows, and those that were not drawn; nulls for all of them. */
function drawRows(rows: number, share: number, random: Random): Drawn {
  if (share >= 1) return { rows: null, left: null }
  const picked = random.sample(rows, Math.max(1, Math.round(rows * share)))
  const isPicked = new Uint8Array(rows)
  for (const row of picked) isPicked[row] = 1
  return { rows: picked, left: Uint32Array.from(isPicked.keys()).filter((row) => !isPicked[row]) }
}

function drawFeatures(all: Uint32Array, share: number, random: Random): Uint32Array {
  return share >= 1 ? all : random.sample(all.length, Math.max(1, Math.round(all.length * share)))
}
