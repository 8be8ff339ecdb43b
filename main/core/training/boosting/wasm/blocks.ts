import { blockBytes, blockFeatures, taskBytes } from '../kernels/records'
import { areFew, type Layout } from './layout'
import type { SharedMemory } from './memory'

/** How the features of a tree are counted: the number of tasks, and of whole groups where these are few (0: they are not). */
export interface Blocks {
  tasks: number
  spans: number
}

/**
 * Writes which features are counted together: blocks of up to eight neighbours of one group, wide features alone. Few groups are cut into as many
 * tasks as there are threads, so that all have something to do, and written whole besides, for nodes that are counted by rows; a feature's sums do
 * not depend on it.
 */
export function writeBlocks(shared: SharedMemory, layout: Layout, chosen: Uint32Array, threads: number): Blocks {
  const isChosen = new Uint8Array(layout.columns.length)
  for (const feature of chosen) isChosen[feature] = 1
  const groups = layout.groups.map(({ features }) => features.filter((feature) => isChosen[feature])).filter(({ length }) => length > 0)
  const inGroups = new Set(layout.groups.flatMap(({ features }) => features))
  const wide = [...chosen].filter((feature) => !inGroups.has(feature)).map((feature) => [[feature]])
  const few = areFew(layout.groups.length, threads)
  const widest = Math.min(blockFeatures, Math.ceil(groups.flat().length / threads))
  const tasks = groups.flatMap((group) => {
    const blocks = blocksOf(group, widest)
    // A task reads the records of its group once for all its blocks: the fewer tasks a group is cut into, the less memory is read.
    return inPieces(blocks, few ? Math.min(threads, blocks.length) : 1)
  })
  const spans = few ? groups.map((group) => blocksOf(group, blockFeatures)) : []
  const after = writeTasks(shared, layout, layout.tasks, [...tasks, ...wide], 0)
  writeTasks(shared, layout, layout.spans, spans, after)
  return { tasks: tasks.length + wide.length, spans: spans.length }
}

/** Writes tasks from `at` on and their blocks from number `block` on; returns the number of the next block. */
function writeTasks(shared: SharedMemory, layout: Layout, at: number, tasks: readonly number[][][], block: number): number {
  tasks.forEach((blocks, task) => {
    shared.ints.set([block, blocks.length], (at + task * taskBytes) >>> 2)
    for (const own of blocks) shared.ints.set([own[0]!, own.length], (layout.blocks + block++ * blockBytes) >>> 2)
  })
  return block
}

/** Neighbours by number, at most `widest` in a block. */
const blocksOf = (features: readonly number[], widest: number): number[][] =>
  runsOf(features).flatMap((run) => inPieces(run, Math.ceil(run.length / widest)))

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

/** So many parts of neighbours, as even as can be. */
const inPieces = <T>(items: readonly T[], pieces: number): T[][] =>
  Array.from({ length: pieces }, (_, piece) =>
    items.slice(Math.floor((items.length * piece) / pieces), Math.floor((items.length * (piece + 1)) / pieces))
  )
