import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evaluationSchema, METRICS, metricDefinition, metricsOf } from '../../model/evaluation'
import { syntheticRows, writeArrow } from './fixtures/synthetic'
import { evaluateModel, trainModel } from './index'

let folder: string
let model: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evaluation-'))
  const table = await writeArrow(join(folder, 'train.arrow'), { ...syntheticRows(2000, 31) })
  await trainModel({
    table,
    target: 'damaged',
    algorithm: 'gradient-boosting',
    parameters: { trees: 50 },
    features: ['load', 'age', 'count', 'phase'],
    seed: 1,
    outputDirectory: folder
  })
  model = join(folder, 'model.onnx')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('evaluateModel', () => {
  it('gives a complete, valid record in little work, and a flat map of known metrics', async () => {
    const rows = syntheticRows(2000, 32)
    const site = rows.load.map((_, row) => (row < 5 ? 'rare' : row % 3 === 0 ? 'north' : 'south'))
    const table = await writeArrow(join(folder, 'test.arrow'), {
      ...rows,
      site,
      damaged: rows.damaged.map((value, row) => (row % 100 === 0 ? null : value))
    })
    const stages = new Set<string>()
    const started = process.cpuUsage()
    const evaluation = await evaluateModel({
      model,
      table,
      seed: 5,
      groupColumn: 'site',
      trainingSeconds: 1.5,
      now: () => new Date(0),
      onProgress: (stage) => stages.add(stage)
    })
    // Work of this process, not time on the wall, which also counts what other programs do.
    const { user, system } = process.cpuUsage(started)
    expect((user + system) / 1e6).toBeLessThan(8)
    expect(evaluationSchema.parse(JSON.parse(JSON.stringify(evaluation)))).toEqual(evaluation)
    expect([...stages]).toEqual(['read', 'score', 'latency', 'bootstrap'])
    expect(evaluation.rows).toMatchObject({ read: 2000, withoutTarget: 20, judged: 1980 })
    expect(evaluation.warnings.join()).toMatch(/20 rows have no value/)
    expect(evaluation.metrics.auc.value!).toBeGreaterThan(0.8)
    expect(evaluation.createdAt).toBe('1970-01-01T00:00:00.000Z')
    expect(evaluation.fairness!.groups.map(({ group, compared }) => [group, compared])).toEqual([
      ['south', true],
      ['north', true],
      ['rare', false]
    ])
    const flat = metricsOf(evaluation)
    // The memory of the training is measured where the training ran, not by its evaluation.
    expect(Object.keys(flat)).toEqual(METRICS.map(({ key }) => key).filter((key) => key !== 'train_memory'))
    expect(flat).toMatchObject({ auc: evaluation.metrics.auc.value, train_seconds: 1.5, auc_lower: evaluation.metrics.auc.interval!.lower })
    expect(metricDefinition('log_loss')).toMatchObject({ direction: 'lower', unit: 'nats' })
  })

  it('judges rows of one outcome, and says what is missing', async () => {
    const rows = syntheticRows(50, 33)
    const table = await writeArrow(join(folder, 'calm.arrow'), { ...rows, damaged: rows.damaged.map(() => false) })
    const evaluation = await evaluateModel({ model, table, seed: 1, bootstrapSamples: 20, latencyCalls: 10 })
    expect(evaluation.metrics.auc.value).toBeNull()
    expect(evaluation.warnings.join()).toMatch(/Every judged row is negative/)
    expect(metricsOf(evaluation)).not.toHaveProperty('auc')
    evaluationSchema.parse(evaluation)
  })

  it('refuses wrong options', async () => {
    const table = join(folder, 'train.arrow')
    await expect(evaluateModel({ model, table, seed: 1, threshold: 2 })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(evaluateModel({ model, table, seed: 1, bootstrapSamples: -1 })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(evaluateModel({ model, table, seed: 1, groupColumn: 'absent' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(evaluateModel({ model: join(folder, 'no', 'model.onnx'), table, seed: 1 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
