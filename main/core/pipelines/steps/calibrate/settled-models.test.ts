import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { calibrationRecordSchema } from '../../../../model/calibration'
import { intervalsRecordSchema } from '../../../../model/conformal'
import { classDecisionRecordSchema } from '../../../../model/class-decision'
import { alternativesOf, decidedCosts, thresholdRecordSchema } from '../../../../model/decision'
import { evaluationSchema } from '../../../../model/evaluation'
import { modelSignatureSchema } from '../../../../model/training'
import { casesStep, evaluateStep, gateStep, pipelineOf, registerStep, stepText, trainStep } from '../../fixtures/pipeline-texts'
import { openPipelineWorkspace, temporaryFolder, type PipelineWorkspace } from '../../fixtures/pipeline-workspace'

const cases = `SELECT i, (i * 7919 % 5003) / 5003.0 AS x, (i * 104729 % 4999) / 4999.0 AS y,
       CASE WHEN i % 3 = 0 THEN 'red' WHEN i % 3 = 1 THEN 'blue' ELSE NULL END AS colour,
       (i * 7919 % 5003) / 5003.0 + CAST('0x' || substr(md5('n' || i), 1, 4) AS INTEGER) / 65536.0 > 1.2 AS outcome,
       100 * (i * 7919 % 5003) / 5003.0 + 20 * CAST('0x' || substr(md5('a' || i), 1, 4) AS INTEGER) / 65536.0 AS amount,
       CASE WHEN (i * 7919 % 5003) / 5003.0 + CAST('0x' || substr(md5('k' || i), 1, 4) AS INTEGER) / 131072.0 < 0.5 THEN 'low'
            WHEN (i * 7919 % 5003) / 5003.0 + CAST('0x' || substr(md5('k' || i), 1, 4) AS INTEGER) / 131072.0 < 1 THEN 'middle' ELSE 'high' END AS band
     FROM (SELECT range AS i FROM range(3000))`

let folder: ReturnType<typeof temporaryFolder>
let workspace: PipelineWorkspace
beforeAll(async () => {
  folder = temporaryFolder()
  workspace = await openPipelineWorkspace(folder.path)
  await workspace.addDataset('cases', cases)
  workspace.policies.set(
    'held',
    `schema: drydock.policy
version: 1
name: held
title: Held
rules:
  - id: ranks
    title: It ranks
    severity: block
    expression: metrics.auc >= 0.6
    message: No.
`
  )
})
afterAll(async () => {
  await workspace.close()
  folder.remove()
})

const parts =
  stepText('apart', 'split', 'table: cases.table', 'test: 0.4, seed: 1') +
  stepText('rest', 'split', 'table: apart.test', 'test: 0.5, seed: 2') +
  stepText('held', 'split', 'table: rest.train', 'test: 0.5, seed: 3')
const splits = casesStep + parts
const train = trainStep('target: outcome, exclude: [i, amount, band], parameters: { trees: 30 }, seed: 3').replace(
  'split.train',
  'apart.train'
)
const judge = (model: string, more = ''): string =>
  evaluateStep(`bootstrapSamples: 0, latencyCalls: 5${more}`, model).replace('split.test', 'rest.test')
const failures = (run: Awaited<ReturnType<PipelineWorkspace['run']>>): string[] =>
  run.steps.flatMap((step) => (step.failure ? [`${step.stepId}: ${step.failure.message}`] : []))
const outcomeOf = (text: string): Promise<string> =>
  workspace.run(text).then(
    (run) => failures(run).join('\n'),
    (error: Error) => error.message
  )
const newestRun = (algorithm?: string) =>
  workspace.experiments
    .runs({})
    .runs.map(({ id }) => workspace.experiments.run(id))
    .find((run) => run.artifacts.some(({ kind }) => kind === 'evaluation') && (!algorithm || run.algorithm === algorithm))!
const documentOf = async (run: ReturnType<typeof newestRun>, name: string): Promise<unknown> => {
  const artifact = run.artifacts.find((each) => each.name === name)!
  return JSON.parse((await workspace.context.objects.read(artifact.sha256)).toString('utf8'))
}

const calibrate = (more = 'method: beta'): string => stepText('calibrate', 'calibrate', 'model: train.model, rows: held.train', more)
const decide = (rule: string, model = 'calibrate.model'): string => stepText('decide', 'decide', `model: ${model}, rows: held.test`, rule)
const conform = (model: string, more = ''): string => stepText('conform', 'conform', `model: ${model}, rows: held.test`, more)

describe('a model of a yes or no that is calibrated and decided', () => {
  it('is judged by its threshold, explained by its margin, gated and registered', async () => {
    const explain = stepText('explain', 'explain', 'model: decide.model, rows: rest.test, background: apart.train', 'rows: 60')
    const text = pipelineOf(
      'whole',
      splits,
      train,
      calibrate(),
      decide('by: cost, falseAlarm: 1, missed: 5'),
      judge('decide.model'),
      explain,
      gateStep('held', { model: 'decide.model' }),
      registerStep('cases', 'decide.model')
    )
    const made = await workspace.run(text)
    expect(failures(made)).toEqual([])
    const run = newestRun()
    expect(run.artifacts.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['model', 'native', 'signature', 'training', 'calibration', 'decision', 'evaluation', 'explanation'])
    )
    expect(run).toMatchObject({ algorithm: 'gradient-boosting', parameters: { target: 'outcome' } })
    const signature = modelSignatureSchema.parse(await documentOf(run, 'signature.json'))
    const calibration = calibrationRecordSchema.parse(await documentOf(run, 'calibration.json'))
    const decision = thresholdRecordSchema.parse(await documentOf(run, 'decision.json'))
    const evaluation = evaluationSchema.parse(await documentOf(run, 'evaluation.json'))
    expect(calibration.parity.maxDifference).toBeLessThan(1e-6)
    expect(calibration.rows.used).toBe(300)
    expect(signature.calibration).toMatchObject({ method: 'beta', original: calibration.original, table: calibration.rows.table })
    expect(signature.decision).toMatchObject({ threshold: decision.threshold, table: decision.rows.table })
    expect(decision.original).toBe(calibration.model)
    expect(decision.threshold).toBeLessThan(0.5)
    expect(alternativesOf(decision).slice(1, 3)).toMatchObject([
      { name: 'one half', threshold: 0.5 },
      { name: 'by probabilities', threshold: decision.byProbabilities! }
    ])
    expect('threshold' in evaluation && evaluation.threshold).toBe(decision.threshold)
    expect(evaluation).toMatchObject({ rowsShared: 0, subject: { separated: true, model: decision.model } })
    const explanation = (await documentOf(run, 'explanation.json')) as { narrative: string[]; additivity: number }
    expect(explanation).toMatchObject({ space: 'log-odds', calibrated: true, method: 'interventional' })
    expect(explanation.narrative.join(' ')).toContain('Figures are in log-odds before the probabilities were corrected.')
    expect(explanation.additivity).toBeLessThan(1e-6)
    expect(workspace.models.get('cases', 1).modelSha256).toBe(decision.model)
  })

  it('is not independent of the rows that it was calibrated or decided on', async () => {
    for (const rows of ['held.train', 'held.test']) {
      const text = pipelineOf(
        'seen',
        splits,
        train,
        calibrate(),
        decide('by: given, threshold: 0.3'),
        judge('decide.model').replace('rest.test', rows)
      )
      expect(failures(await workspace.run(text))).toEqual([])
      const { subject, rowsShared } = evaluationSchema.parse(await documentOf(newestRun(), 'evaluation.json'))
      expect(subject!.trainingRows).toBe(subject!.rows)
      expect(rowsShared).toBe(300)
    }
  })

  it.each([
    ['model: train.model, rows: apart.train', '', /These are the rows that the model was made from/],
    ['model: train.model, rows: cases.table', '', /1800 of these rows are among the rows that the model was made from/]
  ])('%s is refused', async (inputs, more, message) => {
    expect(await outcomeOf(pipelineOf('bad', splits, train, stepText('calibrate', 'calibrate', inputs, more)))).toMatch(message)
  })

  it.each([
    ['by: capacity, capacity: 400', /capacity of 400 is not below the 300 rows/],
    ['by: constraint, rate: precision, atLeast: 1', /No threshold has a precision of at least 100%.*The best possible is/],
    ['by: cost, falseAlarm: -1, missed: 5', /falseAlarm/],
    ['by: cost, falseAlarm: 1', /needs "missed"/],
    ['by: capacity, capacity: 20, atLeast: 0.3', /"atLeast" does not go with a threshold by capacity/]
  ])('decide by %s is refused', async (rule, message) => {
    const noise = "SELECT * REPLACE (md5(i::VARCHAR) < '4' AS outcome) FROM rows"
    const shuffled = stepText('noise', 'sql', 'rows: held.test', `query: "${noise}"`)
    expect(
      await outcomeOf(pipelineOf('bad', splits, train, shuffled, decide(rule, 'train.model').replace('held.test', 'noise.table')))
    ).toMatch(message)
  })

  it('measures intervals on the rows of its threshold with a word on it, and never on those that watched the training', async () => {
    const sets = conform('decide.model', 'score: lac')
    const warningsOf = async (): Promise<string[]> => {
      const runs = workspace.experiments.runs({}).runs.map(({ id }) => workspace.experiments.run(id))
      const run = runs.find(({ artifacts }) => artifacts.some(({ kind }) => kind === 'intervals'))!
      return intervalsRecordSchema.parse(await documentOf(run, 'intervals.json')).warnings
    }
    expect(await outcomeOf(pipelineOf('both', splits, train, decide('by: given, threshold: 0.4', 'train.model'), sets))).toBe('')
    expect(await warningsOf()).toContainEqual(expect.stringContaining('The threshold was chosen on these rows before'))
    const watched = train.replace('train: apart.train', 'train: apart.train, validation: held.test')
    expect(await outcomeOf(pipelineOf('both', splits, watched, decide('by: given, threshold: 0.4', 'train.model'), sets))).toMatch(
      /conform: These are the rows that the model was made from/
    )
  })

  it('needs rows of both outcomes', async () => {
    const none = stepText('none', 'sql', 'rows: held.train', 'query: SELECT * FROM rows WHERE NOT outcome')
    const step = stepText('calibrate', 'calibrate', 'model: train.model, rows: none.table')
    expect(await outcomeOf(pipelineOf('bad', splits, train, none, step))).toMatch(
      /Of "outcome" = true there are 0 rows among the calibration rows/
    )
  })

  it('is not calibrated twice', async () => {
    const again = stepText('again', 'calibrate', 'model: calibrate.model, rows: held.test')
    expect(await outcomeOf(pipelineOf('bad', splits, train, calibrate(), again))).toMatch(/The model is calibrated already/)
  })
})

describe('rows that count by a column', () => {
  const of = async (kind: string, name: string) => {
    const runs = workspace.experiments.runs({}).runs.map(({ id }) => workspace.experiments.run(id))
    return documentOf(
      runs.find(({ artifacts }) => artifacts.some((each) => each.kind === kind))!,
      name
    )
  }

  it('count so in every step by the role weight alone, and a column that the step names goes before it', async () => {
    await workspace.addDataset(
      'cases',
      `SELECT i, (i * 7919 % 5003) / 5003.0 AS x, (i * 104729 % 4999) / 4999.0 AS y, CASE WHEN i % 4 = 0 THEN 5.0 ELSE 1.0 END AS counts,
         CASE WHEN i % 5 = 0 THEN 3.0 ELSE 1.0 END AS other,
         (i * 7919 % 5003) / 5003.0 + CAST('0x' || substr(md5('n' || i), 1, 4) AS INTEGER) / 65536.0 > 1.2 AS outcome
       FROM (SELECT range AS i FROM range(3000))`,
      { roles: { counts: 'weight' } }
    )
    // The model is trained without weights, so that only the role says what rows count.
    const file = stepText('plain', 'sql', 'rows: apart.train', 'query: "SELECT x, y, outcome FROM rows"')
    const own = trainStep('target: outcome, features: [x, y], parameters: { trees: 20 }, seed: 3').replace('split.train', 'plain.table')
    const made = async (more: string) => {
      const text = pipelineOf(
        'counted',
        splits,
        file,
        own,
        calibrate(`method: platt${more}`),
        decide(`by: cost, falseAlarm: 1, missed: 3${more}`),
        conform('decide.model', `score: lac${more}`)
      )
      expect(failures(await workspace.run(text))).toEqual([])
      return {
        intervals: intervalsRecordSchema.parse(await of('intervals', 'intervals.json')),
        decision: thresholdRecordSchema.parse(await of('decision', 'decision.json')),
        calibration: calibrationRecordSchema.parse(await of('calibration', 'calibration.json'))
      }
    }
    const byRole = await made('')
    expect(byRole.intervals.intervals).toMatchObject({ weight: 'counts', rows: 300 })
    expect([byRole.decision.rows.weight, byRole.calibration.rows.weight]).toEqual(['counts', 'counts'])
    expect(byRole.intervals.effectiveRows).toBeLessThan(250)
    const named = await made(', weight: counts')
    expect(named.intervals).toEqual(byRole.intervals)
    expect(named.decision).toEqual(byRole.decision)
    expect(named.calibration.maps).toEqual(byRole.calibration.maps)
    const other = await made(', weight: other')
    expect(other.intervals.intervals.weight).toBe('other')
    expect(other.calibration.maps).not.toEqual(byRole.calibration.maps)
    expect(other.decision.chosen.selection).not.toEqual(byRole.decision.chosen.selection)
  })
})

describe('a model of several classes that decides by costs', () => {
  const train3 = trainStep('target: band, task: multiclass, features: [x, y], parameters: { trees: 20 }, seed: 3').replace(
    'split.train',
    'apart.train'
  )
  const bands = `SELECT i, (i * 7919 % 5003) / 5003.0 AS x, (i * 104729 % 4999) / 4999.0 AS y,
      CASE WHEN (i * 7919 % 5003) / 5003.0 + CAST('0x' || substr(md5('k' || i), 1, 4) AS INTEGER) / 131072.0 < 0.5 THEN 'low'
           WHEN (i * 7919 % 5003) / 5003.0 + CAST('0x' || substr(md5('k' || i), 1, 4) AS INTEGER) / 131072.0 < 1 THEN 'middle' ELSE 'high' END AS band
    FROM (SELECT range AS i FROM range(3000))`
  const costs = 'by: cost, costs: { high: { low: 20, middle: 10 }, middle: { low: 2 } }'

  it('decides, is judged, held by a gate and registered by what its decisions cost', async () => {
    await workspace.addDataset('cases', bands)
    workspace.policies.set(
      'cheap',
      `schema: drydock.policy
version: 1
name: cheap
title: Cheap
rules:
  - id: cheap
    title: Its decisions are cheap
    severity: block
    expression: metrics.decision_cost < 1 && metrics.decision_cost_upper < 1.2
    message: No.
`
    )
    const text = pipelineOf(
      'bands',
      splits,
      train3,
      calibrate(''),
      decide(costs),
      conform('decide.model', 'score: lac'),
      judge('conform.model'),
      gateStep('cheap', { model: 'conform.model' }),
      registerStep('bands', 'conform.model')
    ).replace('bootstrapSamples: 0', 'bootstrapSamples: 100')
    expect(failures(await workspace.run(text))).toEqual([])
    const run = newestRun()
    const record = classDecisionRecordSchema.parse(await documentOf(run, 'decision.json'))
    const signature = modelSignatureSchema.parse(await documentOf(run, 'signature.json'))
    // In the order of the classes: high, low, middle.
    expect(record.rule.costs).toEqual([
      [0, 20, 10],
      [1, 0, 1],
      [1, 2, 0]
    ])
    expect(decidedCosts(signature)).toEqual(record.rule.costs)
    // The run of the decision says them; the newest is that of the sets.
    const decisions = workspace.experiments.runs({}).runs.map(({ id }) => workspace.experiments.run(id).parameters)
    expect(JSON.stringify(decisions.find((parameters) => 'costs' in parameters))).toMatch(/"costs":.*20.*10.*2/)
    // A signature whose decision is not one of three classes is none.
    for (const lie of [
      {
        rule: {
          by: 'class-costs',
          costs: [
            [0, 1],
            [1, 0]
          ]
        }
      },
      { rule: { by: 'given' }, threshold: 0.5 }
    ])
      expect(
        modelSignatureSchema.safeParse({ ...signature, decision: { ...lie, rows: 300, table: record.rows.table } }).error?.message
      ).toContain('the decision is not one of such answers')
    expect(record.chosen.cost.value).toBeLessThan(record.likeliest.cost.value)
    expect(record.saved.lower).toBeGreaterThan(0)
    expect(record.warnings.join()).not.toContain('not calibrated')
    const evaluation = evaluationSchema.parse(await documentOf(run, 'evaluation.json'))
    if (evaluation.task !== 'multiclass') throw new Error('it is judged as another task')
    const { confusion, metrics, decision, rows } = evaluation
    const byHand = confusion.flatMap((line, was) => line.map((count, decided) => count * record.rule.costs[was]![decided]!))
    expect(metrics.decision_cost!.value).toBeCloseTo(byHand.reduce((sum, each) => sum + each, 0) / rows.judged, 12)
    expect(metrics.decision_cost!.interval!.upper).toBeGreaterThan(metrics.decision_cost!.value!)
    expect(decision!.likeliest).toBeGreaterThan(metrics.decision_cost!.value!)
    expect(run.metrics.decision_cost!.value).toBe(metrics.decision_cost!.value)
    expect(workspace.models.get('bands', 1).gate).toMatchObject({ outcome: 'pass' })
  })

  it.each([
    [
      'by: capacity, capacity: 20, of: 300',
      /several classes apart.*a capacity is one of rows that are chosen, and here each row gets a class/
    ],
    ['by: constraint, rate: recall, atLeast: 0.9', /several classes apart.*a rate is that of one class/],
    ['by: cost, falseAlarm: 1, missed: 5', /several classes apart.*give the costs of its decisions with "costs"/],
    ['by: given, threshold: 0.4', /several classes apart.*give the costs/],
    ['by: cost, costs: { hihg: { low: 2 } }', /no class "hihg".*Did you mean "high"\?/],
    [
      'by: cost, costs: { high: { high: 3 } }',
      /A row of "high" costs 3 decided rightly and 1 decided for "low", so a mistake would be best/
    ],
    ['by: cost, costs: { high: { low: 2 } }, missed: 3', /"missed" is of a yes or no, and "costs" of several classes/]
  ])('%s is refused', async (rule, message) => {
    expect(await outcomeOf(pipelineOf('bad', splits, train3, decide(rule, 'train.model')))).toMatch(message)
  })
})

describe('a model with intervals or sets', () => {
  beforeAll(() => workspace.addDataset('cases', cases))

  const amounts = trainStep('target: amount, task: regression, features: [x, y, colour], parameters: { trees: 60 }, seed: 3').replace(
    'split.train',
    'apart.train'
  )
  const classes = trainStep('target: band, task: multiclass, features: [x, y, colour], parameters: { trees: 20 }, seed: 3').replace(
    'split.train',
    'apart.train'
  )

  it('of amounts: is judged by how many outcomes lie within', async () => {
    expect(failures(await workspace.run(pipelineOf('amounts', splits, amounts, conform('train.model'), judge('conform.model'))))).toEqual(
      []
    )
    const run = newestRun()
    const record = intervalsRecordSchema.parse(await documentOf(run, 'intervals.json'))
    const { intervals } = evaluationSchema.parse(await documentOf(run, 'evaluation.json'))
    expect(record.intervals).toMatchObject({ score: 'absolute', coverage: 0.9, rows: 300 })
    expect(intervals).toMatchObject({ promised: 0.9, rows: 600, verdict: 'held' })
    expect(intervals!.size).toBeCloseTo(2 * record.intervals.quantile, 9)
    expect(intervals!.parts).toHaveLength(10)
    expect(run.metrics.interval_coverage).toMatchObject({ value: intervals!.covered, low: intervals!.lower, high: intervals!.upper })
  })

  it('of several classes: sets by class, after a temperature', async () => {
    const text = pipelineOf('bands', splits, classes, calibrate(''), conform('calibrate.model', 'score: aps'), judge('conform.model'))
    expect(failures(await workspace.run(text))).toEqual([])
    const run = newestRun()
    const { intervals } = evaluationSchema.parse(await documentOf(run, 'evaluation.json'))
    expect(calibrationRecordSchema.parse(await documentOf(run, 'calibration.json')).method).toBe('temperature')
    expect(intervals!.covered).toBeGreaterThan(0.85)
    expect(intervals!.parts.map(({ name }) => name).sort()).toEqual(['high', 'low', 'middle'])
    expect(intervals!.sizes!.reduce((sum, each) => sum + each, 0)).toBe(600)
  })

  it.each([
    [conform('train.model', 'score: lac'), /states an amount, and "lac" makes sets of classes/],
    [conform('train.model', 'coverage: 0.999'), /coverage of 99.9% needs at least 999 rows with a known outcome, and there are 300/],
    [conform('train.model').replace('held.test', 'apart.train'), /These are the rows that the model was made from/],
    [stepText('calibrate', 'calibrate', 'model: train.model, rows: held.train'), /states an amount, and only probabilities are calibrated/],
    [decide('by: given, threshold: 0.4', 'train.model'), /states an amount: only a yes or no has a threshold/]
  ])('%s is refused', async (step, message) => {
    expect(await outcomeOf(pipelineOf('bad', splits, amounts, step))).toMatch(message)
  })
})
