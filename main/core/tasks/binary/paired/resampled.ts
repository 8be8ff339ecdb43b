import { breathe, Random } from '../../../numerics'
import { collectFigures, type JudgedRows } from '../figures'

/** For each figure and run its value in each resample; NaN where it has none. */
export type Resampled = Map<string, Float64Array[]>

export interface ResampleOptions {
  samples: number
  seed: number
  signal?: AbortSignal
  onProgress?: (share: number) => void
}

/**
 * Figures of several runs over the same resamples of the same rows: what two runs have in common moves both alike and drops out of their
 * difference. Lets the event loop run between the runs, so that even a large comparison holds nobody up.
 */
export async function resampleTogether(
  runs: readonly JudgedRows[],
  { samples, seed, signal, onProgress }: ResampleOptions
): Promise<Resampled> {
  const rows = runs[0]!.labels.length
  const random = new Random(seed, 9)
  const weights = new Uint32Array(rows)
  const drawn: Resampled = new Map()
  for (let sample = 0; sample < samples; sample++) {
    weights.fill(0)
    for (let i = 0; i < rows; i++) weights[random.below(rows)]! += 1
    for (const [index, judged] of runs.entries()) {
      await breathe(signal)
      const { figures } = collectFigures(judged, weights)
      for (const [key, value] of Object.entries(figures)) {
        let values = drawn.get(key)
        if (!values) drawn.set(key, (values = runs.map(() => new Float64Array(samples).fill(NaN))))
        values[index]![sample] = value ?? NaN
      }
    }
    onProgress?.((sample + 1) / samples)
  }
  return drawn
}
