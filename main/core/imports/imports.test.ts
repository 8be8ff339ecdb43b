import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DraftRequest, ImportDraft } from '../../model/model-import'
import { sha256 } from '../../storage/objects/durable-files'
import { commands } from '../all-commands'
import { createApplication, type Application } from '../application'

const root = mkdtempSync(join(tmpdir(), 'drydock-imports-'))
const fixtures = join(__dirname, '..', 'imported-models', 'fixtures')
const lab = join(root, 'lab')
let app: Application

beforeAll(async () => {
  app = createApplication({ userDirectory: join(root, 'user') })
  await app.createWorkspace(lab, 'Lab')
  await app.do(commands.datasets.import, {
    path: join(fixtures, 'loans.csv'),
    options: { name: 'loans', columns: [{ source: 'default', type: 'text' }] }
  })
})
afterAll(async () => {
  await app.close()
  rmSync(root, { recursive: true, force: true })
})

const file = (name: string): string => join(fixtures, `${name}.onnx`)
const choices = { target: 'default', columns: ['income', 'age', 'debt'] }

async function draft(request: Omit<DraftRequest, 'threshold' | 'dataset'>, signal = new AbortController().signal): Promise<ImportDraft> {
  const work = app.imports.draft({ dataset: 'loans', threshold: 0.5, ...request }, signal)
  for (;;) {
    const next = await work.next()
    if (next.done) return next.value
  }
}

/** What the original predicted, as a file of one column; `change` makes other predictions of them. */
function predictionsOf(column: string, change = (value: number): number => value): string {
  const [head, ...rows] = readFileSync(join(fixtures, 'predictions.csv'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','))
  const at = head!.indexOf(column)
  const path = join(root, 'original.csv')
  writeFileSync(path, ['prediction', ...rows.map((row) => change(Number(row[at])))].join('\n'))
  return path
}

describe('a model file before it is taken in', () => {
  it('says what it takes, gives and names', async () => {
    expect(await app.imports.outline(file('logistic-zipmap'))).toMatchObject({
      name: 'logistic-zipmap.onnx',
      inputs: [{ name: 'X', tensor: expect.stringContaining('float'), width: 3 }],
      classes: ['no', 'yes'],
      columns: null
    })
    const { inputs } = await app.imports.outline(file('pipeline-columns'))
    expect(inputs.map(({ width }) => width)).toEqual(inputs.map(() => 1))
  })
  it.each([
    ['hostile-external', /other file|external/],
    ['hostile-operator', /operator "Oracle"/]
  ])('refuses %s before any rows are looked at', async (name, words) => {
    await expect(app.imports.outline(file(name))).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringMatching(words) })
  })
  it('names a pickle, whatever it is called, and how to convert it', async () => {
    const path = join(root, 'model.onnx')
    writeFileSync(path, Buffer.from([0x80, 0x04, 0x95, 0x10, 0, 0, 0, 0, 0, 0, 0, 0x8c, 0x2e]))
    await expect(app.imports.outline(path)).rejects.toMatchObject({ message: expect.stringMatching(/Python pickle.*skl2onnx\.to_onnx/) })
  })
})

describe('a draft', () => {
  it('has signature and certificate, and leaves nothing behind', async () => {
    const before = readdirSync(join(lab, 'tmp'))
    const { signature, imported, parity } = await draft({
      file: file('logistic-zipmap'),
      choices,
      predictions: predictionsOf('logistic-zipmap')
    })
    expect(signature.inputs.map(({ name }) => name)).toEqual(choices.columns)
    expect(imported.from.classes).toBe('as the file names them')
    expect(parity!.largest).toBeLessThan(2e-6)
    expect(parity).toMatchObject({ rows: 240, flips: 0, threshold: 0.5, predictions: { name: 'original.csv' } })
    expect(readdirSync(join(lab, 'tmp'))).toEqual(before)
    expect(existsSync(join(lab, 'code', 'logistic-zipmap.onnx'))).toBe(false)
  })
  it('counts the decisions that predictions of another model would flip', async () => {
    const predictions = predictionsOf('logistic-zipmap', (value) => 1 - value)
    const { parity } = await draft({ file: file('logistic-zipmap'), choices, predictions })
    expect(parity!.flips).toBeGreaterThan(200)
    expect(parity!.largest).toBeGreaterThan(0.3)
  })
  it('names a row without a prediction by its number in the table, counted from 1', async () => {
    let row = 0
    const predictions = predictionsOf('logistic-zipmap', (value) => (++row === 3 ? Number.NaN : value))
    await expect(draft({ file: file('logistic-zipmap'), choices, predictions })).rejects.toMatchObject({
      message: expect.stringContaining('has no number in row 3.')
    })
  })
  it.each<[string, object, RegExp]>([
    ['logistic-zipmap', { columns: undefined }, /input "X" takes 3 columns/],
    ['logistic-zipmap', { columns: ['income', 'age', 'rent'] }, /no column "rent"/],
    ['logistic-zipmap', { classes: ['yes', 'no'] }, /said to be "yes", "no" in this order, and the file itself names them/],
    ['logistic-zipmap', { event: 'maybe' }, /"maybe" is none of the classes/],
    ['linear-amount', {}, /holds no numbers|does not say/]
  ])('of %s with %o says what does not fit', async (name, change, words) => {
    await expect(draft({ file: file(name), choices: { ...choices, ...change } })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(words)
    })
  })
  it('of a model that never ends stops when nobody waits for it', async () => {
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 500)
    const asked = { ...choices, classes: ['no', 'yes'] }
    await expect(draft({ file: file('hostile-loop'), choices: asked }, stop.signal)).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})

describe('a file that is brought', () => {
  it('lies where steps take files from, beside another one of its name, and the record says so', async () => {
    const first = await app.do(commands.imports.place, { file: file('logistic-zipmap') })
    expect(first).toEqual({ file: 'logistic-zipmap.onnx', predictions: null })
    expect(await app.do(commands.imports.place, { file: file('logistic-zipmap') })).toEqual(first)
    const other = join(root, 'logistic-zipmap.onnx')
    writeFileSync(other, readFileSync(file('linear-amount')))
    const { file: name } = await app.do(commands.imports.place, { file: other })
    expect(name).toMatch(/^logistic-zipmap-[0-9a-f]{8}\.onnx$/)
    expect(readFileSync(join(lab, 'code', name))).toEqual(readFileSync(other))
    expect(readFileSync(join(lab, 'code', first.file))).toEqual(readFileSync(file('logistic-zipmap')))
    const [approved, changed] = [sha256(readFileSync(file('logistic-zipmap'))), sha256(readFileSync(other))]
    const predictions = predictionsOf('logistic-zipmap')
    const place = (change: object) =>
      app.do(commands.imports.place, { file: other, predictions, approved: { model: changed, predictions: null, ...change } })
    const before = readdirSync(join(lab, 'code'))
    for (const change of [{ model: approved }, { predictions: approved }])
      await expect(place(change)).rejects.toMatchObject({ code: 'DIGEST_MISMATCH', message: expect.stringContaining('changed since') })
    expect(readdirSync(join(lab, 'code'))).toEqual(before)
    expect(app.audit.chain().at(-1)).toMatchObject({ action: 'model.brought', detail: { after: { file: name } } })
  })
})
