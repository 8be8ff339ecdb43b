import { blockBytes, blockFeatures, taskBytes } from '../kernels/records'
import type { Layout } from './layout'
import type { SharedMemory } from './memory'

/**
 * Writes which features are counted together: blocks of up to eight neighbours of one group, wide features alone. With few groups every block is
 * a task of its own, so that all threads have something to do; a feature's sums do not depend on it. Returns the number of tasks.
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
  const perGroup = threads === 1 || groups.length >= 2 * threads
  const tasks = [
    ...(perGroup ? groups.filter((blocks) => blocks.length > 0) : groups.flat().map((block) => [block])),
    ...wide.map((one) => [one])
  ]
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
function cut(run: readonly number[], widest: number): number[][] {
  const parts = Math.ceil(run.length / widest)
  return Array.from({ length: parts }, (_, part) =>
    run.slice(Math.floor((run.length * part) / parts), Math.floor((run.length * (part + 1)) / parts))
  )
}
