import {
  bestBytes,
  blockBytes,
  cellBytes,
  chunkRows,
  featureBytes,
  firstFree,
  groupFeatures,
  nodeBytes,
  partialBytes,
  radixBytes,
  rangeBytes,
  scratchBytes,
  stagedBytes,
  taskBytes
} from '../kernels/records'
import { watchFromOf, type EngineShape } from '../engine'

/** A feature as the layout sees it: the most bins that it may get, and whether its codes take two bytes. */
export interface FeatureShape {
  bins: number
  wide: boolean
}

/** Features whose codes lie together, one record for each row. */
export interface Group {
  first: number
  features: number[]
  stride: number
  records: number
}

/** Addresses in the shared memory, in bytes. */
export type Layout = ReturnType<typeof layOut>

/** Ranges into which a large node is divided at most, one task each. */
export const mostRanges = 64
const sampleRows = 200_000

/** Gives everything its place; `end` may lie beyond what an address of 32 bits reaches. */
export function layOut(shape: EngineShape, features: readonly FeatureShape[], threads: number) {
  let end = firstFree
  const place = (bytes: number, align = 64): number => {
    const at = Math.ceil(end / align) * align
    end = at + bytes
    return at
  }
  const size = watchFromOf(shape.rows) + shape.watching
  const capacity = size + 64
  const count = features.length
  const tables = {
    features: place(count * featureBytes),
    // Once as tasks take them, once as whole groups do.
    blocks: place(2 * count * blockBytes),
    tasks: place(count * taskBytes),
    spans: place(count * taskBytes),
    best: place(count * 2 * bestBytes),
    ranges: place(Math.max(mostRanges, shape.maxLeaves) * rangeBytes),
    counts: place(mostRanges * 4),
    places: place(mostRanges * 16),
    nodes: place(2 * shape.maxLeaves * nodeBytes),
    leafValues: place(shape.maxLeaves * 8),
    partials: place(Math.ceil(capacity / chunkRows) * partialBytes),
    edges: place(count * 2048)
  }
  const routeBytes = Math.max(256, ...features.map(({ bins }) => bins + 1))
  const routes = place(shape.maxLeaves * routeBytes)
  const columns = features.map(({ wide }) => place(capacity * (wide ? 2 : 1)))
  const groups = groupsOf(features).map((group): Group => ({ ...group, records: place(capacity * group.stride) }))
  const scratchGroups = areFew(groups.length, threads) ? Math.max(1, groups.length) : 1
  const scores = Array.from({ length: shape.width }, () => place(capacity * 8))
  const leafOf = Array.from({ length: shape.width }, () => place(capacity * 2))
  const labels = place(shape.isLogistic ? capacity * 4 : 0)
  // While columns are put into bins nothing else is there yet: what comes next shares its place with the staged columns.
  const begin = place(0)
  const batch = Math.min(count, threads === 1 ? 1 : 2 * threads)
  const staged = stage(place, batch, size, Math.min(shape.rows, sampleRows))
  const stagedEnd = end
  end = begin
  const work = {
    derivatives: Array.from({ length: shape.width }, () => place(capacity * 8)),
    watchingDerivatives: place(shape.isLogistic ? shape.watching * 8 + 64 : 0),
    ordered: place(shape.rows * 8 + 64),
    rows: place(shape.rows * 4 + 64),
    lefts: place(threads > 1 ? shape.rows * 4 + 64 : 0),
    rights: place(shape.rows * 4 + 64),
    others: place(size * 4),
    scratch: place(threads * scratchGroups * scratchBytes, 4096)
  }
  const offsets = new Float64Array(count)
  let slotBytes = 0
  features.forEach(({ bins }, feature) => {
    offsets[feature] = slotBytes
    slotBytes += (bins + 1) * cellBytes
  })
  const slots = place((shape.maxLeaves + 1) * slotBytes + cellBytes, 4096)
  return {
    ...tables,
    ...work,
    size,
    capacity,
    routes,
    routeBytes,
    columns,
    groups,
    scratchBytes: scratchGroups * scratchBytes,
    scores,
    leafOf,
    labels,
    batch,
    staged,
    offsets,
    slots,
    slotBytes,
    end: Math.max(end, stagedEnd)
  }
}

/**
 * Whether groups of features are too few to keep all threads busy evenly, one group each. Then large nodes are counted by rows: every thread counts some
 * rows of every group for itself, and the counts are joined, so that each record is fetched once.
 */
export const areFew = (groups: number, threads: number): boolean => threads > 1 && groups < 4 * threads

function stage(place: (bytes: number) => number, batch: number, rows: number, sample: number) {
  const table = place(batch * stagedBytes)
  const columns = Array.from({ length: batch }, () => {
    const values = place(rows * 8)
    const keys = place(sample * 4)
    // The counts of the sort lie right before the keys that it writes.
    const other = place(radixBytes + sample * 4) + radixBytes
    return { values, keys, other }
  })
  return { table, columns }
}

/** Cuts the narrow features into groups of at most one cache line, whose records take a power of two of bytes and waste little. */
function groupsOf(features: readonly FeatureShape[]): Omit<Group, 'records'>[] {
  const narrow = [...features.keys()].filter((feature) => !features[feature]!.wide)
  const groups: Omit<Group, 'records'>[] = []
  for (let at = 0; at < narrow.length;) {
    const left = Math.min(groupFeatures, narrow.length - at)
    const above = 2 ** Math.ceil(Math.log2(left))
    const size = above - left <= above / 4 || left < 8 ? left : above / 2
    const own = narrow.slice(at, at + size)
    groups.push({ first: at, features: own, stride: 2 ** Math.ceil(Math.log2(size)) })
    at += size
  }
  return groups
}
