import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { uniformStream } from '../../../main/core/training/fixtures/synthetic'

/** Generated rows, column after column: effects of single columns and of pairs, missing values, a noisy outcome. */
export function generate(count: number, columns: number, seed: number): { features: Float64Array[]; outcomes: Uint8Array } {
  const uniform = uniformStream(seed)
  const features = Array.from({ length: columns }, () => new Float64Array(count))
  const outcomes = new Uint8Array(count)
  for (let row = 0; row < count; row++) {
    let score = (uniform() + uniform() + uniform() - 1.5) * 3
    for (let column = 0; column < columns; column++) {
      const value = uniform()
      features[column]![row] = column % 5 === 4 && uniform() < 0.1 ? NaN : value
      if (column % 3 === 0) score += (value - 0.5) * 3
      else if (column % 3 === 1) score += value > 0.7 ? 0.8 : -0.3
      else score += (value - 0.5) * ((features[column - 1]![row] ?? 0) > 0.5 ? 2 : -2)
    }
    outcomes[row] = score > 0.5 ? 1 : 0
  }
  return { features, outcomes }
}

/** Files that every trainer of a round reads. */
export function writeRows(folder: string, name: string, count: number, columns: number, seed: number): void {
  const { features, outcomes } = generate(count, columns, seed)
  writeFileSync(join(folder, `${name}-x.f64`), Buffer.concat(features.map((values) => Buffer.from(values.buffer))))
  writeFileSync(join(folder, `${name}-y.u8`), outcomes)
}
