import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { modelSignatureSchema } from '../../model/training'
import type { Frame } from '../frames'
import { startScorer, scoreFrame } from '../training'
import { columnFrom } from './cells'
import { shuffledLosses, type JudgedRows } from './permutation'

interface Fixture {
  rows: Record<string, (number | string)[]>
  cases: { task: string; onnx: string }[]
  shuffled: { labels: number[]; value: number; orders: Record<string, number[][]>; losses: Record<string, number> }
}
const fixture = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures/dependence.json'), 'utf8')) as Fixture
const { labels, value, orders, losses } = fixture.shuffled
const names = Object.keys(fixture.rows)
const frame: Frame = {
  rows: labels.length,
  columns: new Map(names.map((name) => [name, columnFrom(name === 'kind' ? 'category' : 'number', fixture.rows[name]!)]))
}
const signature = modelSignatureSchema.parse({
  ...{ schema: 'drydock.model-signature', version: 1, task: 'binary-classification', algorithm: 'script', notes: [], outputs: [] },
  target: { name: 'y', kind: 'number', positive: 1, negatives: [0] },
  inputs: names.map((name) =>
    name === 'kind'
      ? { name, input: name, kind: 'category', tensor: 'string', missing: 'empty string', missingShare: 0 }
      : { name, input: name, kind: 'number', tensor: 'float', missing: 'NaN', missingShare: 0 }
  )
})
const judged: JudgedRows = { frame, labels: Uint8Array.from(labels), weights: null, clusters: null }

let folder: string
let scorer: Awaited<ReturnType<typeof startScorer>>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'permutation-'))
  const path = join(folder, 'model.onnx')
  await writeFile(path, Buffer.from(fixture.cases[0]!.onnx, 'base64'))
  scorer = await startScorer(path, signature)
})
afterAll(async () => {
  await scorer.close()
  await rm(folder, { recursive: true, force: true })
})
const answering = { score: async (rows: Frame) => (await scoreFrame(scorer, signature, rows)).scores }
const lossOf = (found: Awaited<ReturnType<typeof shuffledLosses>>, name: string) => found!.features.find(({ feature }) => feature === name)!

describe('what shuffling a column loses', () => {
  it("equals scikit-learn's AUC over the same orders, with an interval around it", async () => {
    const given = (column: number, repeat: number) => Uint32Array.from(orders[names[column]!]![repeat]!)
    const found = await shuffledLosses(answering, signature, judged, { seed: 1, repeats: 3, orderOf: given })
    expect(found).toMatchObject({ rows: 90, repeats: 3, clusters: null })
    expect(found!.value).toBeCloseTo(value, 9)
    for (const name of names) {
      const { loss, low, high } = lossOf(found, name)
      expect(loss).toBeCloseTo(losses[name]!, 9)
      expect(low!).toBeLessThanOrEqual(loss)
      expect(high!).toBeGreaterThanOrEqual(loss)
    }
    expect(found!.features.map(({ loss }) => loss)).toEqual(found!.features.map(({ loss }) => loss).toSorted((a, b) => b - a))
  })

  it('is the same for the same seed, and wider where rows that are alike belong together', async () => {
    const one = await shuffledLosses(answering, signature, judged, { seed: 7 })
    expect(await shuffledLosses(answering, signature, judged, { seed: 7 })).toEqual(one)
    // Each row stands there four times: as rows of their own they would seem to be four times as many.
    const four = Uint32Array.from({ length: 360 }, (_, at) => at % 90)
    const repeated: JudgedRows = {
      ...judged,
      labels: Uint8Array.from(four, (row) => labels[row]!),
      frame: {
        rows: 360,
        columns: new Map(
          names.map((name) => [
            name,
            columnFrom(
              name === 'kind' ? 'category' : 'number',
              Array.from(four, (row) => fixture.rows[name]![row]!)
            )
          ])
        )
      }
    }
    const width = async (clusters: JudgedRows['clusters']) => {
      const { low, high } = lossOf(await shuffledLosses(answering, signature, { ...repeated, clusters }, { seed: 7 }), 'a')
      return high! - low!
    }
    expect(await width({ column: 'case', codes: four })).toBeGreaterThan(1.5 * (await width(null)))
  })

  it('is not told of few rows, of one outcome, or with an interval of few clusters', async () => {
    const few: JudgedRows = { ...judged, labels: judged.labels.slice(0, 20), frame: { rows: 20, columns: frame.columns } }
    expect(await shuffledLosses(answering, signature, few, { seed: 1 })).toBeNull()
    expect(await shuffledLosses(answering, signature, { ...judged, labels: new Uint8Array(90) }, { seed: 1 })).toBeNull()
    const clusters = { column: 'site', codes: Uint32Array.from(labels, (_, row) => row % 3) }
    const found = await shuffledLosses(answering, signature, { ...judged, clusters }, { seed: 1, repeats: 2 })
    expect(lossOf(found, 'a')).toMatchObject({ low: null, high: null })
  })
})
