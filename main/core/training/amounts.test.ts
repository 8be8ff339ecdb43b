import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { evaluationSchema } from '../../model/evaluation'
import { taskOf } from '../../model/tasks'
import { trainedModelSchema } from '../../model/training'
import { Random } from '../numerics'
import { taskOf as coreTaskOf } from '../tasks'
import { writeArrow } from './fixtures/synthetic'
import { evaluateModel, trainModel } from './index'

let folder: string
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'amounts-'))))
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Claims of policies over part of a year: their rate doubles with each step of risk, and in the south. */
function policies(rows: number, seed: number) {
  const random = new Random(seed)
  const poisson = (mean: number): number => {
    let [count, product] = [0, random.uniform()]
    while (product > Math.exp(-mean)) {
      count++
      product *= random.uniform()
    }
    return count
  }
  const risk = Array.from({ length: rows }, () => Math.floor(random.uniform() * 4))
  const site = Array.from({ length: rows }, () => (random.uniform() < 0.5 ? 'north' : 'south'))
  const years = Array.from({ length: rows }, () => 0.25 + random.uniform())
  const claims = risk.map((each, row) => poisson(years[row]! * 0.3 * 2 ** each * (site[row] === 'south' ? 2 : 1)))
  return { risk, site, years, claims, cost: claims.map((count, row) => 100 * count + 10 * risk[row]! + random.uniform()) }
}

it.each([
  ['poisson', 'claims', { exposure: 'years' }],
  ['squared', 'cost', {}],
  ['absolute', 'cost', {}],
  ['quantile', 'cost', { quantile: 0.8 }],
  ['gamma', 'cost', {}]
] as const)(
  'a model of %s amounts is trained, exported, judged, and known to gates, cards and operators',
  async (objective, target, more) => {
    const outputDirectory = await mkdtemp(join(folder, 'model-'))
    const training = await trainModel({
      table: await writeArrow(join(outputDirectory, 'train.arrow'), policies(1500, 1)),
      task: 'regression',
      target,
      objective,
      ...more,
      algorithm: 'gradient-boosting',
      parameters: { trees: 60 },
      features: ['risk', 'site'],
      seed: 1,
      outputDirectory
    })
    expect(trainedModelSchema.parse(JSON.parse(JSON.stringify(training)))).toEqual(training)
    expect(training.parity.maxDifference).toBeLessThan(1e-3)
    const evaluation = await evaluateModel({
      model: join(outputDirectory, 'model.onnx'),
      table: await writeArrow(join(outputDirectory, 'test.arrow'), policies(1500, 2)),
      seed: 5,
      groupColumn: 'site',
      bootstrapSamples: 200,
      latencyCalls: 20,
      trainingRate: taskOf(training).trainingRate(training.rows),
      rowScores: join(outputDirectory, 'scores.arrow')
    })
    expect(evaluationSchema.parse(JSON.parse(JSON.stringify(evaluation)))).toEqual(evaluation)
    const flat = taskOf(evaluation).metricsOf(evaluation)
    expect(flat['loss_skill']).toBeGreaterThan(0.1)
    expect(taskOf(evaluation).factsOf(evaluation).evaluation).toMatchObject({ objective, beats_baseline: true })
    if (objective === 'quantile') expect(flat['coverage']).toBeGreaterThan(0.75)
    const { cardValue, card, operation } = coreTaskOf(evaluation)
    const { charts } = card.figures({ rows: 1500, ...cardValue.counts(evaluation), ...cardValue.figures(evaluation) })
    expect(charts && charts.text).toContain('Calibration')
    if (objective !== 'gamma') expect(evaluation.slices!.worst.length).toBeGreaterThan(0)
    expect(operation.outcomeObjective(evaluation)!.at_most).toBeGreaterThan(flat['rmse']!)
  }
)
