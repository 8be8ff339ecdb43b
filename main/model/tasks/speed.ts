import { z } from 'zod'
import { count } from './estimate'
import { defineMetric } from './metric-definition'

/** Seconds per call of one row, rows per second in batches, peak resident bytes of the scoring process. */
export const latencySchema = z.object({
  calls: count,
  p50: z.number(),
  p99: z.number(),
  mean: z.number(),
  batchRows: count,
  rowsPerSecond: z.number(),
  peakMemory: count
})
export type Latency = z.infer<typeof latencySchema>

/** What every task measures besides how right a model is, in the order screens list it. */
export const speedMetrics = [
  defineMetric('latency_p50', 'Latency p50', 'seconds', 'lower', 'Median time to score one row.'),
  defineMetric('latency_p99', 'Latency p99', 'seconds', 'lower', '99th percentile of the time to score one row.'),
  defineMetric('throughput', 'Throughput', 'rows/s', 'higher', 'Rows scored per second in batches.'),
  defineMetric('peak_memory', 'Peak memory', 'bytes', 'lower', 'Largest resident size of the scoring process.'),
  defineMetric('train_seconds', 'Training time', 'seconds', 'lower', 'Time the fit took.'),
  defineMetric('train_memory', 'Training memory', 'bytes', 'lower', 'Largest resident size of the training step and its children.')
]

/** What the step that trained tells of itself, evaluated or not. */
export const trainingMetrics: readonly string[] = ['train_seconds', 'train_memory']

/** The figures of speed and memory by metric key; `train_memory` comes from the step, not from an evaluation. */
export const speedOf = ({ latency, trainingSeconds }: { latency: Latency; trainingSeconds: number | null }) => ({
  latency_p50: latency.p50,
  latency_p99: latency.p99,
  throughput: latency.rowsPerSecond,
  peak_memory: latency.peakMemory,
  train_seconds: trainingSeconds
})
