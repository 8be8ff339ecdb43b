import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dependenceSchema, type Dependence, type DependenceScale } from '../../../model/dependence'
import type { Sha256 } from '../../../model/reference'
import { modelSignatureSchema, type ModelSignature } from '../../../model/training'
import type { Frame } from '../../frames'
import { encodeModel } from '../../training/onnx/messages'
import { columnFrom } from '../cells'
import { ModelExplainer } from '../model-explainer'
import type { ExplainMethod } from '../spaces'
import { measureDependence, type DependenceOptions } from './measure'

interface Curve {
  feature: string
  scale: DependenceScale
  output: number
  grid: (number | string)[]
  mean: number[]
  lines: number[][]
  effect: number[]
}
interface Fixture {
  rows: Record<'a' | 'b' | 'c', number[]> & { kind: string[] }
  parts: number
  order: string[]
  cases: { task: 'binary' | 'multiclass' | 'regression'; onnx: string; curves: Curve[] }[]
}
const fixture = JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/dependence.json'), 'utf8')) as Fixture
const frame: Frame = {
  rows: fixture.rows.a.length,
  columns: new Map(Object.entries(fixture.rows).map(([name, cells]) => [name, columnFrom(name === 'kind' ? 'category' : 'number', cells)]))
}

const targets = {
  binary: { name: 'y', kind: 'number', positive: 1, negatives: [0] },
  multiclass: { name: 'y', kind: 'number', classes: [0, 1, 2] },
  regression: { name: 'y', objective: 'squared' }
}
function signatureOf(task: Fixture['cases'][number]['task']): ModelSignature {
  const number = (name: string) => ({ name, input: name, kind: 'number', tensor: 'float', missing: 'NaN', missingShare: 0 })
  return modelSignatureSchema.parse({
    ...{ schema: 'drydock.model-signature', version: 1, task: task === 'regression' ? task : `${task}-classification` },
    ...{ target: targets[task], algorithm: 'script', notes: [] },
    inputs: [
      ...['a', 'b', 'c'].map(number),
      { name: 'kind', input: 'kind', kind: 'category', tensor: 'string', missing: 'empty string', missingShare: 0 }
    ],
    outputs: [{ name: task === 'regression' ? 'prediction' : 'probabilities', tensor: 'float', shape: '[N, K]', description: '' }]
  })
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dependence-'))
  for (const { task, onnx } of fixture.cases) await writeFile(join(folder, `${task}.onnx`), Buffer.from(onnx, 'base64'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function measure(
  task: Fixture['cases'][number]['task'],
  more: Partial<DependenceOptions> = {},
  method: ExplainMethod = 'auto'
): Promise<Dependence> {
  const signature = signatureOf(task)
  const explainer = await ModelExplainer.open({ model: join(folder, `${task}.onnx`), signature, background: frame, method })
  try {
    const model = { sha256: 'a'.repeat(64) as Sha256 }
    return await measureDependence(explainer, { model, signature, frame, grid: fixture.parts, lines: frame.rows, seed: 1, ...more })
  } finally {
    await explainer.close()
  }
}

const most = (own: readonly (number | null)[], theirs: readonly number[]): number => {
  expect(own).toHaveLength(theirs.length)
  return own.reduce<number>((worst, each, at) => Math.max(worst, Math.abs(each! - theirs[at]!)), 0)
}

describe('curves of dependence equal those of scikit-learn and the formulas of accumulated effects', () => {
  for (const { task, curves } of fixture.cases)
    it(`for the task ${task}`, async () => {
      const found = await measure(task)
      expect(dependenceSchema.parse(found)).toEqual(found)
      expect(found).toMatchObject({
        rows: 90,
        chosen: 'all',
        by: 'contribution',
        margin: task === 'regression' ? null : expect.any(String)
      })
      let compared = 0
      for (const theirs of curves) {
        const feature = found.features.find((each) => each.feature === theirs.feature)!
        expect(feature.grid).toEqual(theirs.grid)
        const own = feature.curves.find((each) => each.scale === theirs.scale && each.output === found.outputs[theirs.output])!
        expect(most(own.mean, theirs.mean)).toBeLessThan(1e-6)
        expect(most(own.effect, theirs.effect)).toBeLessThan(1e-6)
        // Lines stand by their height: each of the reference is one of them.
        for (const line of theirs.lines) expect(Math.min(...own.lines.map((each) => most(each, line)))).toBeLessThan(1e-5)
        compared++
      }
      expect(compared).toBe({ binary: 8, multiclass: 24, regression: 4 }[task])
    })

  it('orders texts by how alike their rows are, and shares add up to one', async () => {
    const { features } = await measure('binary', { features: ['kind', 'a'] })
    expect(features.map(({ feature, order }) => [feature, order])).toEqual([
      ['kind', 'similarity'],
      ['a', 'value']
    ])
    expect(features[0]!.grid).toEqual(fixture.order)
    for (const { share } of features) expect(share.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 12)
  })
})

describe('models and rows that are not as usual', () => {
  it('a black box has the same answers, and log-odds of them as margins', async () => {
    const [own, black] = [await measure('binary', { features: ['a'] }), await measure('binary', { features: ['a'] }, 'kernel')]
    const curve = (of: Dependence, scale: DependenceScale) => of.features[0]!.curves.find((each) => each.scale === scale)!
    expect(curve(black, 'answer')).toEqual(curve(own, 'answer'))
    expect(black.margin).toBe('log-odds')
    expect(most(curve(black, 'margin').effect, curve(own, 'margin').effect as number[])).toBeLessThan(1e-4)
  })

  it('missing values are a point of their own, without an effect, and a column of one value has no steps', async () => {
    const gaps = Float64Array.from(fixture.rows.a, (value, row) => (row % 3 === 0 ? NaN : value))
    const columns = new Map(frame.columns)
      .set('a', { kind: 'number', values: gaps, outOfRange: 0 })
      .set('c', { kind: 'number', values: new Float64Array(frame.rows).fill(2), outOfRange: 0 })
    const { features } = await measure('regression', { frame: { rows: frame.rows, columns }, features: ['a', 'c'] })
    const [a, c] = features
    expect(a!.grid.at(-1)).toBeNull()
    expect(a!.share.at(-1)).toBe(30 / 90)
    const { effect, mean } = a!.curves[0]!
    expect(effect.map((each) => each === null)).toEqual(a!.grid.map((each) => each === null))
    expect(mean.every(Number.isFinite)).toBe(true)
    expect(c).toMatchObject({ grid: [2], share: [1] })
    expect(c!.curves[0]!.effect).toEqual([0])
  })

  it('missing values that the model has no answer to are left out, and other such values are refused by their column', async () => {
    const model = join(folder, 'root.onnx')
    const root = { operator: 'Sqrt', domain: '', name: 'root', inputs: ['a'], outputs: ['prediction'], attributes: {} }
    const file = { producer: 'test', producerVersion: '1', graphName: 'g', description: '', operatorSets: { '': 17 }, metadata: {} }
    const column = (name: string) => ({ name, type: 'float' as const, dimensions: ['N', 1] })
    await writeFile(
      model,
      encodeModel({ ...file, nodes: [root], initializers: [], inputs: [column('a')], outputs: [column('prediction')] })
    )
    const whole = signatureOf('regression')
    const signature = { ...whole, inputs: [{ ...whole.inputs[0]!, missingShare: 0.1 }] }
    const over = (values: number[]): Frame => ({ rows: values.length, columns: new Map([['a', columnFrom('number', values)]]) })
    const explainer = await ModelExplainer.open({ model, signature, background: over([1, 4, 9]) })
    const drawn = (values: number[]) =>
      measureDependence(explainer, { model: { sha256: 'a'.repeat(64) as Sha256 }, signature, frame: over(values), grid: 5, seed: 1 })
    try {
      const found = await drawn([1, 4, 9])
      expect(dependenceSchema.parse(JSON.parse(JSON.stringify(found)))).toEqual(found)
      expect(found.features[0]).toMatchObject({ grid: [1, 4, 9], curves: [{ mean: [1, 2, 3] }] })
      await expect(drawn([-1, 4, 9])).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('"a" is -1') })
    } finally {
      await explainer.close()
    }
  })

  it('refuses a column, a class and a table that are not there, each by its name', async () => {
    await expect(measure('binary', { features: ['kinds'] })).rejects.toThrow(
      'no column "kinds". It has: "a", "b", "c", "kind". Did you mean "kind"?'
    )
    await expect(measure('multiclass', { outputs: ['7'] })).rejects.toThrow('no class "7"')
    await expect(measure('binary', { features: [] })).rejects.toThrow('No column was named')
    await expect(measure('binary', { frame: { rows: 0, columns: new Map() } })).rejects.toThrow('no rows')
  })
})

it('a document whose curves do not fit its grid is none', async () => {
  const curve = { output: 'y', scale: 'answer', mean: [1, 2], low: [0, 1], high: [2, 3], effect: [-1, 1], lines: [[1, 2]] }
  const withCurve = (change: object, more: object = {}) => ({
    ...{ schema: 'drydock.dependence', version: 1, model: { sha256: 'a'.repeat(64) }, task: 'regression', target: 'y', seed: 1 },
    ...{ rows: 10, lines: 1, outputs: ['y'], chosen: 'all', answer: 'amount', margin: null, by: 'asked', narrative: [] },
    features: [
      {
        ...{ feature: 'a', kind: 'number', grid: [0, 1], share: [0.5, 0.5], order: 'value', leftOut: 0, ...more },
        curves: [{ ...curve, ...change }]
      }
    ]
  })
  const fits = (document: unknown) => dependenceSchema.safeParse(document).success
  expect(fits(withCurve({}))).toBe(true)
  for (const change of [
    { mean: [1] },
    { low: [0, 1, 2] },
    { high: [] },
    { effect: [null] },
    { lines: [[1]] },
    {
      lines: [
        [1, 2],
        [1, 2]
      ]
    },
    { output: 'z' }
  ])
    expect(fits(withCurve(change)), JSON.stringify(change)).toBe(false)
  expect(fits(withCurve({}, { share: [1] }))).toBe(false)
})
