import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenPanel, RowValues } from '../../../model/what-if'
import { readFrame } from '../../frames'
import { casesStep, pipelineOf, stepText } from '../../pipelines/fixtures/pipeline-texts'
import { openPipelineWorkspace, temporaryFolder, type PipelineWorkspace } from '../../pipelines/fixtures/pipeline-workspace'
import { explainCommands } from '../commands'
import { createExplaining, type ExplainingWriter } from '../explaining'
import { explainRun } from '../explain-run'
import { knownModel } from '../known-model'
import { Panels } from './panels'
import { WhatIf } from './what-if'
import type { RunId } from '../../../model/reference'

let folder: ReturnType<typeof temporaryFolder>
let workspace: PipelineWorkspace
let explaining: ExplainingWriter & { close(): void }
let run: RunId
const trust = { restricted: false }
beforeAll(async () => {
  folder = temporaryFolder()
  workspace = await openPipelineWorkspace(folder.path)
  await workspace.addDataset(
    'cases',
    `SELECT 'case-' || i AS case_id, 4815162000 + i AS file_number, TIMESTAMP '2026-01-01 08:30:00' + INTERVAL (i) DAY AS seen,
       (i * 7919 % 1000) / 1000.0 AS x, (i * 104729 % 997) / 997.0 AS noise, i % 2 = 0 AS even,
       CASE WHEN i % 3 = 0 THEN 'red' WHEN i % 3 = 1 THEN 'blue' ELSE NULL END AS colour,
       (i * 7919 % 1000) / 1000.0 + CAST('0x' || substr(md5('n' || i), 1, 4) AS INTEGER) / 65536.0 > 0.9 AS outcome
     FROM (SELECT range AS i FROM range(900))`,
    { roles: { outcome: 'target', case_id: 'identifier', file_number: 'identifier', seen: 'identifier' } }
  )
  const made = await workspace.run(
    pipelineOf(
      'job',
      casesStep,
      stepText('split', 'split', 'table: cases.table', 'test: 0.3, seed: 1, by: random'),
      stepText('train', 'train', 'train: split.train', 'target: outcome, parameters: { trees: 40, minRowsPerLeaf: 10 }, seed: 3'),
      stepText('evaluate', 'evaluate', 'model: train.model, test: split.test', 'bootstrapSamples: 100')
    )
  )
  const failed = made.steps.flatMap((step) => step.failure?.message ?? [])
  if (failed.length > 0) throw new Error(failed.join('; '))
  run = workspace.experiments.runs({}).runs[0]!.id
  const { models, experiments } = workspace
  explaining = createExplaining(workspace.context, { models, experiments, workspace: trust })
})
afterAll(async () => {
  explaining.close()
  await workspace.close()
  folder.remove()
})

async function open(of = run): Promise<{ panel: OpenPanel; close(): Promise<unknown> }> {
  const stop = new AbortController()
  const held = explaining.panel({ run: of }, stop.signal)
  const { value } = await held.next()
  return {
    panel: value as OpenPanel,
    close: () => {
      stop.abort()
      return held.next()
    }
  }
}

describe('a model that stands open', () => {
  it('says what may be asked: the columns with what is usual, the test rows, the outcomes', async () => {
    const { panel, close } = await open()
    expect(panel).toMatchObject({ target: 'outcome', method: 'interventional', space: 'log-odds', outputs: ['true'], decidesFrom: 0.5 })
    expect(panel.rows).toMatchObject({ split: 'test' })
    expect(panel.byCosts).toBeUndefined()
    expect(panel.background.from).toBe('training rows')
    expect(panel.columns.map(({ name, kind }) => [name, kind])).toEqual([
      ['x', 'number'],
      ['noise', 'number'],
      ['even', 'boolean'],
      ['colour', 'category']
    ])
    const usual = Object.fromEntries(panel.columns.map(({ name, usual: value }) => [name, value]))
    expect(usual.x).toBeGreaterThan(0.4)
    expect(usual.x).toBeLessThan(0.6)
    expect(['red', 'blue', null]).toContain(usual.colour)
    await close()
  })

  it('answers a row of the test data as the table of contributions does, and another value with another score', async () => {
    const { panel, close } = await open()
    const asked = explaining.opened(panel.panel)
    const values = await asked.row(5)
    const model = await knownModel(workspace.context, workspace, { run })
    expect(values).toMatchObject({
      x: (await readFrame(model.judged!.table, ['x'])).columns.get('x')!.kind === 'number' && expect.any(Number)
    })
    const answer = await asked.ask({ values, row: 5 })
    expect(answer.told.narrative[0]).toMatch(/^The model gives row 5 a probability of 0\.\d+ that "outcome" is true\./)
    const sum = answer.told.features.reduce((total, { contribution }) => total + contribution, answer.told.base)
    expect(Math.abs(sum - answer.told.margin)).toBeLessThan(1e-6)
    expect(1 / (1 + Math.exp(-answer.told.margin))).toBeCloseTo(answer.told.score, 5)
    const [low, high] = await Promise.all([0.01, 0.99].map((x) => asked.ask({ values: { ...values, x }, row: 5 })))
    expect(high!.told.score - low!.told.score).toBeGreaterThan(0.5)
    expect(high!.told.narrative[0]).toMatch(/^The model gives this case/)
    // The whole table explained at once says the same of the row.
    const { explanation, artifacts } = await explaining.explainRun(run, { method: 'auto', seed: 42, rows: 100_000 })
    expect(explanation.rows).toBe(panel.rows!.count)
    expect(explanation.explained).toEqual({ table: model.judged!.sha256, split: 'test' })
    expect(explanation.narrative).toContain(`The rows are of the table ${model.judged!.sha256.slice(0, 8)}, its part "test".`)
    // Rows that it learned from say nothing of what is lost.
    const learned = await explainRun(workspace.context, { ...model, judged: undefined }, { method: 'auto', seed: 42, rows: 20 })
    expect(learned.explanation).toMatchObject({ explained: { table: model.trainingTable, split: 'training' }, permutation: null })
    expect(learned.explanation.narrative.at(-1)).toMatch(/^The rows are those that the model learned from \(table [0-9a-f]{8}\)/)
    const contributions = await readFrame(workspace.context.objects.pathOf(artifacts[1]!.sha256))
    for (const { feature, contribution } of answer.told.features) {
      const column = contributions.columns.get(feature)!
      expect(column.kind === 'number' && Math.abs(column.values[4]! - contribution)).toBeLessThan(1e-9)
    }
    await close()
  })

  it('names what training did not know, and refuses what no model takes, by the column', async () => {
    const { panel, close } = await open()
    const asked = explaining.opened(panel.panel)
    const odd: RowValues = { x: 7, noise: 0.5, even: 1, colour: 'mauve' }
    const { notes } = await asked.ask({ values: odd })
    expect(notes[0]).toMatch(/^"x" is 7; training knew 0 to 0\.99\d\.$/)
    expect(notes[1]).toMatch(/^"colour" is "mauve", which the model does not tell apart/)
    for (const [wrong, words] of [
      [{ x: 'much' }, /"x" takes numbers, not the text "much"/],
      [{ even: 3 }, /"even" is true or false/],
      [{ x: 1e300 }, /too large for "x"/],
      [{ y: 1 }, /no column "y"/]
    ] as const)
      await expect(asked.ask({ values: wrong })).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringMatching(words) })
    await expect(asked.ask({ values: odd, output: 'maybe' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(() => asked.row(10_000)).toThrow(/no row 10000/)
    // It still answers.
    expect((await asked.ask({ values: {} })).told.features.every(({ value }) => value === null)).toBe(true)
    await close()
  })

  it('finds the nearest rows on the other side of the decision, and leaves alone what must stay', async () => {
    const { panel, close } = await open()
    const asked = explaining.opened(panel.panel)
    const values = { ...(await asked.row(1)), x: 0.2, noise: 0.5 }
    const { told } = await asked.ask({ values, row: 1 })
    expect(told.score).toBeLessThan(0.5)
    const near = await asked.nearest({ values, row: 1 })
    expect(near.found[0]!.score).toBeGreaterThanOrEqual(0.5)
    const taken = Object.fromEntries(near.found[0]!.changes.map(({ feature, to }) => [feature, to]))
    expect((await asked.ask({ values: { ...values, ...taken } })).told.score).toBeCloseTo(near.found[0]!.score, 6)
    const held = await asked.nearest({ values, row: 1, rules: { x: { immutable: true } } })
    // All rows that it learned from are looked at, not the background alone.
    expect(panel.background.rows).toBe(500)
    const mauve = asked.nearest({ values, row: 1, rules: { colour: { values: ['mauve'] } } })
    await expect(mauve).rejects.toThrow(`None of the ${900 - panel.rows!.count} rows looked at has "mauve"`)
    expect(held.found.flatMap(({ changes }) => changes.map(({ feature }) => feature))).not.toContain('x')
    await close()
  })

  it('puts what was changed on the sheet, and leaves a row of the data as it is', async () => {
    const { panel, close } = await open()
    const whatIf = explaining.opened(panel.panel)
    const values = await whatIf.row(2)
    const untouched = await whatIf.sheet({ values, row: 2 }, '2026-01-01T00:00:00.000Z')
    expect(untouched).toMatchObject({ called: 'row 2' })
    expect(untouched.html).not.toContain('What was changed')
    const changed = await whatIf.sheet({ values: { ...values, x: 0.123 }, row: 2 }, '2026-01-01T00:00:00.000Z')
    expect(changed.html).toContain('Why this case got its score')
    expect(changed.html).toMatch(/began as row 2[\s\S]*0\.123/)
    await close()
  })

  it('finds rows by a value, whole or in part, and by what it answered to them', async () => {
    const { panel, close } = await open()
    const asked = explaining.opened(panel.panel)
    expect(panel.rows!.columns).toEqual(['case_id', 'file_number', 'seen', 'x', 'noise', 'even', 'colour', 'outcome'])
    // What is told of a row is what asking for it says.
    const told = async (row: number) => (await asked.ask({ values: await asked.row(row), row })).told.score
    const all = await asked.find({ by: 'highest' })
    expect(all).toMatchObject({ matches: panel.rows!.count, looked: panel.rows!.count })
    const scores = await Promise.all(Array.from({ length: panel.rows!.count }, (_, at) => told(at + 1)))
    expect(all.rows.slice(0, 5).map(({ score }) => score)).toEqual(scores.toSorted((a, b) => b - a).slice(0, 5))
    expect(all.rows[0]!.score).toBe(scores[all.rows[0]!.row - 1])
    const lowest = await asked.find({ by: 'lowest' })
    expect(lowest.rows[0]!.score).toBe(Math.min(...scores))

    const surprising = await asked.find({ by: 'surprising' })
    expect(surprising.measure).toMatch(/loss/)
    const outcomes = (await readFrame((await knownModel(workspace.context, workspace, { run })).judged!.table, ['outcome'])).columns.get(
      'outcome'
    )!
    if (outcomes.kind === 'category') throw new Error('unexpected')
    const losses = scores.map((score, row) => -Math.log(outcomes.values[row] === 1 ? score : 1 - score))
    const worst = losses.indexOf(Math.max(...losses))
    expect(surprising.rows[0]).toMatchObject({ row: worst + 1, outcome: String(outcomes.values[worst] === 1) })

    const first = (await asked.find({ by: 'value', column: 'colour', value: 'red' })).rows[0]!
    expect((await asked.row(first.row)).colour).toBe('red')
    expect(first.value).toBe('red')
    const part = await asked.find({ by: 'value', column: 'case_id', value: 'CASE-1' })
    expect(part.rows.every(({ value }) => String(value).startsWith('case-1'))).toBe(true)
    expect(part.rows.length).toBe(Math.min(30, part.matches))
    const id = String(part.rows[1]!.value)
    expect(await asked.find({ by: 'value', column: 'case_id', value: id })).toMatchObject({
      matches: 1,
      rows: [{ row: part.rows[1]!.row }]
    })
    // Numbers and times are told as people know them, and are found by what was told.
    const known = await readFrame((await knownModel(workspace.context, workspace, { run })).judged!.table, ['file_number', 'seen'])
    for (const [column, text] of [
      ['file_number', (value: number) => String(value)],
      ['seen', (value: number) => new Date(value * 1000).toISOString().slice(0, 19).replace('T', ' ')]
    ] as const) {
      const cells = known.columns.get(column)!
      if (cells.kind === 'category') throw new Error('unexpected')
      const value = text(cells.values[2]!)
      expect(value).toMatch(/^481516\d{4}$|^202[678]-\d\d-\d\d 08:30:00$/)
      expect(await asked.find({ by: 'value', column, value })).toMatchObject({ matches: 1, rows: [{ row: 3, value }] })
    }
    const { x } = await asked.row(7)
    expect((await asked.find({ by: 'value', column: 'x', value: ` ${x} ` })).rows.map(({ row }) => row)).toContain(7)
    expect(await asked.find({ by: 'value', column: 'colour', value: 'mauve' })).toMatchObject({ matches: 0, rows: [] })
    await expect(asked.find({ by: 'value', column: 'size', value: '1' })).rejects.toThrow('no column "size"')
    await close()
  })

  it('answers those who wait for an order when whoever asked first goes', async () => {
    const { panel, close } = await open()
    const asked = explaining.opened(panel.panel)
    const stop = new AbortController()
    const gone = asked.find({ by: 'highest' }, stop.signal)
    const waiting = [asked.find({ by: 'lowest' }), asked.find({ by: 'surprising' })]
    stop.abort()
    await expect(gone).rejects.toMatchObject({ code: 'CANCELLED' })
    const [lowest, surprising] = await Promise.all(waiting)
    expect(lowest).toMatchObject({ matches: panel.rows!.count, looked: panel.rows!.count })
    expect(surprising!.measure).toMatch(/loss/)
    await close()
  })

  it('puts another answer that was looked for on the sheet, with what had to stay', async () => {
    const { panel, close } = await open()
    const whatIf = explaining.opened(panel.panel)
    const { row } = (await whatIf.find({ by: 'lowest' })).rows[0]!
    const values = await whatIf.row(row)
    const near = await whatIf.nearest({ values, row, rules: { noise: { immutable: true } } })
    const at = '2026-01-01T00:00:00.000Z'
    const { html } = await whatIf.sheet({ values, row, nearest: { rules: { noise: { immutable: true } } } }, at)
    expect(html).toContain('What would have got another answer')
    expect(html).toContain('Columns that had to keep their values: noise.')
    expect(html).toContain(near.narrative.at(-1)!.split('"')[0]!)
    expect((await whatIf.sheet({ values, row }, at)).html).not.toContain('What would have got another answer')
    await close()
  })

  it('records a sheet whose panel is closed once its files are written, and that values were changed', async () => {
    const { panel, close } = await open()
    const values = { ...(await explaining.opened(panel.panel).row(2)), x: 0.123 }
    const html = join(folder.path, 'sheet.html')
    const scope = {
      explain: explaining,
      experiments: workspace.experiments,
      print: () => Promise.reject(new Error('not printed')),
      by: null
    }
    const { saveSheet } = explainCommands
    const input = { panel: panel.panel, values, row: 2, html: html as never }
    const told: unknown[] = []
    const saved = await saveSheet.work(scope, input, {
      signal: new AbortController().signal,
      onProgress: () => undefined,
      commit(write) {
        explaining.close()
        const made = write()
        told.push(saveSheet.tell!(made, input, undefined, scope))
        return made
      }
    })
    expect(() => explaining.opened(panel.panel)).toThrow(/was closed/)
    expect(saved.files.map(({ path }) => path)).toEqual([html])
    const after = { model: panel.model.sha256, sheets: ['sheet.html'], sheetSha256: saved.sha256, row: 2, changed: true }
    expect(told).toEqual([{ subject: panel.model.name, after }])
    await close()
  })

  it('begins with the class that is decided for where costs decide, and says that they do', async () => {
    await workspace.addDataset(
      'bands',
      `SELECT (i * 7919 % 5003) / 5003.0 AS x, (i * 104729 % 4999) / 4999.0 AS y,
         CASE WHEN x + noise < 0.5 THEN 'low' WHEN x + noise < 1 THEN 'middle' ELSE 'high' END AS band
       FROM (SELECT range AS i, CAST('0x' || substr(md5('k' || i), 1, 4) AS INTEGER) / 131072.0 AS noise FROM range(1500))`
    )
    const made = await workspace.run(
      pipelineOf(
        'bands',
        stepText('cases', 'source', '', 'dataset: bands'),
        stepText('apart', 'split', 'table: cases.table', 'test: 0.4, seed: 1'),
        stepText('rest', 'split', 'table: apart.test', 'test: 0.5, seed: 2'),
        stepText('train', 'train', 'train: apart.train', 'target: band, task: multiclass, parameters: { trees: 20 }, seed: 3'),
        stepText('decide', 'decide', 'model: train.model, rows: rest.train', 'by: cost, costs: { high: { low: 20 }, middle: { low: 2 } }'),
        stepText('evaluate', 'evaluate', 'model: decide.model, test: rest.test', 'bootstrapSamples: 0')
      )
    )
    expect(made.steps.flatMap((step) => step.failure?.message ?? [])).toEqual([])
    const runs = workspace.experiments.runs({}).runs.map(({ id }) => workspace.experiments.run(id))
    const decided = runs.find(({ artifacts }) =>
      ['decision.json', 'evaluation.json'].every((wanted) => artifacts.some(({ name }) => name === wanted))
    )!
    const { panel, close } = await open(decided.id)
    expect(panel).toMatchObject({ outputs: ['high', 'low', 'middle'], byCosts: true, decidesFrom: null })
    const asked = explaining.opened(panel.panel)
    const { rows } = await asked.find({ by: 'lowest' })
    const answers = await Promise.all(rows.map(async ({ row }) => asked.ask({ values: await asked.row(row), row })))
    // What came by what is decided for, in the order of the outputs; what is not named costs 1.
    const costs = [
      [0, 20, 1],
      [1, 0, 1],
      [1, 2, 0]
    ]
    for (const { told, scores } of answers) {
      const expected = panel.outputs.map((_, choice) => scores.reduce((sum, { score }, came) => sum + score * costs[came]![choice]!, 0))
      expect(told.output).toBe(panel.outputs[expected.indexOf(Math.min(...expected))])
    }
    expect(rows.some(({ output }, at) => output !== answers[at]!.told.output)).toBe(true)
    await close()
  })

  it('is closed with its reader, when nobody asked for a while, and when too many stand open', async () => {
    const first = await open()
    await first.close()
    expect(() => explaining.opened(first.panel.panel)).toThrow(/was closed/)
    const panels = new Panels(40)
    const model = await knownModel(workspace.context, workspace, { run })
    const held = panels.hold(await WhatIf.open(model, null), new AbortController().signal)
    await held.next()
    expect(panels.size).toBe(1)
    expect(await held.next()).toEqual({ done: true, value: { ended: 'idle' } })
    expect(panels.size).toBe(0)
    const many: Awaited<ReturnType<typeof open>>[] = []
    for (let each = 0; each < 5; each++) many.push(await open())
    expect(() => explaining.opened(many[0]!.panel.panel)).toThrow(/was closed/)
    await explaining.opened(many[4]!.panel.panel).row(1)
    for (const each of many) await each.close()
  })

  it('is neither opened nor asked in a workspace that nobody trusts', async () => {
    const { panel, close } = await open()
    trust.restricted = true
    expect(() => explaining.opened(panel.panel)).toThrow(expect.objectContaining({ code: 'RESTRICTED' }))
    await expect(explaining.panel({ run }, new AbortController().signal).next()).rejects.toMatchObject({ code: 'RESTRICTED' })
    trust.restricted = false
    await close()
  })
})
