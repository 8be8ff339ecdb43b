import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ColumnPatch } from '../../model/dataset'
import { commands } from '../all-commands'
import { createApplication, type Application } from '../application'

let root: string
let app: Application
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'baseline-'))
  app = createApplication({ userDirectory: join(root, 'user') })
  await app.createWorkspace(join(root, 'lab'), 'Lab')
  const lines = Array.from({ length: 600 }, (_, row) => {
    const dose = (row * 37) % 100
    const ill = (dose + ((row * 53) % 60)) / 160 > 0.55
    return `p${row},${dose},${['north', 'south', '"it""s"'][row % 3]},${ill ? 'yes' : 'no'},${ill ? 1 : 0},${['a', 'b', 'c'][row % 3]},${dose * 1.5}`
  })
  const file = join(root, 'trial.csv')
  writeFileSync(file, ['patient,dose,"the ""site""",ill,flag,arm,level', ...lines].join('\n'))
  await app.do(commands.datasets.import, { path: file, options: { name: 'trial data' } })
})
afterAll(async () => {
  await app.close()
  rmSync(root, { recursive: true })
})
const draft = (target: string, more: { event?: string | number | boolean; task?: 'binary' } = {}) =>
  app.pipelines.baseline({ dataset: 'trial data', target, name: 'tabular', ...more })

describe('the documents of a first model', () => {
  it('hold without a problem, and the policy passes its own tests', async () => {
    const { pipeline, policy, columns, event } = await draft('ill')
    // The evaluation follows what is decided for the model, also once a step decide is added.
    expect(pipeline).not.toContain('threshold')
    expect(event).toBe('yes')
    expect(columns).toEqual([{ name: 'ill', role: 'target', knownWhen: 'after' }])
    const { problems, tests } = await app.policies.check(policy)
    expect(problems).toEqual([])
    expect(tests.map(({ name, passed }) => [name, passed])).toEqual(tests.map(({ name }) => [name, true]))
    app.do(commands.datasets.setColumns, { ref: app.datasets.get('trial data').version.ref, columns })
    await app.do(commands.policies.save, { text: policy })
    const check = await app.pipelines.validate(pipeline)
    expect(check.problems).toEqual([])
    const read = check.columns?.find(({ stepId }) => stepId === 'train')
    expect([read?.isOpen, read?.columns.find(({ name }) => name === 'ill'), read?.columns.find(({ name }) => name === 'dose')]).toEqual([
      false,
      { name: 'ill', role: 'target', type: 'VARCHAR' },
      { name: 'dose', role: 'feature', type: expect.stringMatching(/INT/) }
    ])
  })

  it('lead to a version, whatever the gate says', async () => {
    const { pipeline, policy } = await draft('ill')
    await app.do(commands.policies.save, { text: policy })
    const { runId } = await app.do(commands.pipelines.run, { yaml: pipeline })
    const run = await app.pipelines.finished(runId)
    expect(run.failure).toBeNull()
    const [version] = app.models.versions('tabular')
    expect(await app.pipelines.runReports('trial data')).toMatchObject([
      {
        runId,
        pipeline: 'tabular',
        stepId: 'quality',
        target: 'ill',
        dataset: app.datasets.get('trial data').version.ref,
        counts: { error: expect.any(Number) }
      }
    ])
    expect(await app.pipelines.runReports('plain')).toEqual([])
    expect(version.stage).toBe('draft')
    expect(['pass', 'fail']).toContain(version.gate?.outcome)
  }, 60_000)

  it.each([
    ['group', { by: 'group', column: 'the "site"' }],
    ['time', { by: 'time', column: 'dose' }],
    ['neither', { by: 'random', column: null }]
  ] as const)('say how the test rows are held back, as the split of the run then does: %s', async (role, held) => {
    const columns = held.column === null ? [] : [{ source: held.column, role: held.by }]
    const file = join(root, `${role}.csv`)
    const lines = Array.from({ length: 80 }, (_, row) => `${row},${row % 8},${row % 3 ? 'no' : 'yes'}`)
    writeFileSync(file, ['dose,"the ""site""",ill', ...lines].join('\n'))
    await app.do(commands.datasets.import, { path: file, options: { name: role, columns } })
    const { heldBack, pipeline, policy } = await app.pipelines.baseline({ dataset: role, target: 'ill', name: role })
    expect(heldBack).toEqual({ ...held, share: 0.25 })
    await app.do(commands.policies.save, { text: policy })
    const { runId } = await app.do(commands.pipelines.run, { yaml: pipeline, targetStep: 'split' })
    await app.pipelines.finished(runId)
    const { value } = (await app.pipelines.preview(runId, 'split', 'report')) as unknown as { value: unknown }
    expect(value).toMatchObject({ by: held.by, column: held.column, asked: { test: 0.25 } })
  })

  it.each([
    ['flag', 1],
    ['ill', 'yes']
  ])('take the plain event of %s', async (target, event) => expect((await draft(target)).event).toBe(event))

  it('refuse a target that is not there, has no plain event, or is a measured number, with the next step', async () => {
    await expect(draft('dosis')).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('It has patient, dose') })
    const open = await draft('arm', { task: 'binary' })
    expect(open).toMatchObject({ event: null, doubt: expect.stringContaining('It has 3: "a", "b", "c"'), values: ['a', 'b', 'c'] })
    expect(await draft('arm', { event: 'b' })).toMatchObject({ task: 'binary', event: 'b' })
    await expect(draft('arm', { event: 'x' })).rejects.toMatchObject({ message: expect.stringContaining('does not occur') })
    expect(await draft('level', { task: 'binary' })).toMatchObject({ doubt: expect.stringContaining('is a number with'), values: [] })
  })

  it.each([
    ['arm', 'multiclass', 'task: multiclass'],
    ['level', 'regression', 'task: regression'],
    ['ill', 'binary', 'positive: "yes"']
  ] as const)('ask of %s the question that its values ask: %s', async (target, task, told) => {
    const made = await draft(target)
    expect(made).toMatchObject({ task, doubt: null, pipeline: expect.stringContaining(told) })
    // A random split gives every part its share of each class or range; of a yes or no it is as it was.
    expect([made.heldBack.stratify, made.pipeline.includes(`stratify: "${target}"`)]).toEqual(
      task === 'binary' ? [undefined, false] : [target, true]
    )
    // Classes may be many numbers, which are no amounts.
    expect(/stratify: "\w+"\n {6}ranges: 0\n/.test(made.pipeline)).toBe(task === 'multiclass')
    const { problems: found } = await app.pipelines.validate(made.pipeline)
    expect(found.filter(({ code }) => code !== 'COLUMN_ROLE')).toEqual([])
    const { problems, tests } = app.policies.check(made.policy)
    expect([problems, tests.filter(({ passed }) => !passed)]).toEqual([[], []])
  })

  it('suggest what to predict: the column of that role, else the last of two values, a boolean before others', async () => {
    const { columns, suggested } = await app.pipelines.baselineTargets('trial data')
    expect(columns.map(({ name, role }) => `${name} ${role}`)).toContain('level feature')
    // An earlier test gave it the role.
    expect(suggested).toBe('ill')
    const file = join(root, 'plain.csv')
    const row = (index: number) => `${index},${index % 2 ? 'true' : 'false'},${index % 2 ? 'a' : 'b'},${index * 0.5}`
    writeFileSync(file, ['n,paid,side,weight', ...Array.from({ length: 40 }, (_, index) => row(index))].join('\n'))
    await app.do(commands.datasets.import, { path: file, options: { name: 'plain' } })
    expect((await app.pipelines.baselineTargets('plain')).suggested).toBe('paid')
    app.do(commands.datasets.setColumns, { ref: app.datasets.get('plain').version.ref, columns: [{ name: 'paid', role: 'ignored' }] })
    expect((await app.pipelines.baselineTargets('plain')).suggested).toBe('side')
    app.do(commands.datasets.setColumns, { ref: app.datasets.get('plain').version.ref, columns: [{ name: 'side', role: 'ignored' }] })
    expect((await app.pipelines.baselineTargets('plain')).suggested).toBeNull()
  })

  it('are a new version of the pipeline of an earlier baseline, take a free name beside the work of others, and leave edits and policy alone', async () => {
    const file = join(root, 'cases.csv')
    writeFileSync(
      file,
      ['x,site,hit,late', ...Array.from({ length: 60 }, (_, row) => `${row},s${row % 6},${row % 2},${row % 3 ? 1 : 0}`)].join('\n')
    )
    const { version } = await app.do(commands.datasets.import, { path: file, options: { name: 'Cases' } })
    const made = (target: string) => app.pipelines.baseline({ dataset: 'Cases', target })
    const save = (yaml: string) => app.do(commands.pipelines.save, { yaml })
    const first = await made('hit')
    expect([first.name, first.again]).toEqual(['cases-baseline', null])
    await app.do(commands.policies.save, { text: first.policy })
    await save(first.pipeline)

    expect(await made('hit')).toMatchObject({
      name: 'cases-baseline',
      again: { versions: 1, isSame: true, isEdited: false, keepsPolicy: true }
    })
    expect((await made('late')).name).toBe('cases-baseline-2')
    // Another role is another way to divide the rows: the same baseline, written anew.
    app.do(commands.datasets.setColumns, { ref: version.ref, columns: [{ name: 'site', role: 'group' }] })
    const second = await made('hit')
    expect(second.again).toMatchObject({ versions: 1, isSame: false, isEdited: false })
    await save(second.pipeline)
    expect(app.pipelines.summary('cases-baseline').versions).toBe(2)

    await save(second.pipeline.replace('algorithm: gradient-boosting', 'algorithm: logistic-regression'))
    const third = await made('hit')
    expect([third.pipeline, third.again]).toEqual([second.pipeline, { versions: 3, isSame: false, isEdited: true, keepsPolicy: true }])
    await app.do(commands.pipelines.saveDraft, { name: 'cases-baseline', yaml: 'half a thought' })
    const beside = await made('hit')
    expect([beside.name, beside.again]).toEqual(['cases-baseline-2', null])
    app.do(commands.pipelines.discardDraft, { name: 'cases-baseline' })
    expect((await made('hit')).name).toBe('cases-baseline')

    await save(
      first.pipeline
        .replace('name: cases-baseline', 'name: cases-baseline-2')
        .replaceAll('id: quality', 'id: look')
        .replace('quality.report', 'look.report')
    )
    expect((await made('late')).name).toBe('cases-baseline-3')
    app.do(commands.pipelines.remove, { name: 'cases-baseline' })
    expect((await made('hit')).name).toBe('cases-baseline-3')
  })

  it('of classes that are numbers split each class by itself, and one that an earlier Drydock wrote is not taken as edited', async () => {
    const file = join(root, 'codes.csv')
    writeFileSync(file, ['x,code', ...Array.from({ length: 600 }, (_, row) => `${(row * 37) % 101},${100 + (row % 30)}`)].join('\n'))
    await app.do(commands.datasets.import, { path: file, options: { name: 'codes' } })
    const made = () => app.pipelines.baseline({ dataset: 'codes', target: 'code', task: 'multiclass' })
    const { pipeline, heldBack } = await made()
    expect(heldBack.stratify).toBe('code')
    await app.do(commands.pipelines.save, { yaml: pipeline.replace('      ranges: 0\n', '') })
    expect((await made()).again).toMatchObject({ versions: 1, isSame: false, isEdited: false })
    const { runId } = await app.do(commands.pipelines.run, { yaml: pipeline, targetStep: 'split' })
    await app.pipelines.finished(runId)
    const { value } = (await app.pipelines.preview(runId, 'split', 'report')) as unknown as { value: unknown }
    expect(value).toMatchObject({ stratify: 'code', parts: { test: 150, train: 450 } })
    expect(value).not.toHaveProperty('ranges')
    expect((await made()).again).toMatchObject({ isSame: true, isEdited: false })
  })

  it.each([
    { target: 'arm', task: 'multiclass', own: 'trial-data-baseline', fixture: 'baseline-of-classes.txt' },
    { target: 'level', task: 'regression', own: 'trial-data-baseline-2', fixture: 'baseline-of-amounts.txt' }
  ] as const)(
    'of $task are brought up to date where one stands that looked for no leaks and split by chance',
    async ({ target, task, own, fixture }) => {
      // The text that the template wrote before it did either.
      const yaml = readFileSync(new URL(`fixtures/${fixture}`, import.meta.url), 'utf8')
      expect(yaml).not.toContain('stratify')
      await app.do(commands.pipelines.save, { yaml })
      const made = () => app.pipelines.baseline({ dataset: 'trial data', target, task })
      const { name, pipeline, again } = await made()
      expect([name, again]).toMatchObject([own, { versions: 1, isSame: false, isEdited: false }])
      expect(pipeline).toContain(`      target: "${target}"\n      task: ${task}\n      columnsOf: "trial data"`)
      await app.do(commands.pipelines.save, { yaml: yaml.replace('test: 0.25', 'test: 0.3') })
      expect((await made()).again).toMatchObject({ versions: 2, isEdited: true })
      await app.do(commands.pipelines.save, { yaml: pipeline })
      expect((await made()).again).toMatchObject({ versions: 3, isSame: true, isEdited: false })
      // What no version of the template wrote is an edit.
      await app.do(commands.pipelines.save, { yaml: pipeline.replace(`      task: ${task}\n      columnsOf`, '      columnsOf') })
      expect((await made()).again).toMatchObject({ isEdited: true })
    }
  )

  it('tell which columns give the target away, as soon as a quality report of the version looked for it', async () => {
    const file = join(root, 'leaky.csv')
    const lines = Array.from(
      { length: 400 },
      (_, row) => `${(row * 37) % 100},${row % 3 ? 0 : 50 + (row % 7)},d${row % 5},${row % 3 ? 'no' : 'yes'}`
    )
    writeFileSync(file, ['x,fee,day,ill', ...lines].join('\n'))
    const { version } = await app.do(commands.datasets.import, { path: file, options: { name: 'leaky' } })
    const leaks = async () => (await app.pipelines.baseline({ dataset: 'leaky', target: 'ill' })).leaks
    expect(await leaks()).toBeNull()
    // A report about something else says nothing of this.
    await app.do(commands.quality.run, { ref: version.ref, options: { target: { column: 'x' } } })
    expect(await leaks()).toBeNull()
    const { id } = await app.do(commands.quality.run, { ref: version.ref, options: { target: { column: 'ill' } } })
    expect(await leaks()).toMatchObject({ report: id, findings: [{ columns: ['fee'], severity: 'error' }] })
    // What a training leaves out leaks nothing, and what no report looked at is not known.
    const declare = (knownWhen: 'before' | 'after') =>
      app.do(commands.datasets.setColumns, { ref: version.ref, columns: [{ name: 'fee', knownWhen }] })
    declare('after')
    expect(await leaks()).toEqual({ report: id, findings: [] })
    const after = await app.do(commands.quality.run, { ref: version.ref, options: { target: { column: 'ill' } } })
    expect(await leaks()).toEqual({ report: after.id, findings: [] })
    declare('before')
    expect(await leaks()).toMatchObject({ report: id, findings: [{ columns: ['fee'] }] })
  })

  it('of an amount pass no gate while a column gives it away, and split its ranges alike', async () => {
    const rows = Array.from({ length: 480 }, (_, row) => {
      const [size, chance] = [(row * 37) % 113, (row * 7919) % 101]
      const price = 20 + size * 3 + chance
      return `${size},${chance % 4 ? 'new' : 'old'},${(price / 1.19).toFixed(3)},${price}`
    })
    const file = join(root, 'prices.csv')
    writeFileSync(file, ['size,state,net,price', ...rows].join('\n'))
    const { version } = await app.do(commands.datasets.import, { path: file, options: { name: 'prices' } })
    const leakRule = async (columns: ColumnPatch[]) => {
      app.do(commands.datasets.setColumns, { ref: version.ref, columns })
      const made = await app.pipelines.baseline({ dataset: 'prices', target: 'price', name: 'prices' })
      if (made.columns.length > 0) app.do(commands.datasets.setColumns, { ref: version.ref, columns: made.columns })
      await app.do(commands.policies.save, { text: made.policy })
      const { runId } = await app.do(commands.pipelines.run, { yaml: made.pipeline })
      const run = await app.pipelines.finished(runId)
      expect(run.failure).toBeNull()
      const { value } = (await app.pipelines.preview(runId, 'split', 'report')) as unknown as {
        value: { ranges: { parts: { test: number; train: number } }[] }
      }
      expect(value.ranges.map(({ parts }) => parts.test)).toEqual(new Array(10).fill(12))
      const report = await app.policies.gate(app.policies.gates()[0]!.id)
      return report.results.find(({ rule }) => rule === 'no-leakage')!
    }
    const leaking = await leakRule([{ name: 'net', knownWhen: 'before' }])
    expect([leaking.outcome, leaking.findings?.map(({ columns }) => columns)]).toEqual(['fail', [['net']]])
    expect((await leakRule([{ name: 'net', knownWhen: 'after' }])).outcome).toBe('pass')
  }, 90_000)

  it('name columns whatever they hold', async () => {
    const { pipeline } = await draft('the "site"', { event: 'it"s' })
    expect((await app.pipelines.validate(pipeline)).document?.steps.find(({ id }) => id === 'train')?.parameters).toMatchObject({
      target: 'the "site"',
      positive: 'it"s'
    })
  })
})
