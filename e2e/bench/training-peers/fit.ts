import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { areaUnderCurve } from '../../../main/core/tasks/binary/ranking'
import { fitBoosting } from '../../../main/core/training/boosting/fit-boosting'
import { predictTrees } from '../../../main/core/training/boosting/tree'
import { gradientBoostingParametersSchema } from '../../../main/model/training'

/** A process of its own: fits the built-in boosting to the rows of a folder and prints seconds, test AUC and peak memory. */
const [folder = '', columns = 0, trees = 0, leaves = 0, threads = 1] = process.argv
  .slice(2)
  .map((text, at) => (at === 0 ? text : Number(text))) as [string, ...number[]]

function read(name: string): { table: { rows: number; columns: Float32Array[] }; labels: Uint8Array } {
  const labels = Uint8Array.from(readFileSync(join(folder, `${name}-y.u8`)))
  const bytes = readFileSync(join(folder, `${name}-x.f64`))
  const values = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8)
  const own = Array.from({ length: columns }, (_, at) => Float32Array.from(values.subarray(at * labels.length, (at + 1) * labels.length)))
  return { table: { rows: labels.length, columns: own }, labels }
}

async function main(): Promise<void> {
  const encodings = Array.from({ length: columns }, (_, at) => ({
    ...{ name: `x${at}`, kind: 'number' as const, missingShare: 0, min: 0, max: 1, kept: [], hasOther: false, categoryCount: 0 }
  }))
  const parameters = gradientBoostingParametersSchema.parse({
    ...{ trees, maxLeaves: leaves, learningRate: 0.1, minRowsPerLeaf: 20, l2: 0, validationFraction: 0, earlyStoppingRounds: 0 }
  })
  const { table, labels } = read('train')
  const fit = (rows: number, grown: number) =>
    fitBoosting({
      ...{ objective: { name: 'logistic' }, encodings, weights: null, training: rows, seed: 1, threads },
      ...{ table: { rows, columns: table.columns.map((column) => column.subarray(0, rows)) }, labels: labels.subarray(0, rows) },
      parameters: { ...parameters, trees: grown }
    })
  // As the peers: a small fit first, so that code is loaded.
  await fit(1000, 10)
  const begin = performance.now()
  const { model } = await fit(table.rows, trees)
  const seconds = (performance.now() - begin) / 1000
  const peakMiB = process.resourceUsage().maxRSS / 1024
  const test = read('test')
  const auc = areaUnderCurve(test.labels, predictTrees(model, test.table.columns, [], test.table.rows))
  console.log(JSON.stringify({ seconds, auc, peakMiB }))
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
