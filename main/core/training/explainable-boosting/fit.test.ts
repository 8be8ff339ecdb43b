import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Column, Frame } from '../../frames'
import { Random } from '../../numerics'
import { encodeFeatures } from '../features'
import type { Labels, Objective } from '../objective'
import { objectiveOf, predictNative, readNativeModel, type NativeModel } from '../native-model'
import { exportOnnx } from '../onnx/export-model'
import { inputNames } from '../onnx/graph-builder'
import { Scorer } from '../scoring/scorer'
import { collectInputs } from '../scoring/score-table'
import type { ModelSignature } from '../../../model/training'
import { explainableBoostingParametersSchema } from '../../../model/training-parameters/explainable-boosting'
import { explainableBoostingTrainer, shapeContributions, shapesOf, type ShapesModel } from '.'

interface Made {
  frame: Frame
  margins: Float64Array
  random: Random
}

/** Rows whose margin is a rising, a bent and a joint effect of numbers and one of a text, with missing values. */
function made(rows: number, seed: number): Made {
  const random = new Random(seed)
  const draw = (missing: number) => Float64Array.from({ length: rows }, () => (random.uniform() < missing ? NaN : random.uniform()))
  const number = (values: Float64Array): Column => ({ kind: 'number', values, outOfRange: 0 })
  const [rising, bent, a, b] = [draw(0.1), draw(0), draw(0), draw(0)]
  const categories = ['one', 'two', 'three', 'four']
  const codes = Int32Array.from({ length: rows }, () => random.below(5) - 1)
  const margins = Float64Array.from({ length: rows }, (_, row) => {
    const up = Number.isNaN(rising[row]!) ? -1 : 2 * rising[row]!
    const joint = a[row]! > 0.5 === b[row]! > 0.5 ? 1 : -1
    return up + Math.sin(6 * bent[row]!) + joint + [0.5, -1, 0, 1, -0.5][codes[row]! + 1]! - 1
  })
  const columns: [string, Column][] = [
    ['rising', number(rising)],
    ['bent', number(bent)],
    ['a', number(a)],
    ['b', number(b)],
    ['kind', { kind: 'category', categories, codes }]
  ]
  return { frame: { rows, columns: new Map(columns) }, margins, random }
}

const features = ['rising', 'bent', 'a', 'b', 'kind']

async function learn(frame: Frame, labels: Labels, objective: Objective, given: object, weights: Float64Array | null = null) {
  const warnings: string[] = []
  const learned = await explainableBoostingTrainer.learn({
    ...{ objective, given, seed: 5, features, warnings, progress: {}, validation: null },
    parameters: explainableBoostingParametersSchema.parse({ rounds: 150, bags: 4, pairs: 2, ...given }),
    rows: { frame, labels, weights },
    holdBack: { by: 'random', column: null }
  })
  return { ...learned, warnings }
}

const events = ({ margins, random }: Made): Uint8Array =>
  Uint8Array.from(margins, (margin) => (random.uniform() < 1 / (1 + Math.exp(-margin)) ? 1 : 0))
const amounts = ({ margins, random }: Made): Float64Array => margins.map((margin) => margin + random.uniform())
const logistic: Objective = { name: 'logistic' }

describe('shapes of explainable boosting', () => {
  it('find the effects and the pair that made the rows, centred, with the intercept as the mean margin', async () => {
    const rows = made(4000, 1)
    const { model, features: encodings, training } = await learn(rows.frame, amounts(rows), { name: 'squared' }, { rounds: 400 })
    const table = encodeFeatures(training.frame, encodings)
    const margins = explainableBoostingTrainer.predict(model, encodings, table, { name: 'squared' })
    const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length
    expect(mean(margins)).toBeCloseTo(model.intercept[0]!, 9)
    for (const part of shapeContributions(model, encodings, table)) expect(mean(part)).toBeCloseTo(0, 9)
    expect([model.pairs[0]!.first, model.pairs[0]!.second]).toEqual([2, 3])
    // Their effects are -1, 1 and -0.5.
    const { scores } = model.shapes[4]!
    const of = (text: string): number => scores[encodings[4]!.kept.indexOf(text)]!
    expect(of('three') - of('one')).toBeCloseTo(2, 0)
    expect(of('three') - of('four')).toBeCloseTo(1.5, 0)
    expect(mean(margins.map((margin, row) => (margin - (training.labels as Float64Array)[row]!) ** 2))).toBeLessThan(0.16)
  })

  it('lie within their intervals where the rows allow it', async () => {
    let inside = 0
    let all = 0
    for (let seed = 1; seed <= 6; seed++) {
      const rows = made(1500, seed)
      const learned = await learn(rows.frame, amounts(rows), { name: 'squared' }, { rounds: 300, pairs: 0, bags: 8 })
      // The centred line of the first column: 2 x less its mean over the rows, in the middle of each bin.
      const [shape] = shapesOf(learned.model, learned.features)
      const { edges } = shape!.axes[0]!
      for (let bin = 20; bin + 20 < edges.length; bin += 20) {
        const truth = 2 * ((edges[bin]! + edges[bin - 1]!) / 2) - 0.8
        if (shape!.lower![0]![bin]! <= truth && truth <= shape!.upper![0]![bin]!) inside++
        all++
      }
    }
    expect(inside / all).toBeGreaterThan(0.8)
  }, 120_000)

  it('only rise or fall where they are told to, and the pairs leave those columns alone', async () => {
    const rows = made(1200, 2)
    const { model, features: encodings } = await learn(rows.frame, events(rows), logistic, {
      rising: 'rising',
      falling: 'bent, a',
      pairs: 3
    })
    const values = (feature: number): number[] => model.shapes[feature]!.scores.slice(0, -1)
    const isSorted = (scores: number[]): boolean => scores.every((score, at) => at === 0 || score >= scores[at - 1]!)
    expect(isSorted(values(0))).toBe(true)
    expect(isSorted(values(1).map((score) => -score))).toBe(true)
    expect(values(0).at(-1)! - values(0)[0]!).toBeGreaterThan(0.5)
    for (const { first, second } of model.pairs) expect([0, 1, 2].includes(first) || [0, 1, 2].includes(second)).toBe(false)
    expect(encodings).toHaveLength(5)
    for (const [given, words] of [
      [{ rising: 'height' }, /No feature has the name.*"height"/],
      [{ rising: 'kind' }, /no order.*"kind"/],
      [{ rising: 'a', falling: 'a' }, /cannot only rise and only fall: "a"/]
    ] as const)
      await expect(learn(rows.frame, events(made(1200, 2)), logistic, given)).rejects.toThrow(words)
  })

  it('are the same bits every time', async () => {
    const rows = made(600, 3)
    const labels = events(rows)
    const [one, two] = [await learn(rows.frame, labels, logistic, {}), await learn(rows.frame, labels, logistic, {})]
    expect(JSON.stringify(two.model)).toBe(JSON.stringify(one.model))
    expect(two.history).toEqual(one.history)
  })

  it('count a row of weight two as two rows, and one of weight zero as none', async () => {
    const rows = made(500, 4)
    const labels = amounts(rows)
    const given = { bags: 1, pairs: 0, validationFraction: 0, rounds: 40, minRowsPerLeaf: 1, maxBins: 20 }
    const weighted = await learn(
      rows.frame,
      labels,
      { name: 'squared' },
      given,
      Float64Array.from(labels, (_, row) => (row < 100 ? 2 : row < 400 ? 1 : 0))
    )
    const weightOf = (model: ShapesModel): number => model.shapes[1]!.weights.reduce((sum, weight) => sum + weight, 0)
    expect(weightOf(weighted.model)).toBe(500)
    const half = await learn(
      rows.frame,
      labels,
      { name: 'squared' },
      given,
      Float64Array.from(labels, (_, row) => (row < 100 ? 4 : row < 400 ? 2 : 0))
    )
    // Twice the weight is the same fit but for the penalty, which is small beside it.
    half.model.shapes[1]!.scores.forEach((score, bin) => expect(score).toBeCloseTo(weighted.model.shapes[1]!.scores[bin]!, 1))
  })

  it.each([
    ['poisson', (rows: Made) => rows.margins.map((margin) => Math.floor(Math.exp(margin / 2) + rows.random.uniform()))],
    ['gamma', (rows: Made) => rows.margins.map((margin) => Math.exp(margin / 2) * (0.5 + rows.random.uniform()))]
  ] as const)('predict the mean of the rows by a %s deviance that falls', async (name, draw) => {
    const rows = made(2500, 6)
    const { model, features: encodings, training, history } = await learn(rows.frame, draw(rows), { name }, {})
    expect(history.at(-1)!.trainingLoss).toBeLessThan(0.7 * history[0]!.trainingLoss)
    const margins = explainableBoostingTrainer.predict(model, encodings, encodeFeatures(training.frame, encodings), { name })
    const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, value) => total + value, 0)
    expect(sum(margins.map(Math.exp)) / sum(training.labels)).toBeCloseTo(1, 1)
  })
})

describe('a model of three classes', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shapes-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('has a shape for each class, and states in ONNX Runtime what it states here', async () => {
    const rows = made(1200, 7)
    const labels = Uint16Array.from(rows.margins, (margin) => (margin + rows.random.uniform() < -0.5 ? 0 : margin < 1 ? 1 : 2))
    const objective: Objective = { name: 'softmax', classes: 3 }
    const { model, features: encodings, warnings } = await learn(rows.frame, labels, objective, {})
    expect(warnings.join()).toMatch(/no pairs/)
    const native: NativeModel = {
      schema: 'drydock.native-model',
      version: 1,
      algorithm: 'explainable-boosting',
      objective,
      features: encodings,
      model
    }
    await writeFile(join(folder, 'model.json'), JSON.stringify(native))
    const read = await readNativeModel(join(folder, 'model.json'))
    expect(objectiveOf(read)).toEqual(objective)
    await writeFile(join(folder, 'model.onnx'), exportOnnx(read, 'three', {}))
    const names = inputNames(features)
    const inputs = encodings.map(({ name, kind }, at) => ({
      name,
      input: names[at]!,
      kind,
      tensor: kind === 'category' ? 'string' : 'float'
    }))
    const scorer = await Scorer.start(join(folder, 'model.onnx'), names)
    const { scores } = await scorer
      .score(collectInputs(rows.frame, { inputs } as ModelSignature, 0, 500), 500)
      .finally(() => scorer.close())
    const own = predictNative(read, encodeFeatures(rows.frame, encodings))
    const right = labels.filter((label, row) => {
      const stated = [...own.subarray(row * 3, row * 3 + 3)]
      return stated.indexOf(Math.max(...stated)) === label
    })
    expect(right.length / labels.length).toBeGreaterThan(0.62)
    for (let at = 0; at < 1500; at++) expect(Math.abs(scores[at]! - own[at]!)).toBeLessThan(1e-6)
  })

  it('is refused where its parts do not fit', async () => {
    const rows = made(300, 8)
    const { model, features: encodings } = await learn(rows.frame, events(rows), logistic, { rounds: 20, minRowsPerLeaf: 5 })
    const { check } = explainableBoostingTrainer
    expect(() => check(model, encodings, logistic)).not.toThrow()
    const broken = (change: (copy: ShapesModel) => void): (() => void) => {
      const copy = structuredClone(model)
      change(copy)
      return () => check(copy, encodings, logistic)
    }
    expect(broken((copy) => copy.shapes.pop())).toThrow(/one shape per feature/)
    expect(broken((copy) => copy.shapes[0]!.scores.pop())).toThrow(/scores of "rising"/)
    expect(broken((copy) => copy.shapes[0]!.edges.reverse())).toThrow(/do not rise/)
    expect(broken((copy) => copy.intercept.push(1))).toThrow(/each output/)
    expect(
      broken((copy) => copy.pairs.push({ first: 9, second: 0, firstGroups: [], secondGroups: [], scores: [], halves: [], weights: [] }))
    ).toThrow(/pair/)
  })
})

describe('columns that teach nothing', () => {
  it('are named, and take no part', async () => {
    const rows = made(400, 9)
    const size = rows.frame.rows
    rows.frame.columns.set('bent', { kind: 'number', values: new Float64Array(size).fill(3), outOfRange: 0 })
    rows.frame.columns.set('a', { kind: 'number', values: new Float64Array(size).fill(NaN), outOfRange: 0 })
    const texts = Array.from({ length: size }, (_, row) => `text ${row}`)
    rows.frame.columns.set('kind', { kind: 'category', categories: texts, codes: Int32Array.from(texts.keys()) })
    const { model, warnings, uses } = await learn(rows.frame, events(rows), logistic, {})
    expect(warnings.join('\n')).toMatch(/"bent" has a single value/)
    expect(warnings.join('\n')).toMatch(/"a" has no value at all/)
    expect(warnings.join('\n')).toMatch(/"kind" has \d+ different texts/)
    expect([uses[1], uses[2]]).toEqual([0, 0])
    expect(model.shapes[4]!.scores).toHaveLength(2)
    expect([...model.shapes[4]!.scores].every((score) => Math.abs(score) < 1e-12)).toBe(true)
  })
})
