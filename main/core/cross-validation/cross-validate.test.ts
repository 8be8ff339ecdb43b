import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { crossValidationSchema, type CrossValidation } from '../../model/cross-validation'
import { algorithms } from '../../model/training'
import { setWorkerDirectory } from '../jobs'
import { Random } from '../numerics'
import { syntheticRows, writeArrow } from '../training/fixtures/synthetic'
import reference from './fixtures/reference.json'
import { crossValidate, type CrossValidationRequest } from './index'

let folder: string
beforeAll(async () => {
  setWorkerDirectory(inject('programs'))
  folder = await mkdtemp(join(tmpdir(), 'cross-validation-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

let files = 0
const fresh = (name: string): string => join(folder, `${++files}-${name}`)

type Asked = Partial<Omit<CrossValidationRequest, 'design'>> & { design?: Partial<CrossValidationRequest['design']> }

async function judge(table: string, asked: Asked, processes = 1): Promise<{ document: CrossValidation; scores: string }> {
  const { design, ...more } = asked
  const scores = fresh('scores.arrow')
  const request: CrossValidationRequest = {
    ...{ table, tableSha256: 'a'.repeat(64) as CrossValidationRequest['tableSha256'], task: 'regression', target: 'y', features: ['x'] },
    ...{ algorithm: 'generalised-linear-model', parameters: {}, candidates: [], innerFolds: 3, seed: 3 },
    holdBack: { by: 'random', column: null },
    ...more,
    design: { by: 'stratified', column: null, folds: 5, repeats: 1, gap: '0', history: null, ...design }
  }
  const document = await crossValidate(request, { scores, memory: 2 ** 32, processes })
  expect(crossValidationSchema.parse(JSON.parse(JSON.stringify(document)))).toEqual(JSON.parse(JSON.stringify(document)))
  return { document, scores }
}

/** Real rows: the progression of diabetes a year after ten measurements (Efron and others 2004). */
function diabetes() {
  const [head, ...lines] = readFileSync('main/core/tasks/regression/fixtures/diabetes.csv', 'utf8').trim().split('\n')
  const cells = lines.map((line) => line.split(',').map(Number))
  const columns = Object.fromEntries(head!.split(',').map((name, at) => [name, cells.map((row) => row[at]!)]))
  return {
    ...columns,
    visit: cells.map((_, row) => row),
    clinic: cells.map((_, row) => Math.min(20, Math.floor(Math.sqrt(row)))),
    high: columns['progression']!.map((each) => each > 140)
  }
}
const measured = ['age', 'sex', 'bmi', 'bp', 's1', 's2', 's3', 's4', 's5', 's6']

describe('figures', () => {
  let table: string
  beforeAll(async () => (table = await writeArrow(join(folder, 'diabetes.arrow'), diabetes())))
  const plain = { target: 'progression', features: measured, parameters: { penalty: 0, tolerance: 1e-10 } }

  it.each([
    ['groups', { by: 'group', column: 'clinic', folds: 5 }, reference.grouped],
    ['windows with a gap', { by: 'time', column: 'visit', folds: 4, gap: '7' }, reference.windows]
  ] as const)('of a linear model over %s equal those of scikit-learn, and the interval that of scipy', async (_, design, expected) => {
    const { document } = await judge(table, { ...plain, design })
    expect(document.folds).toHaveLength(expected.folds.length)
    for (const [at, own] of expected.folds.entries())
      for (const [name, value] of Object.entries(own)) expect(document.folds[at]!.metrics[name], name).toBeCloseTo(value, 4)
    const { mean, deviation, lower, upper } = document.summary['rmse']!
    expect(mean).toBeCloseTo(expected.rmse.mean, 4)
    expect(deviation).toBeCloseTo(expected.rmse.deviation, 4)
    expect((upper! - lower!) / 2).toBeCloseTo(expected.rmse.half, 3)
  })

  it('of a logistic model equal those of scikit-learn', async () => {
    const { document, scores } = await judge(table, {
      ...{ task: 'binary', target: 'high', features: measured, algorithm: 'logistic-regression' },
      parameters: { l2: 0, tolerance: 1e-9, maxIterations: 2000 },
      design: { by: 'group', column: 'clinic', folds: 5 }
    })
    for (const [at, own] of reference.groupedClasses.folds.entries())
      for (const [name, value] of Object.entries(own)) expect(document.folds[at]!.metrics[name], name).toBeCloseTo(value, 4)
    const { lower, upper } = document.summary['auc']!
    expect((upper! - lower!) / 2).toBeCloseTo(reference.groupedClasses.auc.half, 4)
    const kept = tableFromIPC(await readFile(scores))
    expect(kept.schema.fields.map(({ name }) => name)).toEqual(['row', 'fold', 'repeat', 'label', 'score'])
    const all = kept.toArray() as unknown as { row: number; fold: number; label: number; score: number }[]
    expect(all.map(({ row }) => row).sort((a, b) => a - b)).toEqual([...diabetes().high.keys()])
    expect(all.filter(({ row, label }) => (label === 1) !== diabetes().high[row])).toEqual([])
    const first = all.filter(({ fold }) => fold === 1)
    const brier = first.reduce((sum, { label, score }) => sum + (label - score) ** 2, 0) / first.length
    expect(brier).toBeCloseTo(document.folds[0]!.metrics['brier']!, 12)
  })
})

describe('every task and trainer', () => {
  let table: string
  beforeAll(async () => {
    const { damaged, load, ...more } = syntheticRows(600, 11)
    const random = new Random(4)
    const columns = {
      ...{ ...more, load, damaged },
      kind: load.map((each, row) => (damaged[row] ? 'bad' : each > 5 ? 'fair' : 'good')),
      cost: load.map((each, row) => 1 + each * 2 + (damaged[row] ? 5 : 0) + random.uniform()),
      weight: load.map(() => 0.5 + random.uniform()),
      years: load.map(() => 0.5 + random.uniform())
    }
    table = await writeArrow(join(folder, 'cases.arrow'), columns)
  })
  const features = ['age', 'count', 'phase', 'noise', 'load']
  const quick = { 'gradient-boosting': { trees: 20 }, 'explainable-boosting': { rounds: 20 } } as Record<string, object>
  const questions: [string, Asked][] = [
    ['logistic', { task: 'binary', target: 'damaged' }],
    ['softmax', { task: 'multiclass', target: 'kind', weight: 'weight' }],
    ...(['squared', 'absolute', 'quantile', 'gamma'] as const).map((objective): [string, Asked] => [
      objective,
      { task: 'regression', target: 'cost', objective, weight: 'weight', ...(objective === 'quantile' && { quantile: 0.8 }) }
    ]),
    ['poisson', { task: 'regression', target: 'count', objective: 'poisson', exposure: 'years' }]
  ]
  const all = Object.entries(algorithms).flatMap(([algorithm, { objectives }]) =>
    questions.flatMap(([objective, asked]) =>
      (objectives as readonly string[]).includes(objective) ? [[algorithm, objective, asked] as const] : []
    )
  )

  it.each(all)('%s learns %s in folds', async (algorithm, objective, asked) => {
    const { document } = await judge(table, {
      ...{ ...asked, algorithm: algorithm as keyof typeof algorithms, parameters: { ...quick[algorithm] } },
      features: features.filter((name) => name !== asked.target),
      design: { folds: 3 }
    })
    const loss = asked.task === 'regression' ? 'loss_skill' : 'log_loss_skill'
    expect(document.summary[loss]?.folds, Object.keys(document.summary).join()).toBe(3)
    if (objective !== 'poisson') expect(document.summary[loss]!.mean).toBeGreaterThan(0.02)
    expect(document.outOfFold.rows).toBe(600)
  })

  it('gives the same document and bytes however many processes fit the folds, and nested folds choose by themselves', async () => {
    const asked: Asked = {
      ...{ task: 'multiclass', target: 'kind', features, algorithm: 'gradient-boosting', parameters: { maxLeaves: 6 } },
      candidates: [{ trees: 1 }, { trees: 12 }],
      innerFolds: 2,
      design: { folds: 3, repeats: 2 }
    }
    const one = await judge(table, asked)
    const three = await judge(table, asked, 3)
    expect(three.document).toEqual(one.document)
    expect((await readFile(three.scores)).equals(await readFile(one.scores))).toBe(true)
    const { folds, chosen, tuning, outOfFold } = one.document
    expect(folds.map(({ repeat, fold }) => [repeat, fold])).toEqual([1, 2].flatMap((repeat) => [1, 2, 3].map((fold) => [repeat, fold])))
    expect(folds.map(({ candidate }) => candidate)).toEqual(folds.map(() => 2))
    expect(folds[0]!.parameters).toMatchObject({ trees: 12, maxLeaves: 6 })
    expect(tuning).toMatchObject({ metric: 'log_loss', direction: 'lower', innerFolds: 2 })
    expect(chosen).toMatchObject({ candidate: 2, parameters: { trees: 12, maxLeaves: 6 } })
    expect(chosen!.scores[1]!.mean).toBeLessThan(chosen!.scores[0]!.mean)
    expect(outOfFold).toMatchObject({ rows: 1200, columns: ['row', 'fold', 'repeat', 'label', 'score_bad', 'score_fair', 'score_good'] })
  })

  it('refuses folds of one value, a metric that is none, and too few rows inside, by name', async () => {
    const y = [...Array.from({ length: 40 }, () => 1), ...Array.from({ length: 40 }, (_, row) => row)]
    const site = y.map((_, row) => Math.floor(row / 20))
    const few = await writeArrow(join(folder, 'few.arrow'), { x: y.map((_, row) => row % 7), y, site, late: site.map((each) => each > 1) })
    await expect(judge(few, { design: { by: 'group', column: 'site', folds: 4 } })).rejects.toThrow(
      'The 20 rows to judge in fold 1 all have 1 in the target "y". Ask for fewer folds, or bring rows of "site" in which the outcomes differ.'
    )
    await expect(
      judge(few, { task: 'binary', target: 'late', algorithm: 'logistic-regression', design: { by: 'group', column: 'site', folds: 4 } })
    ).rejects.toThrow('in the target "late"')
    const tuned = { candidates: [{ penalty: 1 }, { penalty: 2 }], features: ['x'] }
    await expect(judge(few, { ...tuned, metric: 'auc' })).rejects.toThrow('There is no metric "auc" of the task regression')
    await expect(judge(few, { ...tuned, innerFolds: 4, design: { by: 'group', column: 'site', folds: 2 } })).rejects.toThrow(
      'Inner folds of fold 1: The column "site" has 2 groups, fewer than the 4 folds.'
    )
    await expect(judge(few, { features: ['x', 'gone'] })).rejects.toThrow('no column "gone"')
  })
})
