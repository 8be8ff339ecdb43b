import type { EncodedTable, FeatureEncoding } from '../../features'
import { edgesOf, sampleOf, type BinnedFeature, type NumberColumn } from '../binning'
import { featureBytes, groupFeatures, jobBin, jobSort, scratchFeatureBytes, stagedBytes } from '../kernels/records'
import type { Layout } from './layout'
import type { SharedMemory } from './memory'

/** Puts all columns into bins, some at a time: copies them beside each other, sorts their samples, and writes the codes. */
export function stageColumns(
  shared: SharedMemory,
  layout: Layout,
  table: EncodedTable,
  encodings: readonly FeatureEncoding[],
  rows: number,
  watchFrom: number,
  maxBins: number
): BinnedFeature[] {
  describeFeatures(shared, layout)
  const features: BinnedFeature[] = new Array(encodings.length)
  const numbers: number[] = []
  table.columns.forEach((column, feature) => {
    if (column instanceof Uint32Array) features[feature] = copyCodes(shared, layout, feature, column, encodings[feature]!, rows, watchFrom)
    else numbers.push(feature)
  })
  for (let at = 0; at < numbers.length; at += layout.batch) {
    const batch = numbers.slice(at, at + layout.batch)
    const samples = batch.map((feature, place) =>
      stage(shared, layout, feature, place, table.columns[feature] as NumberColumn, rows, watchFrom)
    )
    shared.run(jobSort, [layout.staged.table], batch.length, rows * batch.length)
    batch.forEach((feature, place) => {
      const { other } = layout.staged.columns[place]!
      const sample = samples[place]!
      const sorted = sample instanceof Float32Array ? shared.floats.subarray(other >>> 2, (other >>> 2) + sample.length) : sample.sort()
      features[feature] = writeEdges(shared, layout, feature, edgesOf(sorted, maxBins))
    })
    shared.run(jobBin, [layout.staged.table, layout.features, layout.size], batch.length, rows * batch.length)
  }
  shared.bytes.fill(0, layout.scratch, layout.slots)
  return features
}

function describeFeatures(shared: SharedMemory, layout: Layout): void {
  layout.columns.forEach((column, feature) => {
    const at = (layout.features + feature * featureBytes) >>> 2
    shared.ints[at] = column
    shared.ints[at + 4] = layout.offsets[feature]!
    shared.ints[at + 5] = 2
    shared.ints[at + 6] = layout.edges + feature * 2048
  })
  layout.groups.forEach(({ features, stride, records }, group) => {
    const scratch = (group * groupFeatures) % (layout.scratchBytes / scratchFeatureBytes)
    features.forEach((feature, place) => {
      const at = (layout.features + feature * featureBytes) >>> 2
      shared.ints[at + 1] = records + place
      shared.ints[at + 2] = stride
      shared.ints[at + 5] = 1
      shared.ints[at + 8] = scratch + place
    })
  })
}

/** Copies the values of both parts and the keys to sort; returns the sample. */
function stage(
  shared: SharedMemory,
  layout: Layout,
  feature: number,
  place: number,
  column: NumberColumn,
  rows: number,
  watchFrom: number
): NumberColumn {
  const { values, keys, other } = layout.staged.columns[place]!
  shared.doubles.set(column.subarray(0, rows), values >>> 3)
  shared.doubles.fill(NaN, (values >>> 3) + rows, (values >>> 3) + watchFrom)
  shared.doubles.set(column.subarray(rows), (values >>> 3) + watchFrom)
  const sample = sampleOf(column, rows)
  const isFloat = sample instanceof Float32Array
  if (isFloat) shared.floats.set(sample, keys >>> 2)
  const at = (layout.staged.table + place * stagedBytes) >>> 2
  shared.ints.set([values, keys, other, isFloat ? sample.length : 0, feature], at)
  return sample
}

function writeEdges(shared: SharedMemory, layout: Layout, feature: number, edges: BinnedFeature['edges']): BinnedFeature {
  const from = (layout.edges + feature * 2048) >>> 3
  shared.doubles.fill(Infinity, from, from + 256)
  shared.doubles.set(edges, from)
  const bins = edges.length + 1
  shared.ints[((layout.features + feature * featureBytes) >>> 2) + 3] = bins
  return { bins, codes: codesOf(shared, layout, feature), categorical: false, edges }
}

function copyCodes(
  shared: SharedMemory,
  layout: Layout,
  feature: number,
  column: Uint32Array,
  { kept }: FeatureEncoding,
  rows: number,
  watchFrom: number
): BinnedFeature {
  // Codes K (rare or unknown) and K+1 (missing) already follow the kept ones.
  const bins = kept.length + 1
  const at = (layout.features + feature * featureBytes) >>> 2
  shared.ints[at + 3] = bins
  shared.ints[at + 7] = 1
  const codes = codesOf(shared, layout, feature)
  codes.set(column.subarray(0, rows))
  codes.set(column.subarray(rows), watchFrom)
  const [record, stride] = [shared.ints[at + 1]! >>> 0, shared.ints[at + 2]!]
  if (shared.ints[at + 5] === 1) for (let row = 0; row < layout.size; row++) shared.bytes[record + row * stride] = codes[row]!
  return { bins, codes, categorical: true, edges: new Float32Array(0) }
}

function codesOf(shared: SharedMemory, layout: Layout, feature: number): Uint8Array | Uint16Array {
  const { buffer } = shared.memory
  const at = layout.columns[feature]!
  return shared.ints[((layout.features + feature * featureBytes) >>> 2) + 5] === 2
    ? new Uint16Array(buffer, at, layout.size)
    : new Uint8Array(buffer, at, layout.size)
}
