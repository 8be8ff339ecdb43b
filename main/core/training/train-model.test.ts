import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { modelSignatureSchema, trainedModelSchema, type Algorithm } from '../../model/training'
import { syntheticRows, writeArrow } from './fixtures/synthetic'
import { trainModel } from './index'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'training-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const algorithms: Algorithm[] = ['gradient-boosting', 'logistic-regression']

describe('trainModel', () => {
  it.each(algorithms)('%s writes the four files, agrees with ONNX Runtime and repeats itself', async (algorithm) => {
    const table = await writeArrow(join(folder, 'rows.arrow'), { ...syntheticRows(1500, 7) })
    const points: string[] = []
    const options = {
      table,
      target: 'damaged',
      algorithm,
      seed: 3,
      parameters: algorithm === 'gradient-boosting' ? { trees: 60, rowFraction: 0.8, featureFraction: 0.7 } : {}
    }
    const first = await trainModel({
      ...options,
      outputDirectory: join(folder, 'a'),
      onMetric: ({ name, step }) => points.push(`${name} ${step}`)
    })
    const second = await trainModel({ ...options, outputDirectory: join(folder, 'b') })
    expect(trainedModelSchema.parse(JSON.parse(await readFile(join(folder, 'a', 'training.json'), 'utf8')))).toEqual(first)
    modelSignatureSchema.parse(JSON.parse(await readFile(join(folder, 'a', 'signature.json'), 'utf8')))
    expect(first.parity.maxDifference).toBeLessThan(1e-6)
    expect(second.modelDigest).toBe(first.modelDigest)
    expect(second.files.model.sha256).toBe(first.files.model.sha256)
    expect(points).toHaveLength(first.history.length)
  })
})
