import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ImportChoices } from '../../model/imported-model'
import type { Sha256 } from '../../model/reference'
import { selectRows, type Column, type Frame } from '../frames'
import { readOnnxFile } from '../onnx-file'
import { scoreFile } from '../scoring'
import { readSignature, scoreFrame, scoreTable, startScorer } from '../training'
import { importModel, type Imported } from '.'

const fixtures = join(__dirname, 'fixtures')
let folder: string
let frame: Frame
let predictions: Map<string, number[]>
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-'))
  const [header, ...lines] = readLines('loans.csv')
  const columns = new Map<string, Column>()
  header!.forEach((name, at) => {
    const cells = lines.map((line) => line[at]!)
    if (cells.every((cell) => !Number.isNaN(Number(cell))))
      columns.set(name, { kind: 'number', values: Float64Array.from(cells, Number), outOfRange: 0 })
    else {
      const categories = [...new Set(cells)]
      columns.set(name, { kind: 'category', categories, codes: Int32Array.from(cells, (cell) => categories.indexOf(cell)) })
    }
  })
  frame = { rows: lines.length, columns }
  const [names, ...rows] = readLines('predictions.csv')
  predictions = new Map(names!.map((name, at) => [name, rows.map((row) => Number(row[at]))]))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const readLines = (name: string): string[][] =>
  readFileSync(join(fixtures, name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','))

const take = (name: string, choices: ImportChoices, seconds?: number): Promise<Imported> =>
  importModel({
    name: `${name}.onnx`,
    bytes: readFileSync(join(fixtures, `${name}.onnx`)),
    frame,
    table: null,
    choices,
    folder: join(folder, name),
    ...(seconds && { seconds })
  })

/** Largest difference between what the original predicted and what the model scores, read as all that follows reads it. */
async function difference(name: string, expected = name): Promise<number> {
  const { scores, width } = await scoreTable({ model: join(folder, name, 'model.onnx'), table: frame })
  const own = predictions.get(expected)!
  return own.reduce((most, value, row) => Math.max(most, Math.abs(value - scores[row * width]!)), 0)
}

const matrix = ['income', 'age', 'debt']

describe('a model of other tools', () => {
  it.each<[string, ImportChoices]>([
    ['logistic-zipmap', { target: 'default', columns: matrix }],
    ['pipeline-columns', { target: 'default', classes: ['no', 'yes'] }],
    ['logistic-double', { target: 'default', columns: matrix, classes: ['no', 'yes'] }],
    ['logistic-whole', { target: 'default', classes: ['no', 'yes'] }],
    ['lightgbm-zipmap', { target: 'default', columns: matrix, classes: ['no', 'yes'] }],
    ['xgboost-tensor', { target: 'default', columns: matrix, classes: ['no', 'yes'] }],
    ['network-logits', { target: 'default', columns: matrix, classes: ['no', 'yes'] }]
  ])('%s scores as the original predicts', async (name, choices) => {
    const { signature, record, files } = await take(name, choices)
    expect(signature.inputs.map((input) => input.name)).toEqual(record.inputs.flatMap(({ columns }) => columns))
    expect(signature.target).toEqual({ name: 'default', positive: 'yes', negatives: ['no'] })
    expect(files.includes('original.onnx')).toBe(record.adapted.length > 0)
    expect(await difference(name)).toBeLessThan(2e-6)
  })

  it('tells several classes apart, in the order of the file', async () => {
    const { signature, record } = await take('forest-classes', { target: 'band', columns: matrix })
    expect(record.task).toBe('multiclass')
    expect(signature).toMatchObject({ task: 'multiclass-classification', target: { name: 'band', classes: ['high', 'low', 'middle'] } })
    const { scores, width } = await scoreTable({ model: join(folder, 'forest-classes', 'model.onnx'), table: frame })
    expect(width).toBe(3)
    for (const [place, name] of ['high', 'low', 'middle'].entries()) {
      const own = predictions.get(`forest-classes:${name}`)!
      expect(Math.max(...own.map((value, row) => Math.abs(value - scores[row * 3 + place]!)))).toBeLessThan(1e-6)
    }
  })

  it('predicts an amount', async () => {
    const { signature, record } = await take('linear-amount', { target: 'loss', columns: matrix })
    expect(record.task).toBe('regression')
    expect(signature).toMatchObject({
      task: 'regression',
      target: { name: 'loss', objective: 'squared' },
      outputs: [{ name: 'prediction' }]
    })
    expect(await difference('linear-amount')).toBeLessThan(1e-5)
  })

  it('is used as it is where it has the form that is agreed on', async () => {
    const { record, files } = await take('pipeline-columns', { target: 'default', classes: ['no', 'yes'] })
    expect(record.adapted).toEqual([])
    expect(files).toEqual(['model.onnx', 'signature.json', 'import.json'])
    expect(readFileSync(join(folder, 'pipeline-columns', 'model.onnx'))).toEqual(readFileSync(join(fixtures, 'pipeline-columns.onnx')))
  })

  it('keeps its own bytes, and says what was laid around them', async () => {
    const { record, signature } = await take('logistic-zipmap', { target: 'default', columns: matrix })
    expect(record.original).toMatchObject({ name: 'logistic-zipmap.onnx', bytes: 550 })
    expect(record.adapted).toContain('3 columns are put together to the input "X"')
    expect(readFileSync(join(folder, 'logistic-zipmap', 'original.onnx'))).toEqual(readFileSync(join(fixtures, 'logistic-zipmap.onnx')))
    const { graph, metadata } = await readOnnxFile(join(folder, 'logistic-zipmap', 'model.onnx'))
    expect(metadata['drydock.original']).toBe(record.original.sha256)
    expect(graph.inputs.map(({ name }) => name)).toEqual(matrix)
    expect(graph.outputs.map(({ name }) => name)).toEqual(['label', 'probabilities'])
    expect(signature.inputs[0]).toMatchObject({ name: 'income', input: 'income', kind: 'number', tensor: 'float' })
    expect(signature.algorithm).toBe('LinearClassifier by skl2onnx 1.20.0')
  })

  it('can have the other class as event', async () => {
    const { signature } = await take('logistic-zipmap', { target: 'default', columns: matrix, event: 'no' })
    expect(signature.target).toMatchObject({ positive: 'no', negatives: ['yes'] })
    const { scores } = await scoreTable({ model: join(folder, 'logistic-zipmap', 'model.onnx'), table: frame })
    const own = predictions.get('logistic-zipmap')!
    expect(Math.max(...own.map((value, row) => Math.abs(1 - value - scores[row]!)))).toBeLessThan(1e-6)
  })

  it('says nothing of a row without a whole number that it needs', async () => {
    await take('logistic-whole', { target: 'default', classes: ['no', 'yes'] })
    const age = { kind: 'number', values: Float64Array.of(40, NaN), outOfRange: 0 } as const
    const gap: Frame = { rows: 2, columns: new Map<string, Column>([...frame.columns, ['age', age]]) }
    const path = join(folder, 'logistic-whole', 'model.onnx')
    const { scores, labels } = await scoreTable({ model: path, table: gap })
    expect([scores[0]! > 0, Number.isNaN(scores[1])]).toEqual([true, true])
    // Its label is not that of the event either.
    expect(labels[1]).toBe(0)
    const file = join(folder, 'gap.csv')
    writeFileSync(file, 'income,age,debt,region\n36,,11.3,south\n36,68,11.3,south\n')
    const signature = await readSignature(path)
    const model = { name: 'whole', path, signature, sha256: '0'.repeat(64) as Sha256, decidesFrom: 0, reference: { why: 'none' } }
    const { head, report } = await scoreFile(model, { file, out: join(folder, 'gap-scores.csv'), temporary: folder })
    expect(head.columns).toEqual(['row', 'score', 'decision'])
    expect([head.rows[0], head.rows[1]![2]]).toEqual([['1', null, null], '1'])
    const only = Number(head.rows[1]![1])
    expect(report.scores).toMatchObject({ unscored: 1, mean: only, min: only, max: only })
  })
})

describe('a model that is refused', () => {
  it.each<[string, ImportChoices, RegExp]>([
    ['hostile-operator', { target: 'default', columns: matrix, classes: ['no', 'yes'] }, /operator "Oracle" of the domain "acme"/],
    ['hostile-external', { target: 'default', columns: matrix, classes: ['no', 'yes'] }, /constant "w" keeps its values in another file/],
    ['hostile-huge', { target: 'default', columns: matrix, classes: ['no', 'yes'] }, /constant "w" says that it has 6000000000 values/],
    [
      'hostile-numbers',
      { target: 'default', columns: matrix, classes: ['no', 'yes'] },
      /"probabilities" gives .* which are no probabilities/
    ],
    [
      'hostile-shape',
      { target: 'default', columns: matrix, classes: ['no', 'yes'] },
      /output "probabilities" is float32 \[1, 2\] for 240 rows, and float32 \[240, 2\] is needed/
    ],
    ['hostile-flat', { target: 'default', columns: matrix, classes: ['no', 'yes'] }, /The model tells 3 classes/],
    ['logistic-zipmap', { target: 'default' }, /input "X" takes 3 columns in one tensor.*The table has: income, age, debt/],
    ['logistic-zipmap', { target: 'default', columns: ['income', 'age'] }, /takes 3 columns \("X": 3\), and 2 are named/],
    [
      'logistic-zipmap',
      { target: 'default', columns: ['income', 'age', 'region'] },
      /column "region" holds texts, and the input "X" takes float/
    ],
    ['logistic-zipmap', { target: 'default', columns: ['income', 'age', 'default'] }, /target "default" is among the input columns/],
    ['logistic-zipmap', { target: 'band', columns: matrix }, /names its classes "no", "yes", and the target "band" holds/],
    ['logistic-zipmap', { target: 'default', columns: matrix, classes: ['yes', 'no'] }, /the file itself names them "no", "yes"/],
    ['lightgbm-zipmap', { target: 'default', columns: matrix }, /names its classes 0, 1, and the target "default" holds "no", "yes"/],
    ['xgboost-tensor', { target: 'default', columns: matrix, classes: ['yes', 'no'] }, /seem to be in another order/],
    ['logistic-zipmap', { target: 'gone', columns: matrix }, /no column "gone"/],
    ['linear-amount', { target: 'default', columns: matrix, task: 'regression' }, /target "default" holds no numbers/]
  ])('%s with %o', async (name, choices, message) => {
    await expect(take(name, choices)).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringMatching(message) })
  })

  it('is one that never comes to an end', async () => {
    await expect(take('hostile-loop', { target: 'default', columns: matrix, classes: ['no', 'yes'] }, 2)).rejects.toMatchObject({
      code: 'JOB_TIMEOUT',
      message: expect.stringMatching(/did not finish 240 rows in 2 seconds/)
    })
  })

  it('is stopped later where it comes to an end for the rows at hand and not for others', async () => {
    const { signature } = await take('hostile-late-loop', { target: 'default', columns: matrix, classes: ['no', 'yes'] })
    const scorer = await startScorer(join(folder, 'hostile-late-loop', 'model.onnx'), signature, undefined, { seconds: 2 })
    try {
      expect((await scoreFrame(scorer, signature, frame)).rows).toBe(240)
      const rich = { kind: 'number', values: Float64Array.of(2e6), outOfRange: 0 } as const
      const one: Frame = { rows: 1, columns: new Map<string, Column>([...selectRows(frame, Uint32Array.of(0)).columns, ['income', rich]]) }
      await expect(scoreFrame(scorer, signature, one)).rejects.toMatchObject({
        code: 'JOB_TIMEOUT',
        message: expect.stringMatching(/did not answer within 2 seconds.*Loop and Scan/)
      })
      // Its process is gone, and says so to whoever asks next.
      await expect(scoreFrame(scorer, signature, frame)).rejects.toMatchObject({ code: 'JOB_TIMEOUT' })
    } finally {
      await scorer.close()
    }
  })
})
