import type { BinaryEvaluation } from '../../model/evaluation'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { evaluationSchema } from '../../model/evaluation'
import { metricDefinition, taskOf } from '../../model/tasks'
import { syntheticRows, writeArrow } from './fixtures/synthetic'
import { evaluateModel, trainModel } from './index'
import { Scorer } from './scoring/scorer'

const judgeBinary = evaluateModel as (options: Parameters<typeof evaluateModel>[0]) => Promise<BinaryEvaluation>

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
afterEach(() => vi.restoreAllMocks())

describe('evaluateModel', () => {
  it('gives a complete, valid record, and a flat map of known metrics', async () => {
    const rows = syntheticRows(2000, 32)
    const site = rows.load.map((_, row) => (row < 5 ? 'rare' : row % 3 === 0 ? 'north' : 'south'))
    const table = await writeArrow(join(folder, 'test.arrow'), {
      ...rows,
      site,
      damaged: rows.damaged.map((value, row) => (row % 100 === 0 ? null : value))
    })
    const stages = new Set<string>()
    const evaluation = await judgeBinary({
      model,
      table,
      seed: 5,
      groupColumn: 'site',
      trainingSeconds: 1.5,
      now: () => new Date(0),
      onProgress: (stage) => stages.add(stage)
    })
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
    const { methods } = evaluation
    expect(methods!.latency).toMatch(/1000 calls of one row, after 100 calls to warm up/)
    expect(methods!.intervals).toMatch(/2000 resamples .* not stratified .* seed 5/)
    expect(methods!.peak_memory).toMatch(/scoring process alone/)
    expect(methods!.groups).toMatch(/"site"/)
    const flat = taskOf(evaluation).metricsOf(evaluation)
    // The memory of the training is measured where the training ran, not by its evaluation, and this model has no intervals.
    expect(Object.keys(flat)).toEqual(
      taskOf(evaluation)
        .metrics.map(({ key }) => key)
        .filter((key) => key !== 'train_memory' && key !== 'set_size' && !key.startsWith('interval_'))
    )
    expect(flat).toMatchObject({ auc: evaluation.metrics.auc.value, train_seconds: 1.5, auc_lower: evaluation.metrics.auc.interval!.lower })
    expect(metricDefinition('log_loss')).toMatchObject({ direction: 'lower', unit: 'nats' })
  })

  it('judges rows of one outcome, and says what is missing', async () => {
    const rows = syntheticRows(50, 33)
    const table = await writeArrow(join(folder, 'calm.arrow'), { ...rows, damaged: rows.damaged.map(() => false) })
    const evaluation = await judgeBinary({ model, table, seed: 1, bootstrapSamples: 20, latencyCalls: 10 })
    expect(evaluation.metrics.auc.value).toBeNull()
    expect(evaluation.warnings.join()).toMatch(/Every judged row is negative/)
    expect(taskOf(evaluation).metricsOf(evaluation)).not.toHaveProperty('auc')
    evaluationSchema.parse(evaluation)
  })

  it('asks the scoring process once per chunk of rows, whatever is resampled', async () => {
    const table = await writeArrow(join(folder, 'long.arrow'), { ...syntheticRows(9000, 34) })
    const score = vi.spyOn(Scorer.prototype, 'score')
    const measure = vi.spyOn(Scorer.prototype, 'measure')
    await judgeBinary({ model, table, seed: 1, bootstrapSamples: 100, latencyCalls: 10, importanceBudget: 0 })
    expect(score.mock.calls.map(([, rows]) => rows)).toEqual([4096, 4096, 808])
    expect(measure).toHaveBeenCalledTimes(1)
  })

  const judge = async (model: string, name: string, cells: Parameters<typeof writeArrow>[1]) =>
    judgeBinary({ model, table: await writeArrow(join(folder, name), cells), seed: 1, bootstrapSamples: 60, latencyCalls: 5 })

  it('says what the rows cannot tell: one row, columns without usable values, other outcomes', async () => {
    const rows = syntheticRows(40, 35)
    const single = await judge(model, 'single.arrow', { ...syntheticRows(1, 3) })
    expect(single.rows.judged).toBe(1)
    // Nothing can be resampled from one row; a share has an interval all the same, which is nearly all there is.
    expect(Object.values(single.metrics).filter((estimate) => estimate?.interval && estimate.interval.method === undefined)).toEqual([])
    expect(single.metrics.accuracy.interval!.upper - single.metrics.accuracy.interval!.lower).toBeGreaterThan(0.7)
    expect(single.warnings.join('\n')).toMatch(/Only 1 row was judged/)
    expect(single.warnings.join('\n')).toMatch(/Too few rows or resamples for an interval of: .*Log loss/)
    const poor = await judge(model, 'poor.arrow', {
      ...rows,
      load: rows.load.map((load, row) => (row < 3 ? Infinity : row < 5 ? 1e300 : load)),
      age: rows.age.map(() => null)
    })
    expect(poor.warnings.join('\n')).toMatch(/"load" has 5 values in the table that are infinite or beyond float32; they count as missing/)
    expect(poor.warnings.join('\n')).toMatch(/"age" has no value in any judged row/)
    const words = judge(model, 'words.arrow', { ...rows, damaged: rows.damaged.map((yes) => (yes ? 'ja' : 'nein')) })
    await expect(words).rejects.toThrow(/none of the outcomes that the model learned \(true, false\). It has: "/)
  })

  it('judges numeric outcomes without a positive, warns of new values, and refuses a column with none that it knows', async () => {
    const rows = syntheticRows(300, 36)
    const numbered = (low: number, high: number) => ({ ...rows, damaged: rows.damaged.map((yes) => (yes ? high : low)) })
    const outputDirectory = join(folder, 'numbered')
    const table = await writeArrow(join(folder, 'numbered.arrow'), numbered(1, 2))
    await trainModel({ table, target: 'damaged', positive: 2, algorithm: 'logistic-regression', seed: 1, outputDirectory })
    const own = join(outputDirectory, 'model.onnx')
    const calm = await judge(own, 'calm.arrow', numbered(1, 1))
    expect(calm.rows).toMatchObject({ positives: 0, negatives: 300 })
    expect(calm.metrics).toMatchObject({ auc: { value: null }, recall: { value: null } })
    const more = await judge(own, 'more.arrow', { ...rows, damaged: rows.damaged.map((yes, row) => (yes ? 2 : row % 2 ? 1 : 3)) })
    expect(more.warnings.join()).toMatch(/values that training did not see: 3/)
    await expect(judge(own, 'other.arrow', numbered(5, 6))).rejects.toThrow(
      /none of the outcomes that the model learned \(2, 1\). It has: 5, 6/
    )
  })

  it('holds the model against the base rate of its training rows, and says where it does not beat it', async () => {
    const table = await writeArrow(join(folder, 'base.arrow'), { ...syntheticRows(1500, 37) })
    const better = await judgeBinary({ model, table, seed: 1, bootstrapSamples: 0, latencyCalls: 5, trainingRate: 0.4 })
    const share = better.rows.positives / better.rows.judged
    const stated = -(share * Math.log(0.4) + (1 - share) * Math.log(0.6))
    expect(better.baseline).toMatchObject({ rate: 0.4, of: 'training rows', verdict: 'better' })
    expect(better.baseline!.log_loss).toBeCloseTo(stated, 12)
    expect(better.baseline!.gain.value).toBeCloseTo(stated - better.metrics.log_loss.value!, 12)
    expect(better.warnings.join()).not.toMatch(/base rate/)
    const flat = taskOf(better).metricsOf(better)
    expect(flat.log_loss_baseline).toBeCloseTo(stated, 12)
    expect(flat.log_loss_skill).toBeCloseTo(1 - flat.log_loss! / stated, 12)
    expect(taskOf(better).factsOf(better).evaluation).toMatchObject({ beats_baseline: true })
    // Outcomes by chance: the model is sure of what it cannot know.
    const rows = syntheticRows(1500, 38)
    const shuffled = await writeArrow(join(folder, 'chance.arrow'), { ...rows, damaged: syntheticRows(1500, 39).damaged })
    const worse = await judgeBinary({ model, table: shuffled, seed: 1, bootstrapSamples: 0, latencyCalls: 5 })
    expect(worse.baseline).toMatchObject({ of: 'judged rows', verdict: 'worse' })
    expect(worse.warnings.join()).toMatch(/does worse than the base rate: its log loss on the judged rows is 0\.\d+/)
    expect(taskOf(worse).metricsOf(worse).log_loss_skill).toBeLessThan(0)
    expect(taskOf(worse).factsOf(worse).evaluation).toMatchObject({ beats_baseline: false })
    const few = await judgeBinary({
      model,
      table: await writeArrow(join(folder, 'few.arrow'), { ...syntheticRows(12, 40) }),
      seed: 1,
      bootstrapSamples: 0,
      latencyCalls: 5
    })
    expect(few.baseline!.verdict).toBe('cannot be told')
    expect(few.warnings.join()).toMatch(/not shown to beat the base rate/)
  })

  it('counts texts that the model does not tell apart, by column, and warns of many', async () => {
    const rows = syntheticRows(1000, 41)
    const table = await writeArrow(join(folder, 'spelled.arrow'), {
      ...rows,
      phase: rows.phase.map((phase, row) => (row % 10 === 0 ? 'Climb' : row % 25 === 1 ? `${phase ?? 'x'} ` : phase))
    })
    const evaluation = await judgeBinary({ model, table, seed: 1, bootstrapSamples: 0, latencyCalls: 5 })
    expect(evaluation.unlisted).toMatchObject([
      {
        column: 'phase',
        rows: 140,
        share: 0.14,
        shareInTraining: 0,
        countsAs: 'average',
        examples: ['Climb', ...Array.from({ length: 4 }, () => expect.any(String))]
      }
    ])
    expect(evaluation.warnings.join()).toMatch(/"phase" has texts in 140 rows \(14\.0%\).*"Climb".*the average row that has a text/)
    const clean = await judgeBinary({ model, table: join(folder, 'base.arrow'), seed: 1, bootstrapSamples: 0, latencyCalls: 5 })
    expect([clean.unlisted, clean.warnings.filter((warning) => /tell apart/.test(warning))]).toEqual([[], []])
  })

  it('refuses wrong options', async () => {
    const table = join(folder, 'train.arrow')
    await expect(judgeBinary({ model, table, seed: 1, threshold: 2 })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(judgeBinary({ model, table, seed: 1, bootstrapSamples: -1 })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(judgeBinary({ model, table, seed: 1, groupColumn: 'absent' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(judgeBinary({ model: join(folder, 'no', 'model.onnx'), table, seed: 1 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
