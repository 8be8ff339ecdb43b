import { copyFileSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evaluationSchema } from '../../../../model/evaluation'
import { externalScorerSchema } from '../../../../model/external-scorer'
import { importedModelSchema } from '../../../../model/imported-model'
import { explanationSchema } from '../../../../model/explanation'
import type { Sha256 } from '../../../../model/reference'
import { scoreFile } from '../../../scoring'
import { readSignature, startScorer } from '../../../training'
import { casesStep, evaluateStep, gateStep, pipelineOf, registerStep, splitStep, stepText } from '../../fixtures/pipeline-texts'
import { openPipelineWorkspace, temporaryFolder, type PipelineWorkspace } from '../../fixtures/pipeline-workspace'

const fixtures = join(__dirname, '..', '..', '..', 'imported-models', 'fixtures')
/** A rule of thumb in a program of its own: no ONNX of it exists. */
const thumb = `
const fs = require('fs')
const weights = JSON.parse(fs.readFileSync('weights.json', 'utf8'))
const [names, ...rows] = fs.readFileSync(process.env.DRYDOCK_INPUT_ROWS, 'utf8').trim().split('\\n').map((line) => line.split(','))
const at = (row, name) => Number(row[names.indexOf(name)] || 0)
const score = (row) => 1 / (1 + Math.exp(-(weights.base + weights.debt * at(row, 'debt') + weights.income * at(row, 'income'))))
fs.writeFileSync(process.env.DRYDOCK_OUTPUT_SCORES, 'score\\n' + rows.map(score).join('\\n') + '\\n')
`
let folder: ReturnType<typeof temporaryFolder>
let workspace: PipelineWorkspace
beforeAll(async () => {
  folder = temporaryFolder()
  workspace = await openPipelineWorkspace(folder.path)
  copyFileSync(join(fixtures, 'loans.csv'), join(folder.path, 'data', 'loans.csv'))
  await workspace.addDataset('cases', `SELECT * FROM read_csv('${join(folder.path, 'data', 'loans.csv')}', types = {'default': 'VARCHAR'})`)
  writeFileSync(join(folder.path, 'code', 'thumb.js'), thumb)
  writeFileSync(join(folder.path, 'code', 'weights.json'), '{ "base": 0.6, "debt": 0.12, "income": -0.045 }')
  const policy = (name: string, expression: string): unknown =>
    workspace.policies.set(
      name,
      `schema: drydock.policy
version: 1
name: ${name}
title: ${name}
rules:
  - { id: rule, title: The rule, severity: block, expression: '${expression}', message: It is a program. }
`
    )
  policy('ranks', 'metrics.auc >= 0.6 && !model.portable')
  policy('portable', 'model.portable')
})
afterAll(async () => {
  await workspace.close()
  folder.remove()
})

const command = (...words: string[]): string => JSON.stringify([process.execPath, ...words])
const scorerStep = (parameters: string): string =>
  `  - id: thumb\n    type: external-scorer\n    inputs: { rows: split.train }\n    parameters: { target: default, ${parameters} }\n`
const whole = (policy: string, name: string): string =>
  pipelineOf(
    'external',
    casesStep,
    splitStep('cases.table'),
    scorerStep(`command: ${command('thumb.js')}, code: [thumb.js, weights.json], columns: [income, debt, region]`),
    evaluateStep('bootstrapSamples: 50, latencyCalls: 3', 'thumb.model'),
    `  - { id: why, type: explain, inputs: { model: thumb.model, rows: split.test }, parameters: { rows: 3 } }\n`,
    gateStep(policy, { model: 'thumb.model' }),
    registerStep(name, 'thumb.model')
  )
const failures = (run: Awaited<ReturnType<PipelineWorkspace['run']>>): string[] =>
  run.steps.flatMap((step) => (step.failure ? [`${step.stepId}: ${step.failure.message}`] : []))
const bytesOf = async (kind: string): Promise<{ text: string; sha256: string }> => {
  const run = workspace.experiments.run(workspace.models.get('thumb', 1).run)
  const { sha256 } = run.artifacts.find((artifact) => artifact.kind === kind)!
  return { text: (await workspace.context.objects.read(sha256)).toString('utf8'), sha256 }
}

describe('a model without ONNX form', () => {
  it('is judged, explained, gated and registered, and says that it is not portable', async () => {
    expect(failures(await workspace.run(whole('ranks', 'thumb')))).toEqual([])
    const version = workspace.models.get('thumb', 1)
    const scorer = await bytesOf('model')
    expect(version.modelSha256).toBe(scorer.sha256)
    const { files, scores, program } = externalScorerSchema.parse(JSON.parse(scorer.text))
    expect(files.map(({ path }) => path)).toEqual(['thumb.js', 'weights.json'])
    expect(files[0]!.text).toBe(thumb)
    expect(scores).toEqual(['score'])
    expect(program!.version).toBe(process.version.replace(/^v/, ''))
    const record = importedModelSchema.parse(JSON.parse((await bytesOf('import')).text))
    expect(record.external!.command).toEqual([process.execPath, 'thumb.js'])
    const evaluation = evaluationSchema.parse(JSON.parse((await bytesOf('evaluation')).text))
    expect(evaluation.rows.judged).toBe(72)
    expect(evaluation.latency.calls).toBe(3)
    const explanation = explanationSchema.parse(JSON.parse((await bytesOf('explanation')).text))
    expect(explanation).toMatchObject({ method: 'kernel' })
    const run = workspace.experiments.run(version.run)
    expect(run.parameters).toMatchObject({ portable: 'false' })
  })

  it('is shown as a program by a pipeline that names it', async () => {
    const yaml = pipelineOf('again', casesStep, stepText('evaluate', 'evaluate', 'test: cases.table', 'model: thumb@1, latencyCalls: 3'))
    const { programs, digest } = await workspace.pipelines.programs({ yaml }, {})
    expect(programs).toEqual([{ stepId: 'evaluate', command: expect.stringMatching(/ thumb\.js$/), files: ['thumb.js', 'weights.json'] }])
    await expect(workspace.run(yaml, { programs: 'a'.repeat(64) as never })).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(failures(await workspace.run(yaml, { programs: digest }))).toEqual([])
  })

  it('is held back by a policy that asks for a graph', async () => {
    expect(failures(await workspace.run(whole('portable', 'held'))).join()).toMatch(/"held" was not registered: the policy "portable"/)
  })

  it('starts for nobody who was not asked', async () => {
    const { sha256 } = await bytesOf('model')
    const path = workspace.context.objects.pathOf(sha256 as never)
    const file = join(folder.path, 'signature.json')
    writeFileSync(file, (await bytesOf('signature')).text)
    const signature = await readSignature(path, file)
    await expect(startScorer(path, signature)).rejects.toMatchObject({
      code: 'POLICY_DENIED',
      message: expect.stringMatching(/external scorer: it starts ".*thumb\.js"\. Nothing was run/)
    })
    const changed = join(folder.path, 'scorer.json')
    writeFileSync(changed, (await bytesOf('model')).text.replace('0.12', '0.99'))
    await expect(startScorer(changed, signature, undefined, { programs: 'allowed' })).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' })
  })

  it('scores a file with reasons where that was asked', async () => {
    const { sha256 } = await bytesOf('model')
    const path = workspace.context.objects.pathOf(sha256 as never)
    const signed = join(folder.path, 'signature.json')
    writeFileSync(signed, (await bytesOf('signature')).text)
    const signature = await readSignature(path, signed)
    const file = join(folder.path, 'two.csv')
    writeFileSync(file, 'income,debt,region\n36,11.3,south\n20,30,north\n')
    const model = { name: 'thumb@1', path, sha256: sha256 as Sha256, signature, decidesFrom: 0.5, reference: { why: 'none' } }
    const asked = { file, out: join(folder.path, 'two-scores.csv'), temporary: folder.path, explain: 1 }
    const { head, report } = await scoreFile(model, { ...asked, runProgram: true })
    expect(head.rows.map((row) => Number(row[1]))).toEqual(
      [
        [36, 11.3],
        [20, 30]
      ].map(([income, debt]) => 1 / (1 + Math.exp(-(0.6 + 0.12 * debt! - 0.045 * income!))))
    )
    expect(report.reasons).toMatchObject({ method: 'kernel', count: 1 })
    await expect(scoreFile(model, asked)).rejects.toMatchObject({ code: 'POLICY_DENIED' })
  }, 60_000)

  it('scores in a pipeline, which shows the program before it starts', async () => {
    const yaml = pipelineOf('scoring', casesStep, stepText('score', 'score', 'rows: cases.table', 'model: thumb@1'))
    const { programs, digest } = await workspace.pipelines.programs({ yaml }, {})
    expect(programs).toEqual([{ stepId: 'score', command: expect.stringMatching(/ thumb\.js$/), files: ['thumb.js', 'weights.json'] }])
    const run = await workspace.run(yaml, { programs: digest })
    expect(failures(run)).toEqual([])
    const made = (stepId: string, port: string) =>
      run.steps.find((step) => step.stepId === stepId)!.outputs.find((output) => output.port === port)!
    const [scores, cases] = [made('score', 'scores'), made('cases', 'table')]
    expect(scores.rows).toBe(cases.rows)
    const read = ({ sha256 }: { sha256: string }): string => `read_arrow('${join(workspace.context.directory, 'data', `${sha256}.arrow`)}')`
    const [{ most }] = await workspace.context.duckdb.all<{ most: number }>(
      `SELECT max(abs(score - 1 / (1 + exp(-(0.6 + 0.12 * debt - 0.045 * income))))) AS most
       FROM ${read(scores)} JOIN (SELECT *, row_number() OVER () AS row FROM ${read(cases)}) USING (row)`
    )
    expect(most).toBeLessThan(1e-12)
  }, 60_000)

  it.each<[string, string, RegExp]>([
    [
      'words and scores without end',
      `for (let i = 0; i < 300; i++) console.log('x'.repeat(6000)); process.stdout.write('the end\\n'); require('fs').writeFileSync(process.env.DRYDOCK_OUTPUT_SCORES, 'score\\n'.repeat(300_000))`,
      /wrote 1,800,000 bytes .* more than enough for 168 rows.*x \/ the end/s
    ],
    ['no scores', '', /ended without writing its scores to \$DRYDOCK_OUTPUT_SCORES/],
    ['too few', `require('fs').writeFileSync(process.env.DRYDOCK_OUTPUT_SCORES, 'score\\n0.5\\n')`, /they have 1 lines for 168 rows/],
    [
      'another column',
      `require('fs').writeFileSync(process.env.DRYDOCK_OUTPUT_SCORES, 'points\\n0.5\\n')`,
      /no column "score" \(but points\)/
    ],
    ['texts', thumb.replace('rows.map(score)', 'rows.map(() => "high")'), /"score" is "high" in row 1, which is no number/],
    ['no probabilities', thumb.replace('1 / (1 +', '10 / (1 +'), /which are no probabilities/],
    [
      'other rows count',
      thumb.replace('rows.map(score)', 'rows.map((row) => score(row) / (rows.length > 1 ? 2 : 1))'),
      /alone and as .* beside others/
    ],
    ['a crash', `process.stderr.write('no weights today\\n'); process.exit(3)`, /ended with exit code 3.*no weights today/],
    ['no end', `while (true);`, /did not finish a batch of rows in 2 seconds/],
    [
      'a way out',
      `require('fs').writeFileSync(${JSON.stringify(join(__dirname, 'left-behind'))}, 'x')`,
      // A checkout below /tmp is not even seen there.
      /read-only file system|EROFS|EACCES|ENOENT/
    ]
  ])('that gives %s is refused, and nothing is registered', async (_, code, message) => {
    const files = `files: { thumb.js: ${JSON.stringify(code)} }`
    const data = code.includes('weights.json') ? ', code: [weights.json]' : ''
    const text = pipelineOf(
      'refused',
      casesStep,
      splitStep('cases.table'),
      scorerStep(`command: ${command('thumb.js')}, ${files}${data}, columns: [income, debt], seconds: 2`),
      registerStep('never', 'thumb.model').replace(', gate: gate.decision', '').replace('name: never', 'name: never, requireGate: false')
    )
    expect(failures(await workspace.run(text)).join()).toMatch(message)
    expect(workspace.models.list().some(({ name }) => name === 'never')).toBe(false)
    expect(existsSync(join(__dirname, 'left-behind'))).toBe(false)
  })
})
