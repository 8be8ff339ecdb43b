import { createPrivateKey } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBundle, signDirectory } from '../core/bundle-format'
import { Random } from '../core/numerics'
import { modelEvaluationSchema, type ModelEvaluation } from '../model/model-evaluation'
import { reproductionSchema } from '../model/reproduction'
import { scoredFileSchema } from '../model/scoring'
import { openDatabase } from '../storage/duckdb/database'
import { runCli } from './program'

/** What somebody does with a bundle who has nothing else: score new rows, and do its run again from the files it was made from. */
const root = mkdtempSync(join(tmpdir(), 'bundle-elsewhere-'))
const at = (...names: string[]): string => join(root, ...names)
const kept = {
  DRYDOCK_USER_DIR: process.env.DRYDOCK_USER_DIR,
  DRYDOCK_PASSPHRASE: process.env.DRYDOCK_PASSPHRASE,
  TMPDIR: process.env.TMPDIR
}

async function drydock(...argv: string[]) {
  let [out, err] = ['', '']
  const code = await runCli(argv, { out: (text) => (out += text), err: (text) => (err += text) })
  return { code, out, err }
}

const tasks = {
  binary: { target: 'churned', algorithm: 'gradient-boosting, parameters: { trees: 10, maxLeaves: 4 }' },
  multiclass: { target: 'band', algorithm: 'logistic-regression' },
  regression: { target: 'price', algorithm: 'gradient-boosting, parameters: { trees: 10, maxLeaves: 4 }' }
} as const
type Kind = keyof typeof tasks
const kinds = Object.keys(tasks) as Kind[]
const targets = kinds.map((kind) => tasks[kind].target)

const pipeline = (kind: Kind): string => {
  const { target, algorithm } = tasks[kind]
  return `schema: drydock.pipeline
version: 1
name: ${kind}
steps:
  - { id: data, type: source, parameters: { dataset: clients } }
  - { id: split, type: split, inputs: { table: data.table }, parameters: { test: 0.4, seed: 7 } }
  - { id: train, type: train, inputs: { train: split.train }, parameters: { target: ${target}, task: ${kind}, exclude: [${targets.filter((name) => name !== target).join(', ')}], seed: 7, algorithm: ${algorithm} } }
  - { id: evaluate, type: evaluate, inputs: { model: train.model, test: split.test }, parameters: { seed: 7, latencyCalls: 20, bootstrapSamples: 50 } }
  - { id: register, type: register, inputs: { model: train.model }, parameters: { name: ${kind}, requireGate: false } }
`
}

const header = ['calls', 'minutes', 'plan', ...targets].join(',')
const clients = (seed: number, count: number): string[] => {
  const random = new Random(seed)
  return Array.from({ length: count }, (_, row) => {
    const [calls, minutes, noise] = [Math.floor(random.uniform() * 40), Math.round(random.uniform() * 90_000) / 100, random.uniform()]
    const merit = calls / 40 + minutes / 900 + noise / 2
    const band = merit < 0.9 ? 'low' : merit < 1.5 ? 'middle' : 'high'
    return [calls, minutes, ['basic', 'plus', 'pro'][row % 3], merit > 1.2 ? 'yes' : 'no', band, (merit * 100).toFixed(2)].join(',')
  })
}
const write = (name: string, rows: readonly string[]): string => {
  writeFileSync(at(name), [header, ...rows, ''].join('\n'))
  return at(name)
}
const bundleOf = (kind: Kind): string => at(`${kind}.drydock`)
const pub = (): string => at('ada.pub.pem')
const leftovers = (): string[] => readdirSync(at('tmp')).filter((name) => /^drydock-(score|reproduce)/.test(name))

beforeAll(async () => {
  Object.assign(process.env, { DRYDOCK_USER_DIR: at('home'), DRYDOCK_PASSPHRASE: 'only for this test', TMPDIR: at('tmp') })
  mkdirSync(at('tmp'))
  const done = async (...argv: string[]): Promise<void> => {
    const { code, err } = await drydock(...argv)
    if (code !== 0) throw new Error(`${argv.join(' ')}: ${err}`)
  }
  await done('keygen', '--out', at('ada.key.pem'), '--public-out', pub())
  await done('init', at('lab'))
  await done('import', '-w', at('lab'), write('clients.csv', clients(7, 600)))
  for (const kind of kinds) {
    writeFileSync(at(`${kind}.yaml`), pipeline(kind))
    await done('run', '-w', at('lab'), at(`${kind}.yaml`))
    await done('export', '-w', at('lab'), `${kind}@1`, '--key', at('ada.key.pem'), '--out', bundleOf(kind))
  }
})
afterAll(() => {
  for (const [name, value] of Object.entries(kept))
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  rmSync(root, { recursive: true, force: true })
})

async function rowsIn(path: string): Promise<Record<string, number | string>[]> {
  const db = await openDatabase({ readDirectories: [root] })
  try {
    return await db.all(`SELECT * REPLACE (row::DOUBLE AS row) FROM ${path.endsWith('.arrow') ? 'read_arrow' : 'read_parquet'}('${path}')`)
  } finally {
    await db.close()
  }
}

describe.each(kinds)('the bundle of a %s model', (kind) => {
  it('scores without a workspace, to the last digit as its own sample says', async () => {
    const bundle = await openBundle(bundleOf(kind))
    for (const name of ['inputs', 'outputs']) writeFileSync(at(`${kind}-${name}.arrow`), await bundle.read(`model/sample-${name}.arrow`))
    await bundle.close()
    const out = at(`${kind}-sample.parquet`)
    const { code, err } = await drydock('score', bundleOf(kind), at(`${kind}-inputs.arrow`), '--key', pub(), '--out', out)
    expect([code, err]).toEqual([0, expect.not.stringContaining('Warning')])
    const found = await rowsIn(out)
    const db = await openDatabase({ readDirectories: [root] })
    const said = await db.all<Record<string, number>>(
      `SELECT * REPLACE (${kind === 'regression' ? 'prediction::DOUBLE AS prediction' : 'label::DOUBLE AS label'}) FROM read_arrow('${at(`${kind}-outputs.arrow`)}')`
    )
    await db.close()
    expect(found).toHaveLength(100)
    if (kind === 'binary') expect(found.map(({ score }) => score)).toEqual(said.map(({ probability }) => probability))
    if (kind === 'regression') expect(found.map(({ score }) => score)).toEqual(said.map(({ prediction }) => prediction))
    if (kind === 'multiclass') {
      const classes = ['high', 'low', 'middle']
      expect(Object.keys(found[0]!)).toEqual(['row', 'label', 'score', ...classes.map((name) => `score_${name}`)])
      for (const [place, name] of classes.entries())
        expect(found.map((row) => row[`score_${name}`])).toEqual(said.map((row) => row[`probability_${place}`]))
      expect(found.map(({ label }) => label)).toEqual(said.map(({ label }) => classes[label!]))
    }
    expect(leftovers()).toEqual([])
  })

  it('says what training did not know, and with its workspace how far the file is from training', async () => {
    const odd = clients(9, 5000).map((line) => line.split(','))
    odd[3]![0] = '4000'
    odd[4]![2] = 'gold'
    odd[6]![1] = ''
    for (const line of odd) line[1] = line[1] === '' ? '' : String(Number(line[1]) / 3)
    const file = write(
      `${kind}-odd.csv`,
      odd.map((line) => line.join(','))
    )
    const { out } = await drydock('score', bundleOf(kind), file, '--key', pub(), '--out', at(`${kind}-odd.arrow`), '--json')
    const { report } = scoredFileSchema.parse(JSON.parse(out))
    const of = (name: string) => report.columns.find(({ column }) => column === name)!
    expect(of('calls').above).toEqual({ rows: 1, first: [4] })
    expect(of('plan').unseen).toEqual({ rows: 1, first: [5], texts: ['gold'] })
    expect(of('minutes').missing).toEqual({ rows: 1, first: [7] })
    expect(report.ignored.toSorted()).toEqual(targets.toSorted())
    expect(report.shift).toMatchObject({ told: false, why: expect.stringContaining('A bundle does not hold') })
    expect(await rowsIn(at(`${kind}-odd.arrow`))).toHaveLength(5000)

    const own = await drydock('score', '-w', at('lab'), `${kind}@1`, file, '--out', at(`${kind}-lab.arrow`), '--json')
    const { shift } = scoredFileSchema.parse(JSON.parse(own.out)).report
    if (!shift.told) throw new Error(shift.why)
    expect(shift.columns.find(({ column }) => column === 'minutes')!.verdict).toBe('large')
    expect(shift.columns.find(({ column }) => column === 'calls')!.verdict).not.toBe('large')
    expect(await rowsIn(at(`${kind}-lab.arrow`))).toEqual(await rowsIn(at(`${kind}-odd.arrow`)))

    odd[8]![1] = 'many'
    const wrong = await drydock(
      'score',
      bundleOf(kind),
      write(
        'wrong.csv',
        odd.map((line) => line.join(','))
      ),
      '--key',
      pub(),
      '--out',
      at('no.csv')
    )
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('row 9 (line 10): "many"')])
    expect(readdirSync(root)).not.toContain('no.csv')
  })

  it('is made again from the file alone, and names the dataset whose file is another', async () => {
    const again = (...files: string[]) =>
      drydock('model', 'reproduce', bundleOf(kind), ...files.flatMap((file) => ['--data', file]), '--key', pub(), '--json')
    const same = await again(at('clients.csv'))
    const found = reproductionSchema.parse(JSON.parse(same.out))
    expect(found.differences).toEqual([])
    expect([same.code, found.same, found.ran, found.of]).toEqual([0, true, true, `${kind}@1`])
    expect(found.compared).toEqual(expect.arrayContaining(['model digest', 'model.onnx', 'row scores']))

    const lines = readFileSync(at('clients.csv'), 'utf8').split('\n')
    writeFileSync(
      at('one-cell.csv'),
      lines.map((line, row) => (row === 18 ? line.replace(/^\d+/, (calls) => String((Number(calls) + 1) % 40)) : line)).join('\n')
    )
    const other = await again(at('one-cell.csv'))
    const refuted = reproductionSchema.parse(JSON.parse(other.out))
    expect([other.code, refuted.same, refuted.ran]).toEqual([1, false, false])
    expect(refuted.differences).toEqual([
      expect.objectContaining({ what: 'dataset clients', detail: expect.stringContaining('the same 600 rows and columns') })
    ])
    const fewer = await again(write('fewer.csv', clients(7, 599)))
    expect(reproductionSchema.parse(JSON.parse(fewer.out)).differences[0]!.detail).toBe('It had 600 rows and has 599.')

    const none = await again()
    expect([none.code, none.out]).toEqual([3, expect.stringContaining('The table of')])
    expect(leftovers()).toEqual([])
  })
})

it('names the cell in the workspace, where the table is at hand', async () => {
  const { code, out } = await drydock('model', 'reproduce', '-w', at('lab'), 'binary@1', '--data', at('one-cell.csv'), '--json')
  const { differences } = reproductionSchema.parse(JSON.parse(out))
  expect(code).toBe(1)
  expect(differences[0]!.detail).toMatch(
    /^The first other cell is row 18 of "calls", which was \d+ and is \d+; 1 cell of that column differs\.$/
  )
})

it('does nothing with a bundle that was changed', async () => {
  const hostile = at('hostile.drydock')
  copyFileSync(bundleOf('binary'), hostile)
  const bytes = readFileSync(hostile)
  bytes[Math.floor(bytes.length / 3)]! ^= 1
  writeFileSync(hostile, bytes)
  for (const argv of [
    ['score', hostile, at('clients.csv'), '--out', at('hostile.csv')],
    ['model', 'reproduce', hostile, '--data', at('clients.csv')]
  ]) {
    const { code, err } = await drydock(...argv, '--key', pub())
    expect(code, err).toBeGreaterThan(0)
    expect(err).toMatch(/does not hold|altered|damaged|cannot be read|checksum/i)
  }
  expect(readdirSync(root)).not.toContain('hostile.csv')
  expect(leftovers()).toEqual([])
})

it('does nothing with the record of another model than the enclosed one, although its author signed both', async () => {
  const folder = at('foreign')
  const read = async (kind: Kind): Promise<Map<string, Buffer>> => {
    const bundle = await openBundle(bundleOf(kind))
    const files = new Map<string, Buffer>()
    for (const { name } of bundle.list()) files.set(name, await bundle.read(name))
    await bundle.close()
    return files
  }
  const [own, other] = [await read('binary'), await read('regression')]
  const record = 'lineage/reproduction.json'
  for (const [name, bytes] of new Map([...own, [record, other.get(record)!]])) {
    if (name === 'model.sig') continue
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), bytes)
  }
  const key = createPrivateKey({ key: readFileSync(at('ada.key.pem')), passphrase: process.env.DRYDOCK_PASSPHRASE })
  await signDirectory(folder, { key })
  const { code, err, out } = await drydock('model', 'reproduce', folder, '--data', at('clients.csv'), '--key', pub())
  expect([code, err + out]).toEqual([expect.any(Number), expect.stringContaining('is not about the enclosed model')])
  expect(code).toBeGreaterThan(0)
  expect(leftovers()).toEqual([])
})

describe('a registered model that is judged again', () => {
  const evaluate = async (...argv: string[]) => {
    const { code, out } = await drydock('model', 'evaluate', '-w', at('lab'), ...argv, '--json')
    return { code, found: code === 0 ? modelEvaluationSchema.parse(JSON.parse(out)) : null, out }
  }

  it('is held against its first test as another sample where the rows are others, which a run and the model keep', async () => {
    const rows = clients(11, 900).map((line) => line.split(','))
    // The outcome has become noise: the model must be found worse.
    rows.forEach((line, row) => (line[3] = row % 2 ? 'yes' : 'no'))
    const { code, found } = await evaluate(
      'binary@1',
      write(
        'april.csv',
        rows.map((line) => line.join(','))
      )
    )
    expect([code, found!.data!.name, found!.rows, found!.isFirst, found!.doubt]).toEqual([0, 'april', 900, false, null])
    expect(found!.beside!.method).toBe('unpaired')
    const auc = found!.beside!.metrics.find(({ key }) => key === 'auc')!
    expect(auc.verdict).toBe('worse')
    // Zou and Donner 2008, equation 9.
    const [{ value: b, low: lb, high: ub }, { value: a, low: la, high: ua }] = [auc.first, auc.here]
    expect(auc.difference).toBeCloseTo(a - b, 12)
    expect(auc.low).toBeCloseTo(a - b - Math.hypot(a - la!, ub! - b), 6)
    expect(auc.high).toBeCloseTo(a - b + Math.hypot(ua! - a, b - lb!), 6)
    const shown = await drydock('model', 'show', '-w', at('lab'), 'binary@1', '--json')
    const { evaluations } = JSON.parse(shown.out) as { evaluations: ModelEvaluation[] }
    expect(evaluations.map(({ isFirst, run }) => [isFirst, run === found!.run])).toEqual([
      [true, false],
      [false, true]
    ])
    expect((await drydock('model', 'show', '-w', at('lab'), 'binary@1')).out).toMatch(/april +900 .* auc [\d.]+ +worse \(unpaired\)/)
  })

  it('is compared row by row on the very rows of its first test, and the run that was made now is told', async () => {
    await drydock('import', '-w', at('lab'), write('held.csv', clients(17, 300)))
    const text = pipeline('binary')
      .replace('name: binary', 'name: apart')
      .replace('trees: 10', 'trees: 12')
      .replace('parameters: { name: binary', 'parameters: { name: apart')
      .replace('test: split.test }', 'test: held.table }')
      .replace('steps:', 'steps:\n  - { id: held, type: source, parameters: { dataset: held } }')
    writeFileSync(at('apart.yaml'), text)
    const made = await drydock('run', '-w', at('lab'), at('apart.yaml'))
    expect([made.code, made.err]).toEqual([0, expect.any(String)])
    const first = await evaluate('apart@1', 'held')
    expect([first.found!.isFirst, first.found!.beside!.method, first.found!.rows]).toEqual([false, 'paired', 300])
    expect(first.found!.beside!.metrics.find(({ key }) => key === 'auc')).toMatchObject({ difference: 0, verdict: 'same' })
  })

  it('is not held against it where most rows are those that it learned from', async () => {
    const { found } = await evaluate('regression@1', 'clients')
    expect(found!.doubt).toMatch(/training/)
    expect(found!.beside!.metrics.every(({ verdict }) => verdict === 'cannot-be-told')).toBe(true)
  })

  it('is judged by the figures of its own task, and refuses rows without the outcome', async () => {
    const { found } = await evaluate('multiclass@1', write('may.csv', clients(13, 400)))
    expect(found!.beside!.metrics.map(({ key }) => key)).toEqual(expect.arrayContaining(['log_loss', 'balanced_accuracy']))
    writeFileSync(at('blind.csv'), ['calls,minutes,plan', '1,2,basic', ''].join('\n'))
    const blind = await evaluate('multiclass@1', at('blind.csv'))
    expect(blind.code).toBe(2)
    expect(blind.out).toContain('no column \\"band\\"')
  })
})
