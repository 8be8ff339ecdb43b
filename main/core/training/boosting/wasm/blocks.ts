import { blockBytes, blockFeatures, taskBytes } from '../kernels/records'
import type { Layout } from './layout'
import type { SharedMemory } from './memory'

/**
 * Writes which features are counted together: blocks of up to eight neighbours of one group, wide features alone. Few groups are cut into as many
 * tasks as there are threads, so that all have something to do; a feature's sums do not depend on it. Returns the number of tasks.
 */
export function writeBlocks(shared: SharedMemory, layout: Layout, chosen: Uint32Array, threads: number): number {
  const isChosen = new Uint8Array(layout.columns.length)
  for (const feature of chosen) isChosen[feature] = 1
  const narrow = layout.groups.reduce((sum, { features }) => sum + features.filter((feature) => isChosen[feature]).length, 0)
  const widest = Math.min(blockFeatures, Math.max(1, Math.ceil(narrow / threads)))
  const groups = layout.groups.map(({ features }) =>
    runsOf(features.filter((feature) => isChosen[feature])).flatMap((run) => cut(run, widest))
  )
  const inGroups = new Set(layout.groups.flatMap(({ features }) => features))
  const wide = [...chosen].filter((feature) => !inGroups.has(feature)).map((feature) => [feature])
  // A task reads the records of its group once for all its blocks: the fewer tasks a group is cut into, the less memory is read.
  const pieces = groups.length >= 2 * threads || groups.length % threads === 0 ? 1 : threads
  const tasks = [...groups.flatMap((blocks) => inPieces(blocks, Math.min(pieces, blocks.length))), ...wide.map((one) => [one])]
  let block = 0
  tasks.forEach((blocks, task) => {
    shared.ints.set([block, blocks.length], (layout.tasks + task * taskBytes) >> 2)
    for (const own of blocks) shared.ints.set([own[0]!, own.length], (layout.blocks + block++ * blockBytes) >> 2)
  })
  return tasks.length
}

/** Neighbours by number. */
function runsOf(features: readonly number[]): number[][] {
  const runs: number[][] = []
  for (const feature of features) {
    const last = runs.at(-1)
    if (last && last.at(-1) === feature - 1) last.push(feature)
    else runs.push([feature])
  }
  return runs
}

/** Even parts of at most `widest`. */
const cut = (run: readonly number[], widest: number): number[][] => inPieces(run, Math.ceil(run.length / widest))

/** So many parts of neighbours, as even as can be. */
const inPieces = <T>(items: readonly T[], pieces: number): T[][] =>
  Array.from({ length: pieces }, (_, piece) =>
    items.slice(Math.floor((items.length * piece) / pieces), Math.floor((items.length * (piece + 1)) / pieces))
  )
