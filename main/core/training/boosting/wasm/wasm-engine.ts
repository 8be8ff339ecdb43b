import type { EncodedTable, FeatureEncoding } from '../../features'
import type { BinnedFeature } from '../binning'
import { bitsFor, watchFromOf, type Children, type Engine, type EngineShape, type Range, type TreePlan } from '../engine'
import {
  bestBytes,
  chunkRows,
  jobAdd,
  jobCount,
  jobLogistic,
  jobMark,
  jobPartition,
  jobPlace,
  jobScan,
  jobTally,
  jobWalk,
  largeSumsAt,
  nodeBytes,
  partialBytes,
  rulesAt,
  smallSumsAt,
  tallyRows,
  walkRows
} from '../kernels/records'
import { orderPairs } from '../quantise'
import type { Cells, Cut, Sums } from '../split'
import type { Tree } from '../tree'
import { writeBlocks, type Blocks } from './blocks'
import type { Helpers } from './helper-threads'
import { mostRanges, type Layout } from './layout'
import type { SharedMemory } from './memory'
import { stageColumns } from './stage-columns'

/** Rows of a range that one thread divides at once. */
const rangeRows = 16_384

/** The engine in WebAssembly: this thread leads, helpers take tasks. */
export class WasmEngine implements Engine {
  readonly kind = 'wasm'
  readonly rows: number
  readonly watchFrom: number
  readonly size: number
  readonly features: readonly BinnedFeature[]
  readonly scores: readonly Float64Array[]
  readonly derivatives: readonly Int32Array[]
  private plan!: TreePlan
  private treeRows = 0
  private blocks: Blocks = { tasks: 0, spans: 0 }

  constructor(
    private readonly shared: SharedMemory,
    private readonly layout: Layout,
    private readonly helpers: Helpers | null,
    private readonly threads: number,
    private readonly shape: EngineShape,
    table: EncodedTable,
    encodings: readonly FeatureEncoding[],
    maxBins: number
  ) {
    this.rows = shape.rows
    this.watchFrom = watchFromOf(shape.rows)
    this.size = layout.size
    this.features = stageColumns(shared, layout, table, encodings, shape.rows, this.watchFrom, maxBins)
    const { buffer } = shared.memory
    this.scores = layout.scores.map((at) => new Float64Array(buffer, at, layout.size))
    this.derivatives = layout.derivatives.map((at) => new Int32Array(buffer, at, 2 * shape.rows))
  }

  setLabels(labels: ArrayLike<number>, watching: ArrayLike<number>): void {
    const at = this.layout.labels >>> 2
    this.shared.floats.set(labels, at)
    this.shared.floats.set(watching, at + this.watchFrom)
    // The row that makes a number of rows even: label 0 and far on its side, so that it adds nothing.
    const scores = this.layout.scores[0]! >>> 3
    this.shared.doubles.fill(-1e6, scores + this.rows, scores + this.watchFrom)
    this.shared.doubles[scores + this.size] = -1e6
  }

  beginTree(plan: TreePlan): Sums {
    const { shared, layout } = this
    this.plan = plan
    this.blocks = writeBlocks(shared, layout, plan.features, this.threads)
    const { shift } = bitsFor(this.rows)
    shared.longs.set([1n << BigInt(shift), BigInt(shift), BigInt(plan.rules.minRows)], rulesAt >>> 3)
    shared.doubles.set([plan.rules.minHessian, plan.rules.l2, plan.rules.leastGain], (rulesAt >>> 3) + 3)
    const derivatives = layout.derivatives[plan.output]!
    this.treeRows = plan.drawn ? plan.drawn.length : this.rows
    if (plan.drawn) {
      shared.ints.set(plan.drawn, layout.rows >>> 2)
      orderPairs(this.derivatives[plan.output]!, plan.drawn, shared.ints.subarray(layout.ordered >>> 2))
    } else shared.kernels.iota(layout.rows, this.rows)
    this.runCount(jobCount, plan.drawn ? layout.rows : 0, this.treeRows, plan.drawn ? layout.ordered : derivatives, 0, -1, false, false)
    return this.rootSums()
  }

  /** Every feature's cells add up to the sums of the node. */
  private rootSums(): Sums {
    const feature = this.plan.features[0]!
    const at = this.cellsAt(0, feature)
    const sums = { gradient: 0, hessian: 0, rows: 0 }
    for (let bin = 0; bin <= this.features[feature]!.bins; bin++) {
      const cell = this.shared.readSums(at + bin * 16)
      sums.gradient += cell.gradient
      sums.hessian += cell.hessian
      sums.rows += cell.rows
    }
    return sums
  }

  searchRoot(sums: Sums): Cut | null {
    this.shared.writeSums(smallSumsAt, sums)
    this.runCount(jobScan, 0, 0, 0, 0, -1, true, false)
    return this.bestOf(0)
  }

  private cellsAt(slot: number, feature: number): number {
    return this.layout.slots + slot * this.layout.slotBytes + this.layout.offsets[feature]!
  }

  private runCount(
    kind: number,
    rows: number,
    count: number,
    derivatives: number,
    child: number,
    parent: number,
    searchSmall: boolean,
    searchLarge: boolean
  ): void {
    const { layout, shared, blocks } = this
    const slot = (of: number): number => layout.slots + of * layout.slotBytes
    const tables = (tasks: number): number[] => [layout.features, layout.blocks, tasks]
    const nodes = [rows, count, derivatives, slot(child), parent < 0 ? 0 : slot(parent), layout.best, layout.scratch]
    const byRows = kind === jobCount && blocks.spans > 0 && count >= 2 * tallyRows
    if (byRows) {
      const words = [...tables(layout.spans), ...nodes, blocks.spans, 0, 0, layout.scratchBytes]
      shared.run(jobTally, words, blocks.spans * Math.ceil(count / tallyRows), count * this.plan.features.length)
    }
    const words = [
      ...tables(layout.tasks),
      ...nodes,
      searchSmall ? 1 : 0,
      searchLarge ? 1 : 0,
      byRows ? this.threads : 0,
      layout.scratchBytes
    ]
    shared.run(kind, words, blocks.tasks, (count + 256) * this.plan.features.length)
  }

  /** The best over tasks; of equals the one of the lower feature. */
  private bestOf(side: number): Cut | null {
    const { shared, layout } = this
    let best: Cut | null = null
    for (let task = 0; task < this.blocks.tasks; task++) {
      const at = layout.best + (2 * task + side) * bestBytes
      const feature = shared.ints[(at >>> 2) + 2]!
      const score = shared.doubles[at >>> 3]!
      if (feature < 0 || (best && (score < best.score || (score === best.score && feature > best.feature)))) continue
      best = {
        feature,
        bin: shared.ints[(at >>> 2) + 3]!,
        missingLeft: shared.ints[(at >>> 2) + 4] === 1,
        score,
        ...shared.readSums(at + 32)
      }
    }
    return best
  }

  divide({ from, to }: Range, feature: number, route: Uint8Array, smallIsLeft: boolean): number {
    const { shared, layout } = this
    shared.bytes.set(route, layout.routes)
    const size = to - from
    const parts = this.threads === 1 ? 1 : Math.max(1, Math.min(mostRanges, Math.floor(size / rangeRows)))
    for (let part = 0; part < parts; part++)
      shared.ints.set(
        [from + Math.floor((size * part) / parts), from + Math.floor((size * (part + 1)) / parts)],
        (layout.ranges >>> 2) + 2 * part
      )
    const lefts = parts === 1 ? layout.rows : layout.lefts
    const codeBytes = this.features[feature]!.codes.BYTES_PER_ELEMENT
    const words = [layout.ranges, layout.rows, layout.columns[feature]!, codeBytes, layout.routes, lefts, layout.rights, layout.counts]
    shared.run(jobPartition, words, parts, size)
    const left = this.writePlaces(from, parts, smallIsLeft)
    const derivatives = layout.derivatives[this.plan.output]!
    shared.run(jobPlace, [...words, derivatives, layout.ordered, smallIsLeft ? 1 : 0, layout.places], parts, size)
    return left
  }

  /** Where the rows of each range go. */
  private writePlaces(from: number, parts: number, smallIsLeft: boolean): number {
    const { shared, layout } = this
    const counts = shared.ints.subarray(layout.counts >>> 2, (layout.counts >>> 2) + parts)
    const total = counts.reduce((sum, count) => sum + count, 0)
    let lefts = 0
    let rights = 0
    for (let part = 0; part < parts; part++) {
      const at = (layout.places >>> 2) + 4 * part
      shared.ints.set([from + lefts, from + total + rights, smallIsLeft ? lefts : rights], at)
      const [begin, end] = [shared.ints[(layout.ranges >>> 2) + 2 * part]!, shared.ints[(layout.ranges >>> 2) + 2 * part + 1]!]
      lefts += counts[part]!
      rights += end - begin - counts[part]!
    }
    return total
  }

  count({ small, large, smallSlot, largeSlot, searchSmall, searchLarge }: Children): { small: Cut | null; large: Cut | null } {
    const { shared, layout } = this
    shared.writeSums(smallSumsAt, small)
    shared.writeSums(largeSumsAt, large)
    const rows = layout.rows + small.from * 4
    this.runCount(jobCount, rows, small.to - small.from, layout.ordered, smallSlot, largeSlot, searchSmall, searchLarge)
    return { small: searchSmall ? this.bestOf(0) : null, large: searchLarge ? this.bestOf(1) : null }
  }

  readCells(slot: number, feature: number, into: Cells): void {
    const at = this.cellsAt(slot, feature)
    for (let bin = 0; bin <= this.features[feature]!.bins; bin++) {
      into.gradient[bin] = this.shared.gradientAt(at + bin * 16)
      into.hessian[bin] = this.shared.hessianAt(at + bin * 16)
      into.rows[bin] = this.shared.rowsAt(at + bin * 16)
    }
  }

  rowsOf({ from, to }: Range): Uint32Array {
    return new Uint32Array(this.shared.memory.buffer, this.layout.rows + from * 4, to - from)
  }

  endTree(leaves: readonly (Range & { id: number })[], tree: Tree, routes: readonly (Uint8Array | null)[]): void {
    const { shared, layout } = this
    const leafOf = layout.leafOf[this.plan.output]!
    leaves.forEach(({ from, to }, leaf) => shared.ints.set([from, to], (layout.ranges >>> 2) + 2 * leaf))
    shared.run(jobMark, [layout.ranges, layout.rows, leafOf], leaves.length, this.treeRows)
    const left = this.plan.left?.length ?? 0
    if (left + this.shape.watching === 0) return
    this.writeNodes(leaves, tree, routes)
    if (left > 0) shared.ints.set(this.plan.left!, layout.others >>> 2)
    const walk = (rows: number, first: number, count: number): void =>
      shared.run(jobWalk, [layout.nodes, rows, first, count, leafOf], Math.ceil(count / walkRows), count * 4)
    if (left > 0) walk(layout.others, 0, left)
    if (this.shape.watching > 0) walk(0, this.watchFrom, this.shape.watching)
  }

  private writeNodes(leaves: readonly { id: number }[], tree: Tree, routes: readonly (Uint8Array | null)[]): void {
    const { shared, layout } = this
    const leafNumbers = new Map(leaves.map(({ id }, leaf) => [id, leaf]))
    let route = layout.routes
    tree.feature.forEach((feature, node) => {
      const at = (layout.nodes + node * nodeBytes) >>> 2
      if (feature < 0) {
        shared.ints.set([0, 0, leafNumbers.get(node)!], at)
        return
      }
      shared.bytes.set(routes[node]!, route)
      const codeBytes = this.features[feature]!.codes.BYTES_PER_ELEMENT
      shared.ints.set([layout.columns[feature]!, route, tree.left[node]!, tree.right[node]!, codeBytes], at)
      route += layout.routeBytes
    })
  }

  addLeaves(output: number, values: Float64Array): void {
    const { shared, layout } = this
    shared.doubles.set(values, layout.leafValues >>> 3)
    const words = [layout.scores[output]!, layout.leafOf[output]!, layout.leafValues, this.size]
    shared.run(jobAdd, words, Math.ceil(this.size / chunkRows), this.size)
  }

  logistic(values: Float64Array | null): { training: number; watching: number } {
    if (values) this.shared.doubles.set(values, this.layout.leafValues >>> 3)
    return {
      training: this.runLogistic(0, this.rows, values !== null),
      watching: this.runLogistic(this.watchFrom, this.shape.watching, values !== null)
    }
  }

  /** The watching rows write derivatives that nobody reads. */
  private runLogistic(from: number, rows: number, addsLeaves: boolean): number {
    const { shared, layout } = this
    const bits = bitsFor(this.rows)
    const tasks = Math.ceil(rows / chunkRows)
    const derivatives = from === 0 ? layout.derivatives[0]! : layout.watchingDerivatives
    const addresses = [layout.scores[0]! + from * 8, layout.leafOf[0]! + from * 2, addsLeaves ? layout.leafValues : 0]
    const words = [...addresses, rows, layout.labels + from * 4, derivatives, layout.partials, bits.gradient, bits.hessian + 2]
    shared.run(jobLogistic, words, tasks, rows * 8)
    let loss = 0
    for (let at = layout.partials >>> 3, end = at + tasks * (partialBytes >>> 3); at < end; at += partialBytes >>> 3)
      loss += shared.doubles[at]! + shared.doubles[at + 1]! + Math.log(shared.doubles[at + 2]!) + Math.log(shared.doubles[at + 3]!)
    return loss
  }

  async close(): Promise<void> {
    await this.helpers?.close()
  }
}
