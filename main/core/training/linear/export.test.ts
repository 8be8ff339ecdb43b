import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Column, Frame } from '../../frames'
import { encodeFeatures, type FeatureEncoding } from '../features'
import { predictNative, readNativeModel, type NativeModel } from '../native-model'
import { applyLink, widthOf } from '../objective'
import { exportOnnx } from '../onnx/export-model'
import { differenceOf } from '../rounding'
import type { ScoreInput } from '../scoring/protocol'
import { Scorer } from '../scoring/scorer'
import { trainers } from '../trainers'
import { linearRows } from './fixtures/linear-rows'
import type { ClassModel } from './linear-model'
import type { LinearObjective } from './losses'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'linear-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const features = ['load', 'age', 'count', 'noise', 'phase']
const cases = [
  ['logistic-regression', { name: 'logistic' }],
  ['logistic-regression', { name: 'softmax', classes: 3 }],
  ['generalised-linear-model', { name: 'squared' }],
  ['generalised-linear-model', { name: 'poisson' }],
  ['generalised-linear-model', { name: 'gamma' }]
] as const satisfies readonly (readonly [NativeModel['algorithm'], LinearObjective])[]

async function learn(algorithm: NativeModel['algorithm'], objective: LinearObjective, change: object = {}) {
  const { frame, labels, weights } = linearRows(400, 21)
  const trainer = trainers[algorithm]
  const request = {
    ...{ objective, given: {}, seed: 1, features, validation: null, warnings: [], progress: {} },
    parameters: trainer.parameters.parse(change),
    rows: { frame, labels: labels[objective.name], weights },
    holdBack: { by: 'random' as const, column: null }
  }
  const learned = await trainer.learn(request)
  const native: NativeModel = {
    ...{ schema: 'drydock.native-model', version: 1, algorithm, objective, features: learned.features, model: learned.model }
  }
  return { native, learned, request, trainer }
}

/** Other rows, of which some have a text that training did not see, and all columns are missing somewhere. */
function otherRows(): Frame {
  const { frame } = linearRows(300, 77)
  const columns = [...frame.columns].map(([name, column]): [string, Column] => {
    if (column.kind !== 'category') return [name, { ...column, values: column.values.map((value, row) => (row % 11 === 0 ? NaN : value)) }]
    const categories = [...column.categories, 'hovering']
    return [name, { ...column, categories, codes: column.codes.map((code, row) => (row % 7 === 0 ? categories.length - 1 : code)) }]
  })
  return { ...frame, columns: new Map(columns) }
}

function inputsOf(frame: Frame, { features: own }: NativeModel): ScoreInput[] {
  return own.map(({ name }): ScoreInput => {
    const column = frame.columns.get(name)!
    return column.kind === 'category'
      ? { name, tensor: 'string', codes: column.codes, texts: column.categories }
      : { name, tensor: 'float', values: Float32Array.from(column.values) }
  })
}

describe('exported linear models', () => {
  it.each(cases)('%s, %o: ONNX Runtime states what the trainer does, of other rows too', async (algorithm, objective) => {
    const { native, learned } = await learn(algorithm, objective)
    const path = join(folder, `${objective.name}.onnx`)
    await writeFile(path, exportOnnx(native, 'linear', {}))
    const rows = otherRows()
    const inputs = inputsOf(rows, native)
    const scorer = await Scorer.start(
      path,
      inputs.map(({ name }) => name)
    )
    const { scores, width } = await scorer.score(inputs, rows.rows).finally(() => scorer.close())
    const stated = predictNative(native, encodeFeatures(rows, native.features))
    expect([width, scores.length]).toEqual([widthOf(objective), rows.rows * widthOf(objective)])
    expect(stated.reduce((most, each, at) => Math.max(most, differenceOf(each, scores[at]!)), 0)).toBeLessThan(1e-6)
    expect(new Set(scores).size).toBeGreaterThan(250)
    expect(learned.coefficients!.length).toBe(12 * Math.max(1, widthOf(objective) - 1))
    const file = join(folder, `${objective.name}.json`)
    await writeFile(file, JSON.stringify(native))
    expect((await readNativeModel(file)).model).toEqual(native.model)
  })

  it.each(cases)(
    '%s, %o: gives a text that training did not see the mean outcome of the rows that have one',
    async (algorithm, objective) => {
      const { native, request, trainer } = await learn(algorithm, objective, { tolerance: 1e-10 })
      const { frame, labels, weights } = request.rows
      const phase = frame.columns.get('phase')!
      if (phase.kind !== 'category') throw new Error('no text')
      const unseen = { ...phase, categories: ['hovering'], codes: phase.codes.map((code) => (code < 0 ? -1 : 0)) }
      const table = encodeFeatures({ ...frame, columns: new Map([...frame.columns, ['phase', unseen]]) }, native.features)
      const stated = applyLink(objective, trainer.predict(native.model, native.features, table, objective))
      const width = widthOf(objective)
      for (let k = 0; k < width; k++) {
        let [said, happened] = [0, 0]
        phase.codes.forEach((code, row) => {
          if (code < 0) return
          said += weights[row]! * stated[row * width + k]!
          happened += weights[row]! * (width > 1 ? Number(labels[row] === k) : labels[row]!)
        })
        // Half a row of every outcome is added to shares.
        expect(Math.abs(said / happened - 1)).toBeLessThan(algorithm === 'logistic-regression' ? 0.01 : 1e-5)
      }
    }
  )

  it('refuses a file whose weights do not fit the columns or the classes', async () => {
    const { native, trainer } = await learn(...cases[1])
    const model = native.model as ClassModel
    const tried = (change: Partial<ClassModel>, own: readonly FeatureEncoding[] = native.features) =>
      trainer.check({ ...model, ...change }, own, cases[1][1])
    expect(() => tried({})).not.toThrow()
    expect(() => tried({ intercepts: [1, 2] })).toThrow('one intercept per class')
    expect(() => tried({ terms: model.terms.slice(1) })).toThrow('one term per feature')
    const short = model.terms.map((term) => (term.type === 'number' ? { ...term, weights: [1] } : term))
    expect(() => tried({ terms: short })).toThrow('the weights of "load"')
    const lacking = model.terms.map((term) =>
      term.type === 'category' ? { ...term, weights: term.weights.map((own) => own.slice(1)) } : term
    )
    expect(() => tried({ terms: lacking })).toThrow('the weights of "phase"')
    expect(() => trainer.check({ intercept: 0, terms: [] }, native.features, cases[0][1])).toThrow('one term per feature')
  })
})
