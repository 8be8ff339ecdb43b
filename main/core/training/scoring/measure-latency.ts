import { WorkbenchError } from '../../../model/errors'
import type { Latency } from '../../../model/tasks'
import type { ModelSignature } from '../../../model/training'
import type { Frame } from '../../frames'
import { chunkRows, collectInputs, readInputs, readSignature, startScorer, type ScoreOptions } from './score-table'
import type { ModelScorer } from './protocol'

export interface LatencyOptions {
  /** Timed calls of one row; 1,000 by default, after `warmUpFor` them. */
  calls?: number
  /** How long batches are timed, seconds. */
  batchSeconds?: number
}

/** Calls that are not timed: a tenth as many, but enough for the runtime and the compiler to settle. */
export const warmUpFor = (calls: number): number => Math.max(50, Math.ceil(calls / 10))

/** Times with a scorer that is already running, on the first rows of the frame. */
export async function measureScorer(
  scorer: ModelScorer,
  signature: ModelSignature,
  frame: Frame,
  options: LatencyOptions = {}
): Promise<Latency> {
  if (frame.rows === 0)
    throw new WorkbenchError('INVALID_INPUT', 'The table has no row, so no call can be timed. Choose a table with at least one row.')
  const rows = Math.min(frame.rows, chunkRows)
  const calls = options.calls ?? 1000
  const times = await scorer.measure(collectInputs(frame, signature, 0, rows), rows, calls, warmUpFor(calls), options.batchSeconds ?? 0.2)
  return { ...times, peakMemory: await scorer.peakMemory() }
}

/** Single-row latency, batch throughput and peak memory of a model on a table's rows. */
export async function measureLatency(options: Omit<ScoreOptions, 'onProgress'> & LatencyOptions): Promise<Latency> {
  const signature = await readSignature(options.model, options.signature)
  const frame = await readInputs(options.table, signature, [], options.signal)
  const scorer = await startScorer(options.model, signature, options.signal, options)
  try {
    return await measureScorer(scorer, signature, frame, options)
  } finally {
    await scorer.close()
  }
}
