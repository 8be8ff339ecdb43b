import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PipelineRun } from '../../model/pipeline-run'
import type { RunDetail } from '../../model/run'
import { openPipelineWorkspace, temporaryFolder, type PipelineWorkspace } from './fixtures/pipeline-workspace'
import { crossValidationSchema } from '../../model/cross-validation'
import { evaluationSchema } from '../../model/evaluation'
import { Sha256, type RunId } from '../../model/reference'

const fixtures = join(dirname(fileURLToPath(import.meta.url)), 'fixtures', 'evidence')
let folder: ReturnType<typeof temporaryFolder>
let workspace: PipelineWorkspace

const policy = `schema: drydock.policy
version: 1
name: floor
title: Anything goes
rules:
  - id: judged
    title: Rows were judged
    severity: block
    expression: evaluation.rows > 10.0
    message: Nothing was judged.
`
const quick = 'bootstrapSamples: 50, latencyCalls: 5'
/** Two parts of one table, a good and a bad model, and an evaluation of each. */
const ground = `schema: drydock.pipeline
version: 1
name: NAME
steps:
  - { id: cases, type: source, parameters: { dataset: cases } }
  - { id: other, type: source, parameters: { dataset: other } }
  - { id: check, type: quality-check, inputs: { table: cases.table } }
  - { id: check_other, type: quality-check, inputs: { table: other.table } }
  - { id: split, type: split, inputs: { table: cases.table }, parameters: { test: 0.3, seed: 1 } }
  - { id: check_test, type: quality-check, inputs: { table: split.test } }
  - { id: good, type: train, inputs: { train: split.train }, parameters: { target: outcome, exclude: [id], parameters: { trees: 10 }, seed: 3 } }
  - { id: bad, type: train, inputs: { train: split.train }, parameters: { target: outcome, features: [kind], parameters: { trees: 2 }, seed: 3 } }
  - { id: evaluate, type: evaluate, inputs: { model: good.model, test: split.test }, parameters: { ${quick} } }
  - { id: on_train, type: evaluate, inputs: { model: good.model, test: split.train }, parameters: { split: training, ${quick} } }
`
const gate = (inputs: string): string => `  - { id: gate, type: gate, inputs: { ${inputs} }, parameters: { policy: floor } }\n`
const register = (inputs: string): string => `  - { id: register, type: register, inputs: { ${inputs} }, parameters: { name: NAME } }\n`

beforeAll(async () => {
  folder = temporaryFolder()
  workspace = await openPipelineWorkspace(folder.path)
  const rows = `SELECT i AS id, (i * 7919 % 1000) / 1000.0 AS x, ['red', 'green', 'blue'][1 + i % 3] AS kind,
     CAST('0x' || substr(md5('n' || i), 1, 4) AS INTEGER) / 65536.0 < 0.1 + 0.8 * ((i * 7919 % 1000) / 1000.0) AS outcome
   FROM (SELECT range AS i FROM range(600))`
  await workspace.addDataset('cases', rows)
  await workspace.addDataset('other', `SELECT * FROM (${rows}) WHERE id < 500`)
  // Every tenth row stands there twice, so that a random split puts one of the two on either side now and then.
  await workspace.addDataset(
    'doubled',
    `SELECT * EXCLUDE (id) FROM (${rows}) UNION ALL SELECT * EXCLUDE (id) FROM (${rows}) WHERE id % 10 = 0`
  )
  copyFileSync(join(fixtures, 'adult-like.csv'), join(folder.path, 'data', 'adult-like.csv'))
  await workspace.addDataset('adult', `SELECT * FROM read_csv('${join(folder.path, 'data', 'adult-like.csv')}')`)
  workspace.policies.set('floor', policy)
})
afterAll(async () => {
  await workspace.close()
  folder.remove()
})

const run = (yaml: string, targetStep?: string): Promise<PipelineRun> => workspace.run(yaml, targetStep ? { targetStep } : {})
const failureOf = (result: PipelineRun, stepId: string) => result.steps.find((step) => step.stepId === stepId)?.failure
const runsOf = (): RunDetail[] => workspace.experiments.runs({}).runs.map(({ id }) => workspace.experiments.run(id))

describe('a gate is about what it judged', () => {
  it.each([
    ['the evaluation of another model', 'model: bad.model, evaluation: evaluate.evaluation', /about the model [0-9a-f]{8}, not about/],
    [
      'a quality report of another table',
      'model: good.model, evaluation: evaluate.evaluation, quality: check_other.report',
      /quality report is about/
    ],
    ['an evaluation over the training rows', 'model: good.model, evaluation: on_train.evaluation', /rows that the model was trained on/]
  ])('refuses %s before it decides', async (_, inputs, message) => {
    const before = workspace.gates.gates().length
    const result = await run(ground.replace('NAME', 'refused') + gate(inputs), 'gate')
    expect(failureOf(result, 'gate')).toMatchObject({ code: 'EVIDENCE_MISMATCH', message: expect.stringMatching(message) })
    expect(result.failure).toMatchObject({ code: 'EVIDENCE_MISMATCH' })
    expect(workspace.gates.gates()).toHaveLength(before)
  })

  it.each([
    ['the table that both parts were split from', 'check'],
    ['the judged table', 'check_test']
  ])('takes a quality report of %s', async (_, check) => {
    const inputs = `model: good.model, evaluation: evaluate.evaluation, quality: ${check}.report`
    const result = await run(ground.replace('NAME', 'fits') + gate(inputs), 'gate')
    expect([result.state, result.failure]).toEqual(['succeeded', null])
    const report = await workspace.gates.gate(workspace.gates.gates()[0].id)
    const judged = runsOf().find((each) => each.gate === 'pass')!
    const artifact = (kind: string): string => judged.artifacts.find((each) => each.kind === kind)!.sha256
    expect(report.subject).toEqual({
      model: artifact('model'),
      manifest: expect.stringMatching(/^[0-9a-f]{64}$/),
      evaluation: artifact('evaluation'),
      quality: artifact('quality-report'),
      policy: report.sha256
    })
  })

  it.each([
    ['of the outcome that the model predicts', '{ target: outcome, columns: { id: { role: identifier } } }', 'pass', undefined],
    ['of nothing', '{}', 'error', 'Give the quality step the target "outcome".'],
    ['of another outcome', '{ target: kind }', 'error', 'looked for leakage of "kind", and the model predicts "outcome"'],
    ['without a column that the model reads', '{ target: outcome, columns: { x: { role: ignored } } }', 'error', 'did not look at "x"']
  ])('finds no leak by a quality check %s: %s', async (_, parameters, outcome, advice) => {
    workspace.policies.set(
      'no-leaks',
      policy.replace('floor', 'no-leaks').replace('evaluation.rows > 10.0', 'data.leakage_findings == 0.0')
    )
    const steps = `  - { id: looked, type: quality-check, inputs: { table: cases.table }, parameters: ${parameters} }\n${gate(
      'model: good.model, evaluation: evaluate.evaluation, quality: looked.report'
    ).replace('floor', 'no-leaks')}`
    const result = await run(ground.replace('NAME', 'leaks') + steps, 'gate')
    expect(result.failure).toBeNull()
    const { results } = await workspace.gates.gate(workspace.gates.gates()[0].id)
    expect(results.map(({ outcome: found, errorDetail }) => [found, errorDetail])).toEqual([
      [outcome, advice === undefined ? undefined : expect.stringContaining(advice)]
    ])
  })

  it('refuses to register another model than the one that passed', async () => {
    const steps = gate('model: good.model, evaluation: evaluate.evaluation') + register('model: bad.model, gate: gate.decision')
    const result = await run((ground + steps).replaceAll('NAME', 'swapped'), 'register')
    expect(failureOf(result, 'register')).toMatchObject({
      code: 'EVIDENCE_MISMATCH',
      message: expect.stringContaining('about another model')
    })
    expect(workspace.models.versions('swapped')).toEqual([])
  })

  it('takes no decision that a script wrote', async () => {
    const forger = `  - { id: forger, type: script, inputs: { model: good.model }, parameters: { command: [sh, -c, 'echo {} > "$DRYDOCK_OUTPUT_DECISION"'], outputs: { decision: TYPE } } }\n`
    const forged = (type: string): string =>
      (ground + forger + register('model: good.model, gate: forger.decision')).replaceAll('NAME', 'forged').replace('TYPE', type)
    const check = await workspace.pipelines.validate(forged('Report'))
    expect(check.problems).toMatchObject([{ code: 'EVIDENCE_MISMATCH', stepId: 'register', port: 'gate' }])
    await expect(workspace.pipelines.run({ yaml: forged('Report') })).rejects.toMatchObject({ code: 'EVIDENCE_MISMATCH' })
    // Nor may it say that what it wrote is a gate result.
    await expect(workspace.pipelines.run({ yaml: forged('GateResult') })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
})

describe('two evaluations of one model', () => {
  it('are two runs, and the version is of the one that the gate judged, whichever came last', async () => {
    const steps =
      gate('model: good.model, evaluation: evaluate.evaluation, quality: slow.report') + register('model: good.model, gate: gate.decision')
    // The report is ready only after both evaluations, so that the newest run of the model is the wrong one.
    const slow = `  - { id: wait, type: script, inputs: { table: cases.table, last: on_train.evaluation }, parameters: { command: [sh, -c, 'cp "$DRYDOCK_INPUT_TABLE" "$DRYDOCK_OUTPUT_TABLE"'], outputs: { table: Table } } }
  - { id: slow, type: quality-check, inputs: { table: wait.table } }\n`
    const yaml = (ground + slow + steps).replaceAll('NAME', 'twice').replaceAll('seed: 3', 'seed: 4')
    const result = await run(yaml, 'register')
    expect([result.state, result.failure]).toEqual(['succeeded', null])
    const version = workspace.models.get('twice', 1)
    const evaluation = await workspace.experiments.evaluation(version.run)
    expect(evaluation).toMatchObject({ split: 'test', subject: { model: version.modelSha256, split: 'test' } })
    const ofModel = runsOf().filter((each) => each.artifacts.some((artifact) => artifact.sha256 === version.modelSha256))
    const splits = await Promise.all(ofModel.map(async ({ id }) => (await workspace.experiments.evaluation(id))?.split))
    expect(splits.sort()).toEqual(['test', 'training'])
    expect(ofModel.map((each) => [each.id === version.run, each.gate]).sort()).toEqual([
      [false, null],
      [true, 'pass']
    ])
  })
})

describe('the model of a program', () => {
  const wrap = (inputs: string, code = ''): string =>
    `  - { id: wrap, type: script, inputs: { ${inputs} }, parameters: { command: [sh, -c, 'cp "$DRYDOCK_INPUT_BASE_DIR"/model.onnx "$DRYDOCK_INPUT_BASE_DIR"/signature.json "$DRYDOCK_OUTPUT_MODEL"/${code}'], outputs: { model: Model } } }\n`
  const judge = (test: string): string =>
    `  - { id: judge, type: evaluate, inputs: { model: wrap.model, test: ${test} }, parameters: { ${quick} } }\n`
  const own = gate('model: wrap.model, evaluation: judge.evaluation')
  const subjectOf = async (result: PipelineRun) => {
    const { sha256 } = result.steps.find(({ stepId }) => stepId === 'judge')!.outputs.find(({ port }) => port === 'evaluation')!
    return evaluationSchema.parse(JSON.parse((await workspace.context.objects.read(Sha256.parse(sha256))).toString('utf8')))
  }

  it.each([
    ['the step itself read, whatever the port is called', 'base: good.model, anything: split.test', '', 'split.test'],
    ['the model that it wraps learned from', 'base: good.model', '', 'split.train'],
    [
      'the model that it wraps learned from, though its record names another table',
      'base: good.model, rows: other.table',
      `; sed "s/\\"trainingTable\\":[ ]*{[^}]*}/\\"trainingTable\\":null/" "$DRYDOCK_INPUT_BASE_DIR"/training.json > "$DRYDOCK_OUTPUT_MODEL"/training.json`,
      'split.train'
    ]
  ])('is not judged on rows that %s', async (_, inputs, code, test) => {
    const result = await run((ground + wrap(inputs, code) + judge(test) + own).replaceAll('NAME', 'wrapped'), 'gate')
    expect([failureOf(result, 'wrap'), failureOf(result, 'judge')]).toEqual([null, null])
    const { subject } = await subjectOf(result)
    expect(subject!.trainingRows).toBe(subject!.rows)
    expect(failureOf(result, 'gate')).toMatchObject({ code: 'EVIDENCE_MISMATCH', message: expect.stringContaining('trained on') as string })
  })

  it('that does not say what it learned from passes a gate only with a warning', async () => {
    const result = await run((ground + wrap('base: good.model') + judge('split.test') + own).replaceAll('NAME', 'wrapped'), 'gate')
    expect(await subjectOf(result)).toMatchObject({ rowsShared: null, subject: { trainingRows: null, separated: true } })
    const report = await workspace.gates.gate(workspace.gates.gates()[0].id)
    expect(report).toMatchObject({ outcome: 'pass', results: [{ rule: 'independent-rows', severity: 'warn', outcome: 'fail' }, {}] })
    expect(report.reason).toContain('1 warning rule does not hold')
  })

  it('that says what it learned from is held against that table, like one of ours', async () => {
    const says = `; printf "{\\"trainingTable\\":{\\"sha256\\":\\"%s\\"}}" $(sha256sum "$DRYDOCK_INPUT_ROWS" | cut -c1-64) > "$DRYDOCK_OUTPUT_MODEL"/training.json`
    const steps = wrap('base: good.model, rows: split.train', says) + judge('split.test') + own
    const result = await run((ground + steps).replaceAll('NAME', 'declared'), 'gate')
    const { subject, rowsShared } = await subjectOf(result)
    expect([rowsShared, subject!.separated]).toEqual([0, true])
    expect(subject!.trainingRows).toBe(
      result.steps.find(({ stepId }) => stepId === 'split')!.outputs.find(({ port }) => port === 'train')!.sha256
    )
    const report = await workspace.gates.gate(workspace.gates.gates()[0].id)
    expect(report).toMatchObject({ outcome: 'pass', results: [{ rule: 'judged' }] })
  })

  it('claims what it likes in records of our form: they are kept as its claims, and no gate counts them', async () => {
    const text = readFileSync(join(fixtures, 'boastful-folds.json'), 'utf8')
    // It would count if it were taken for one of ours.
    crossValidationSchema.parse(JSON.parse(text))
    const path = join(folder.path, 'folds.json')
    writeFileSync(path, text)
    const copies = `; cp "$DRYDOCK_INPUT_BASE_DIR"/training.json "$DRYDOCK_OUTPUT_MODEL"/; cp "${path}" "$DRYDOCK_OUTPUT_MODEL"/cross-validation.json; echo "{}" > "$DRYDOCK_OUTPUT_MODEL"/parity.json; echo "{}" > "$DRYDOCK_OUTPUT_MODEL"/calibration.json; echo "{}" > "$DRYDOCK_OUTPUT_MODEL"/decision.json`
    workspace.policies.set(
      'boast',
      policy.replace('name: floor', 'name: boast').replace('evaluation.rows > 10.0', 'metrics.cv_auc > 0.9 && model.parity < 0.001')
    )
    const held = gate('model: wrap.model, evaluation: judge.evaluation').replace('policy: floor', 'policy: boast')
    const result = await run(
      (ground + wrap('base: good.model, rows: split.train', copies) + judge('split.test') + held).replaceAll('NAME', 'boast'),
      'gate'
    )
    expect(result.steps.flatMap(({ failure }) => failure?.message ?? [])).toEqual([])
    const report = await workspace.gates.gate(workspace.gates.gates()[0].id)
    expect(report.outcome).toBe('fail')
    expect(report.results.find(({ rule }) => rule === 'judged')!.errorDetail).toMatch(/only the script that left the model says so/)
    const made = runsOf().find(({ artifacts }) => artifacts.some(({ name }) => name === 'claimed-cross-validation.json'))!
    const kinds = Object.fromEntries(made.artifacts.map(({ name, kind }) => [name, kind]))
    expect(kinds).toMatchObject({
      'claimed-cross-validation.json': 'file',
      'claimed-training.json': 'file',
      'claimed-parity.json': 'file',
      // Which table it learned from a program may declare.
      'training.json': 'file'
    })
    expect(kinds).toMatchObject({ 'claimed-calibration.json': 'file', 'claimed-decision.json': 'file' })
    expect(await workspace.experiments.settled(made.id)).toEqual({ calibration: null, decision: null, intervals: null, measured: null })
    expect(Object.keys(kinds)).not.toContain('cross-validation.json')
    expect(Object.keys(made.metrics).filter((name) => name.startsWith('cv_'))).toEqual([])
  })

  it('is the same only with the same files: neither its evaluation nor its gate stands for the one that it wraps', async () => {
    const over = (inputs: string): string =>
      (ground + wrap('base: good.model') + judge('split.test') + gate(inputs)).replaceAll('NAME', 'files')
    const crossed = await run(over('model: good.model, evaluation: judge.evaluation'), 'gate')
    expect(failureOf(crossed, 'gate')).toMatchObject({ message: expect.stringContaining('with other files') as string })
    const passed = over('model: good.model, evaluation: evaluate.evaluation') + register('model: wrap.model, gate: gate.decision')
    const registered = await run(passed.replaceAll('NAME', 'files'), 'register')
    expect(failureOf(registered, 'register')).toMatchObject({ message: expect.stringContaining('about another manifest') as string })
    expect(workspace.models.versions('files')).toEqual([])
  })
})

describe('rows that training and test share', () => {
  const leak = (judged: string): string => `schema: drydock.pipeline
version: 1
name: leak
steps:
  - { id: s, type: source, parameters: { dataset: adult } }
  - { id: t, type: train, inputs: { train: s.table }, parameters: { target: y, positive: 1, parameters: { trees: 40 } } }
  - { id: copy, type: sql, inputs: { s: s.table }, parameters: { query: 'SELECT * FROM s ORDER BY hours, age' } }
  - { id: e, type: evaluate, inputs: { model: t.model, test: ${judged} }, parameters: { ${quick} } }
  - { id: g, type: gate, inputs: { model: t.model, evaluation: e.evaluation }, parameters: { policy: floor } }
`
  const evaluationOf = async (result: PipelineRun, step: string) => {
    const { run: id } = workspace.context.ledger.get<{ run: RunId }>(
      "SELECT run FROM produced WHERE run_id = ? AND step_id = ? AND port = 'evaluation'",
      result.id,
      step
    )!
    return (await workspace.experiments.evaluation(id))!
  }

  it('an evaluation over the training table may be made, says so, and opens no gate', async () => {
    const result = await run(leak('s.table'))
    expect(failureOf(result, 'e')).toBeNull()
    const evaluation = await evaluationOf(result, 'e')
    expect(evaluation.subject!.rows).toBe(evaluation.subject!.trainingRows)
    expect(evaluation.rowsShared).toBe(evaluation.rows.judged)
    expect(failureOf(result, 'g')).toMatchObject({ code: 'EVIDENCE_MISMATCH' })
  })

  it('the same rows in another order are counted, and the gate blocks whatever its policy says', async () => {
    const result = await run(leak('copy.table'))
    const evaluation = await evaluationOf(result, 'e')
    expect(evaluation.subject!.rows).not.toBe(evaluation.subject!.trainingRows)
    expect(evaluation.rowsShared).toBe(evaluation.rows.judged)
    const report = await workspace.gates.gate(workspace.gates.gates()[0].id)
    expect(report).toMatchObject({
      outcome: 'fail',
      results: [
        { rule: 'independent-rows', severity: 'block' },
        { rule: 'judged', outcome: 'pass' }
      ]
    })
  })

  it('rows that two queries drew from one table are not known to be apart, though none is equal', async () => {
    const part = (name: string, test: string): string =>
      `  - { id: ${name}, type: sql, inputs: { cases: cases.table }, parameters: { query: "SELECT * FROM cases WHERE id % 3 ${test} 0" } }\n`
    const yaml = ground.replace(/  - { id: split,.*\n/, part('train', '<>') + part('test', '=')).replaceAll('split.train', 'train.table')
    const steps =
      yaml.replaceAll('split.test', 'test.table').replace('NAME', 'drawn') + gate('model: good.model, evaluation: evaluate.evaluation')
    const result = await run(steps, 'gate')
    expect(await evaluationOf(result, 'evaluate')).toMatchObject({ rowsShared: 0, subject: { separated: false } })
    const report = await workspace.gates.gate(workspace.gates.gates()[0].id)
    expect(report).toMatchObject({ outcome: 'pass', results: [{ rule: 'independent-rows', severity: 'warn', outcome: 'fail' }, {}] })
  })

  it('a table that holds rows of both sides is made of both, also behind a step that only passes it on', async () => {
    const both = 'SELECT * FROM a UNION ALL SELECT * REPLACE (id + 5000 AS id, x + 0.25 AS x) FROM b'
    const passed = `  - { id: mixed, type: sql, inputs: { a: split.test, b: split.train }, parameters: { query: "${both}" } }
  - { id: passed, type: quality-check, inputs: { table: mixed.table } }
  - { id: apart, type: quality-check, inputs: { table: split.test, test: split.train } }
  - { id: over_both, type: evaluate, inputs: { model: good.model, test: passed.table }, parameters: { ${quick} } }
  - { id: over_test, type: evaluate, inputs: { model: good.model, test: apart.table }, parameters: { ${quick}, threshold: 0.4 } }\n`
    const result = await run(ground.replace('NAME', 'passed') + passed)
    expect((await evaluationOf(result, 'over_both')).subject).toMatchObject({ separated: false })
    expect((await evaluationOf(result, 'over_test')).subject).toMatchObject({ separated: true })
  })

  it('rows of the training under other numbers are told by what the model sees of them, and a gate warns', async () => {
    const other = `  - { id: other_ids, type: sql, inputs: { t: split.train }, parameters: { query: "SELECT * REPLACE (id + 5000 AS id) FROM t" } }
  - { id: again, type: evaluate, inputs: { model: good.model, test: other_ids.table }, parameters: { ${quick} } }\n`
    const result = await run(ground.replace('NAME', 'renumbered') + other + gate('model: good.model, evaluation: again.evaluation'), 'gate')
    const { rowsShared, rowsAlike, rows } = await evaluationOf(result, 'again')
    expect([rowsShared, rowsAlike]).toEqual([0, rows.judged])
    const report = await workspace.gates.gate(workspace.gates.gates()[0].id)
    expect(report).toMatchObject({ outcome: 'pass', results: [{ rule: 'independent-rows', severity: 'warn', outcome: 'fail' }, {}] })
  })

  it('are counted in the training table as it was, which is made again when it was changed after the training', async () => {
    const yaml = ground.replace('NAME', 'changed').replaceAll('seed: 3', 'seed: 5').replace('test: 0.3', 'test: 0.31')
    const trained = await run(yaml, 'good')
    const { sha256 } = trained.steps.find(({ stepId }) => stepId === 'split')!.outputs.find(({ port }) => port === 'train')!
    const path = join(folder.path, 'data', `${sha256}.arrow`)
    const whole = readFileSync(path)
    chmodSync(path, 0o644)
    writeFileSync(path, Buffer.concat([whole, Buffer.alloc(8)]))
    const result = await run(yaml, 'evaluate')
    expect(failureOf(result, 'evaluate')).toBeNull()
    expect(result.steps.find(({ stepId }) => stepId === 'split')).toMatchObject({
      cached: false,
      reason: expect.stringContaining('changed on the disk')
    })
    expect(readFileSync(path).equals(whole)).toBe(true)
    expect((await evaluationOf(result, 'evaluate')).rowsShared).toBe(0)
  })

  it('the count is that of equal rows, counted another way', async () => {
    const yaml = ground.replace('NAME', 'doubled').replaceAll('dataset: cases', 'dataset: doubled').replaceAll('exclude: [id], ', '')
    const result = await run(yaml + gate('model: good.model, evaluation: evaluate.evaluation'), 'gate')
    const evaluation = await evaluationOf(result, 'evaluate')
    const data = (sha256: string): string => `read_arrow('${join(folder.path, 'data', `${sha256}.arrow`)}')`
    const { rows, trainingRows } = evaluation.subject!
    const [{ n }] = await workspace.context.duckdb.all<{ n: number }>(
      `SELECT count(*) AS n FROM ${data(rows)} t WHERE EXISTS (SELECT 1 FROM ${data(trainingRows!)} s WHERE s.x = t.x AND s.kind = t.kind AND s.outcome = t.outcome)`
    )
    expect(Number(n)).toBeGreaterThan(2)
    expect(evaluation.rowsShared).toBe(Number(n))
    const [judged] = workspace.experiments.runs({ sort: 'startedAt', descending: true }).runs.filter((each) => each.testData === rows)
    expect(judged).toMatchObject({ trainingData: trainingRows, rowsJudged: evaluation.rows.judged, rowsShared: Number(n) })
    const report = await workspace.gates.gate(workspace.gates.gates()[0].id)
    expect(report.outcome).toBe('fail')
    expect(report.results[0].evidence[0]).toEqual({ fact: 'evaluation.rows_shared', value: Number(n), present: true })
  })
})
