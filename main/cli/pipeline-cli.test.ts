import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from './program'

const root = mkdtempSync(join(tmpdir(), 'drydock-pipeline-cli-'))
const directory = join(root, 'w')
const { DRYDOCK_USER_DIR } = process.env

async function drydock(...argv: string[]) {
  let [out, err] = ['', '']
  const code = await runCli(argv, { out: (text) => (out += text), err: (text) => (err += text) })
  return { code, out, err, json: argv.includes('--json') ? (JSON.parse(out) as Record<string, unknown>) : {} }
}
function written(name: string, text: string): string {
  const file = join(root, name)
  writeFileSync(file, text)
  return file
}
const good = (seed: number): string => `schema: drydock.pipeline
version: 1
name: tides # what the harbour asked for
steps:
  - id: data
    type: source
    parameters: { dataset: tides }
  - id: split
    type: split
    inputs: { table: data.table }
    parameters: { by: random, test: 0.25, seed: ${seed} }
`

beforeAll(async () => {
  process.env.DRYDOCK_USER_DIR = join(root, 'user')
  await drydock('init', directory)
})
afterAll(() => {
  if (DRYDOCK_USER_DIR === undefined) delete process.env.DRYDOCK_USER_DIR
  else process.env.DRYDOCK_USER_DIR = DRYDOCK_USER_DIR
  rmSync(root, { recursive: true })
})

describe('drydock pipeline check', () => {
  it('says each problem with line and column and what was perhaps meant, and ends with 1', async () => {
    const file = written(
      'wrong.yaml',
      `schema: drydock.pipeline
version: 1
name: tides
steps:
  - id: data
    type: sorce
  - id: split
    type: split
    inputs: { tabel: data.table }
    parameters: { by: randm, tset: 0.25 }
  - id: learn
    type: train
    inputs: { train: split.trian }
    parameters: { target: high, parameters: { maxLeafs: 3 } }
  - id: again
    type: evaluate
    inputs: { model: lern.model, table: split.test }
`
    )
    const { code, out } = await drydock('pipeline', 'check', file)
    expect(code).toBe(1)
    expect(out.replaceAll(file, 'F').split('\n')).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^F:6:11: error: step "data": There is no step type "sorce"\..* Did you mean "source" or "score"\?$/),
        expect.stringMatching(/^F:9:22: error: "split" has no input "tabel"\..* Did you mean "table"\?$/),
        expect.stringMatching(/^F:10:23: error: "split", parameter "by": .* Did you mean "random"\?$/),
        expect.stringMatching(/^F:10:36: error: "split" has no parameter "tset"\. Did you mean "test"\?$/),
        expect.stringMatching(/^F:13:22: error: step "learn": "split" has no output "trian"\..* Did you mean "train"\?$/),
        expect.stringMatching(/^F:14:45: error: step "learn": gradient-boosting has no setting "maxLeafs"\. Did you mean "maxLeaves"/),
        expect.stringMatching(/^F:17:22: error: .*there is no step "lern".* Did you mean "learn"\?$/),
        expect.stringMatching(/^F: cannot run; \d+ errors\.$/)
      ])
    )
    const { json, code: same, err } = await drydock('pipeline', 'check', file, '--json')
    expect([same, err]).toEqual([1, ''])
    expect(json).toMatchObject({ file, holds: false, name: 'tides', steps: 4 })
    expect(json.problems).toEqual(
      expect.arrayContaining([expect.objectContaining({ code: 'UNKNOWN_STEP_TYPE', stepId: 'data', line: 6, column: 11 })])
    )
    const typed = await drydock('pipeline', 'check', written('key.yaml', good(1).replace('inputs:', 'input:')))
    expect([typed.code, typed.out]).toEqual([
      1,
      expect.stringMatching(
        /:10:5: error: step "split": There is no key "input" here\. Did you mean "inputs"\?\n.*: cannot run; 1 error\.\n$/
      )
    ])
    expect((await drydock('pipeline', 'check', written('torn.yaml', 'schema: [\n'))).out).toMatch(/torn\.yaml:2:1: error: Not valid YAML/)
    expect((await drydock('pipeline', 'check', join(root, 'none.yaml'))).code).toBe(3)
  })

  it('ends with 0 for one that can run, also without a workspace, and with one knows its datasets', async () => {
    const file = written('tides.yaml', good(1))
    expect(await drydock('pipeline', 'check', file)).toMatchObject({
      code: 0,
      err: '',
      out: `${file}: the pipeline "tides", 2 steps, can run.\n`
    })
    await drydock('import', '-w', directory, written('tides.csv', 'harbour,high\na,yes\nb,no\n'), '--role', 'high=identifier')
    const learning = written(
      'columns.yaml',
      `${good(1)}  - { id: learn, type: train, inputs: { train: split.train }, parameters: { target: high } }\n`
    )
    const alone = await drydock('pipeline', 'check', learning, '--json')
    const inside = await drydock('pipeline', 'check', learning, '-w', directory, '--json')
    expect([alone.code, inside.code, inside.json.problems]).toEqual([
      0,
      1,
      [expect.objectContaining({ code: 'COLUMN_ROLE', stepId: 'learn', line: 12, message: expect.stringContaining('"high"') })]
    ])
  })
})

describe('drydock pipeline save, list and show', () => {
  it('keep every version of a text as it was written', async () => {
    expect((await drydock('pipeline', 'list', '-w', directory)).out).toContain('pipeline save -w DIR FILE')
    const first = await drydock('pipeline', 'save', '-w', directory, written('one.yaml', good(1)), '--json')
    const second = await drydock('pipeline', 'save', '-w', directory, written('two.yaml', good(2)), '--json')
    expect([first.code, first.json]).toEqual([
      0,
      expect.objectContaining({ name: 'tides', former: null, changed: true, holds: true, steps: 2 })
    ])
    const [older, newer] = [String(first.json.version), String(second.json.version)]
    expect(second.json).toMatchObject({ former: older, reference: `pipeline:tides@sha256:${newer}` })
    const again = await drydock('pipeline', 'save', '-w', directory, join(root, 'two.yaml'))
    expect([again.code, again.out]).toEqual([0, expect.stringContaining('is the newest version of "tides" already')])
    expect((await drydock('pipeline', 'list', '-w', directory, '--json')).json).toMatchObject({
      total: 1,
      items: [{ name: 'tides', version: newer, versions: 2, steps: 2, lastRun: null }]
    })
    expect((await drydock('pipeline', 'show', '-w', directory, 'tides')).out).toBe(good(2))
    for (const name of [`tides@${older.slice(0, 8)}`, `tides@sha256:${older}`, `pipeline:tides@sha256:${older}`])
      expect((await drydock('pipeline', 'show', '-w', directory, name)).out).toBe(good(1))
    expect((await drydock('pipeline', 'show', '-w', directory, 'tides', '--json')).json).toMatchObject({
      yaml: good(2),
      version: newer,
      source: 'version'
    })
    const missing = await drydock('pipeline', 'show', '-w', directory, 'tide')
    expect([missing.code, missing.err]).toEqual([3, expect.stringContaining('Did you mean "tides"?')])
    expect((await drydock('pipeline', 'show', '-w', directory, 'tides@ffff')).err).toContain(older.slice(0, 8))
  })

  it('save takes a text that cannot run yet and says so, and none that cannot be read', async () => {
    const open = await drydock(
      'pipeline',
      'save',
      '-w',
      directory,
      written('open.yaml', good(1).replace('name: tides', 'name: open').replace('{ table: data.table }', '{}'))
    )
    expect([open.code, open.out, open.err]).toEqual([
      0,
      expect.stringContaining('cannot run yet: 1 error'),
      expect.stringContaining(':8:5: error:')
    ])
    const torn = await drydock('pipeline', 'save', '-w', directory, written('torn.yaml', 'schema: [\n'))
    expect([torn.code, torn.err]).toEqual([2, expect.stringContaining('line 2')])
    expect((await drydock('pipeline', 'list', '-w', directory, '--json')).json).toMatchObject({ total: 2 })
  })
})

describe('drydock pipeline check of names', () => {
  it('finds datasets, policies and columns that the workspace has not, which --dry-run refuses too', async () => {
    await drydock(
      'import',
      '-w',
      directory,
      written('loans.csv', 'id,opened_on,amount,default\n1,2020-01-01,3,yes\n2,2020-01-02,4,no\n'),
      '--role',
      'opened_on=feature'
    )
    const told = (dataset: string, target: string, exclude: string): string => `schema: drydock.pipeline
version: 1
name: loans
parameters:
  - { name: table, type: string, default: laons }
steps:
  - { id: data, type: source, parameters: { dataset: ${dataset} } }
  - { id: split, type: split, inputs: { table: data.table }, parameters: { by: random } }
  - { id: check, type: quality-check, inputs: { table: split.train }, parameters: { features: [amuont], columnsOf: loens } }
  - id: learn
    type: train
    inputs: { train: check.table }
    parameters:
      target: ${target}
      exclude: [id, ${exclude}]
  - { id: judge, type: evaluate, inputs: { model: learn.model, test: split.test }, parameters: { groupColumn: amont } }
  - { id: gate, type: gate, inputs: { model: learn.model, evaluation: judge.evaluation }, parameters: { policy: tabulr } }
`
    const file = written('names.yaml', told('loans', 'defaultd', 'opened_onn'))
    const { code, out } = await drydock('pipeline', 'check', file, '-w', directory)
    expect(out.replaceAll(file, 'F').split('\n')).toEqual([
      expect.stringMatching(
        /^F:9:\d+: error: What "check" reads has no column "amuont" \(parameter "features"\)\..* Did you mean "amount"\?$/
      ),
      expect.stringMatching(/^F:9:\d+: error: step "check": There is no dataset "loens".* Did you mean "loans"\?/),
      expect.stringMatching(
        /^F:14:15: error: What "learn" reads has no column "defaultd".*: id, opened_on, amount, default\. Did you mean "default"\?$/
      ),
      expect.stringMatching(/^F:15:21: error: .*"opened_onn" \(parameter "exclude"\).* Did you mean "opened_on"\?$/),
      expect.stringMatching(/^F:16:\d+: error: What "judge" reads has no column "amont".* Did you mean "amount"\?$/),
      expect.stringMatching(/^F:17:\d+: error: step "gate": There is no policy "tabulr" in this workspace\./),
      'F: cannot run; 6 errors.',
      ''
    ])
    expect(code).toBe(1)
    expect(await drydock('pipeline', 'check', file)).toMatchObject({ code: 0 })
    const dry = async (...more: string[]) => drydock('run', '-w', directory, file, '--dry-run', ...more)
    expect(await dry('--target', 'learn')).toMatchObject({
      code: 2,
      err: expect.stringContaining('What "check" reads has no column "amuont"')
    })
    expect(await dry('--target', 'split')).toMatchObject({ code: 0 })

    // Saved before its dataset is there, it says what is missing; a default is what a run may do without.
    const early = await drydock('pipeline', 'save', '-w', directory, written('early.yaml', told('lones', 'default', 'opened_on')), '--json')
    expect(early).toMatchObject({ code: 0, json: { holds: false } })
    expect(early.json.problems).toContainEqual(
      expect.objectContaining({
        code: 'UNKNOWN_DATASET',
        severity: 'error',
        stepId: 'data',
        line: 7,
        message: expect.stringContaining('"loans"')
      })
    )
    const open = written('open.yaml', told('"${{ parameters.table }}"', 'x', 'y').split('\n').slice(0, 8).join('\n'))
    const { json, code: warned } = await drydock('pipeline', 'check', open, '-w', directory, '--json')
    expect([warned, json.problems]).toEqual([
      0,
      [
        expect.objectContaining({
          severity: 'warning',
          message: expect.stringMatching(/^By the default of the parameter "table": There is no dataset "laons"/)
        })
      ]
    ])
    expect(await drydock('run', '-w', directory, open, '--dry-run', '--param', 'table=loans')).toMatchObject({ code: 0, err: '' })
  })
})
