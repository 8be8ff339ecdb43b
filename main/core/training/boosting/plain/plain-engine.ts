import type { EncodedTable, FeatureEncoding } from '../../features'
import { edgesOf, mostByteBins, sampleOf, type BinnedFeature, type NumberColumn } from '../binning'
import { watchFromOf, type Children, type Engine, type EngineShape, type Range, type TreePlan } from '../engine'
import { logisticScales, orderPairs } from '../quantise'
import { makeCells, scanNumbers, scoreOf, type Cells, type Cut, type Sums } from '../split'
import type { Tree } from '../tree'
import { logLoss } from './log-loss'

/**
 * The engine in plain TypeScript, for fits that do not fit into the memory of WebAssembly and for runtimes without it. Sums of whole numbers below
 * 2^53 are exact, so it finds what the kernels find, bit by bit; only slower.
 */
export class PlainEngine implements Engine {
  readonly kind = 'plain'
  readonly rows: number
  readonly watchFrom: number
  readonly size: number
  readonly features: readonly BinnedFeature[]
  readonly scores: readonly Float64Array[]
  readonly derivatives: readonly Int32Array[]
  private readonly leafOf: readonly Uint16Array[]
  private readonly labels: Float32Array
  private readonly slots: (Cells | undefined)[] = []
  private readonly offsets: number[] = []
  private readonly cells: Cells
  private readonly rowNumbers: Uint32Array
  private readonly spare: Uint32Array
  private readonly ordered: Int32Array
  private plan!: TreePlan

  constructor(
    private readonly shape: EngineShape,
    table: EncodedTable,
    encodings: readonly FeatureEncoding[],
    maxBins: number
  ) {
    const { rows, watching, width } = shape
    this.rows = rows
    this.watchFrom = watchFromOf(rows)
    this.size = this.watchFrom + watching
    this.features = encodings.map((encoding, index) => binColumn(table.columns[index]!, encoding, rows, this.watchFrom, this.size, maxBins))
    const outputs = Array.from({ length: width })
    this.scores = outputs.map(() => new Float64Array(this.size))
    this.leafOf = outputs.map(() => new Uint16Array(this.size))
    this.derivatives = outputs.map(() => new Int32Array(2 * rows))
    this.labels = new Float32Array(shape.isLogistic ? this.size : 0)
    let cells = 0
    for (const { bins } of this.features) {
      this.offsets.push(cells)
      cells += bins + 1
    }
    this.cells = makeCells(Math.max(...this.features.map(({ bins }) => bins)) + 1)
    this.rowNumbers = new Uint32Array(rows)
    this.spare = new Uint32Array(rows)
    this.ordered = new Int32Array(2 * rows)
  }

  setLabels(labels: ArrayLike<number>, watching: ArrayLike<number>): void {
    this.labels.set(labels)
    this.labels.set(watching, this.watchFrom)
  }

  beginTree(plan: TreePlan): Sums {
    this.plan = plan
    const rows = plan.drawn ? plan.drawn.length : this.rows
    if (plan.drawn) this.rowNumbers.set(plan.drawn)
    else for (let row = 0; row < rows; row++) this.rowNumbers[row] = row
    orderPairs(this.derivatives[plan.output]!, this.rowNumbers.subarray(0, rows), this.ordered)
    this.countRows(0, 0, rows)
    const feature = plan.features[0]!
    this.readCells(0, feature, this.cells)
    const sumOf = (values: Float64Array): number =>
      values.subarray(0, this.features[feature]!.bins + 1).reduce((sum, value) => sum + value, 0)
    return { gradient: sumOf(this.cells.gradient), hessian: sumOf(this.cells.hessian), rows: sumOf(this.cells.rows) }
  }

  /** Counts rows, whose ordered derivatives lie ready, into a slot. */
  private countRows(slot: number, from: number, to: number): void {
    const last = this.features.length - 1
    const { gradient, hessian, rows } = (this.slots[slot] ??= makeCells(this.offsets[last]! + this.features[last]!.bins + 1))
    for (const feature of this.plan.features) {
      const { codes, bins } = this.features[feature]!
      const offset = this.offsets[feature]!
      for (const cells of [gradient, hessian, rows]) cells.fill(0, offset, offset + bins + 1)
      for (let i = from; i < to; i++) {
        const cell = offset + codes[this.rowNumbers[i]!]!
        gradient[cell]! += this.ordered[2 * (i - from)]!
        hessian[cell]! += this.ordered[2 * (i - from) + 1]!
        rows[cell]! += 1
      }
    }
  }

  searchRoot(sums: Sums): Cut | null {
    return this.search(0, sums)
  }

  private search(slot: number, sums: Sums): Cut | null {
    const { rules, features } = this.plan
    let best: Cut | null = null
    let top = scoreOf(sums, rules.l2) + rules.leastGain
    for (const feature of features) {
      const { bins, categorical } = this.features[feature]!
      if (categorical) continue
      this.readCells(slot, feature, this.cells)
      const found = scanNumbers(feature, this.cells, bins, sums, rules, top)
      if (!found) continue
      best = found
      top = found.score
    }
    return best
  }

  divide({ from, to }: Range, feature: number, route: Uint8Array, smallIsLeft: boolean): number {
    const { codes } = this.features[feature]!
    const { rowNumbers, spare } = this
    let left = from
    let right = 0
    for (let i = from; i < to; i++) {
      const row = rowNumbers[i]!
      if (route[codes[row]!]) rowNumbers[left++] = row
      else spare[right++] = row
    }
    rowNumbers.set(spare.subarray(0, right), left)
    const small = smallIsLeft ? rowNumbers.subarray(from, left) : rowNumbers.subarray(left, to)
    orderPairs(this.derivatives[this.plan.output]!, small, this.ordered)
    return left - from
  }

  count({ small, large, smallSlot, largeSlot, searchSmall, searchLarge }: Children): { small: Cut | null; large: Cut | null } {
    this.countRows(smallSlot, small.from, small.to)
    const child = this.slots[smallSlot]!
    const parent = this.slots[largeSlot]!
    for (const feature of this.plan.features)
      for (const name of ['gradient', 'hessian', 'rows'] as const)
        for (let cell = this.offsets[feature]!, end = cell + this.features[feature]!.bins; cell <= end; cell++)
          parent[name][cell]! -= child[name][cell]!
    return { small: searchSmall ? this.search(smallSlot, small) : null, large: searchLarge ? this.search(largeSlot, large) : null }
  }

  readCells(slot: number, feature: number, into: Cells): void {
    const from = this.offsets[feature]!
    const own = this.slots[slot]!
    for (const name of ['gradient', 'hessian', 'rows'] as const)
      into[name].set(own[name].subarray(from, from + this.features[feature]!.bins + 1))
  }

  rowsOf({ from, to }: Range): Uint32Array {
    return this.rowNumbers.subarray(from, to)
  }

  endTree(leaves: readonly (Range & { id: number })[], tree: Tree, routes: readonly (Uint8Array | null)[]): void {
    const leafOf = this.leafOf[this.plan.output]!
    leaves.forEach((range, leaf) => {
      for (const row of this.rowsOf(range)) leafOf[row] = leaf
    })
    const numbers = new Map(leaves.map(({ id }, leaf) => [id, leaf]))
    const walk = (row: number): void => {
      let node = 0
      for (let feature = tree.feature[0]!; feature >= 0; feature = tree.feature[node]!)
        node = routes[node]![this.features[feature]!.codes[row]!] ? tree.left[node]! : tree.right[node]!
      leafOf[row] = numbers.get(node)!
    }
    for (const row of this.plan.left ?? []) walk(row)
    for (let row = this.watchFrom; row < this.size; row++) walk(row)
  }

  addLeaves(output: number, values: Float64Array): void {
    const scores = this.scores[output]!
    const leafOf = this.leafOf[output]!
    for (let row = 0; row < this.size; row++) scores[row]! += values[leafOf[row]!]!
  }

  logistic(values: Float64Array | null): { training: number; watching: number } {
    if (values) this.addLeaves(0, values)
    const { gradient, hessian } = logisticScales(this.rows)
    return {
      training: logLoss(this.scores[0]!, this.labels, 0, this.rows, this.derivatives[0]!, gradient, hessian),
      watching: logLoss(this.scores[0]!, this.labels, this.watchFrom, this.shape.watching, null, gradient, hessian)
    }
  }

  async close(): Promise<void> {}
}

function binColumn(
  column: EncodedTable['columns'][number],
  { kept }: FeatureEncoding,
  rows: number,
  watchFrom: number,
  size: number,
  maxBins: number
): BinnedFeature {
  if (column instanceof Uint32Array) {
    // Codes K (rare or unknown) and K+1 (missing) already follow the kept ones.
    const bins = kept.length + 1
    const codes = bins > mostByteBins ? new Uint16Array(size) : new Uint8Array(size)
    codes.set(column.subarray(0, rows))
    codes.set(column.subarray(rows), watchFrom)
    return { bins, codes, categorical: true, edges: new Float32Array(0) }
  }
  const edges = edgesOf(sampleOf(column, rows).sort(), maxBins)
  const codes = new Uint8Array(size)
  for (let row = 0; row < column.length; row++) codes[row < rows ? row : row - rows + watchFrom] = codeOf(column, row, edges)
  return { bins: edges.length + 1, codes, categorical: false, edges }
}

function codeOf(column: NumberColumn, row: number, edges: BinnedFeature['edges']): number {
  const value = column[row]!
  if (value !== value) return edges.length + 1
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (value <= edges[middle]!) high = middle
    else low = middle + 1
  }
  return low
}
