import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import type { ProbabilityMap } from '../../model/calibration'
import { Random } from '../numerics'
import { readOnnx } from '../onnx-file'
import { encodeModel } from '../training/onnx/messages'
import { applyMaps } from './apply-maps'
import { calibrateGraph } from './calibrate-graph'

/** A graph that states its inputs, one for each class; of a yes or no the rest goes to the other outcome. */
function stating(classes: number): Uint8Array {
  const names = classes === 2 ? ['p'] : Array.from({ length: classes }, (_, k) => `p${k}`)
  const two = [
    { operator: 'Sub', name: 'rest', inputs: ['one', 'p'], outputs: ['other'] },
    {
      operator: 'Concat',
      name: 'both',
      inputs: ['other', 'p'],
      outputs: ['probabilities'],
      attributes: { axis: { type: 'int' as const, value: 1 } }
    }
  ]
  const many = [
    { operator: 'Concat', name: 'all', inputs: names, outputs: ['probabilities'], attributes: { axis: { type: 'int' as const, value: 1 } } }
  ]
  const label = {
    operator: 'ArgMax',
    name: 'most',
    inputs: ['probabilities'],
    outputs: ['label'],
    attributes: { axis: { type: 'int' as const, value: 1 }, keepdims: { type: 'int' as const, value: 0 } }
  }
  return encodeModel({
    graphName: 'stating',
    operatorSets: { '': 17 },
    producer: 'test',
    producerVersion: '1',
    description: '',
    nodes: [...(classes === 2 ? two : many), label],
    initializers: classes === 2 ? [{ name: 'one', type: 'float', dimensions: [1, 1], values: [1] }] : [],
    inputs: names.map((name) => ({ name, type: 'float', dimensions: ['N', 1], description: '' })),
    outputs: [
      { name: 'label', type: 'int64', dimensions: ['N'], description: '' },
      { name: 'probabilities', type: 'float', dimensions: ['N', classes], description: '' }
    ],
    metadata: {}
  })
}

async function run(maps: readonly ProbabilityMap[], stated: Float32Array, width: number) {
  const classes = width === 1 ? 2 : width
  const original = stating(classes)
  const { bytes, before } = calibrateGraph(original, readOnnx(original, 'stating'), maps, classes)
  const session = await InferenceSession.create(Buffer.from(bytes))
  const rows = stated.length / width
  const feeds = Object.fromEntries(
    session.inputNames.map((name, k) => [
      name,
      new Tensor(
        'float32',
        Float32Array.from({ length: rows }, (_, row) => stated[row * width + k]!),
        [rows, 1]
      )
    ])
  )
  const out = await session.run(feeds)
  const own = Array.from({ length: rows }, (_, row) => row)
  const take = (values: ArrayLike<number>): number[] =>
    own.flatMap((row) => (width === 1 ? [values[2 * row + 1]!] : Array.from({ length: width }, (_, k) => values[row * width + k]!)))
  return {
    after: take(out.probabilities!.data as Float32Array),
    before: take(out[before]!.data as Float32Array),
    labels: Array.from(out.label!.data as BigInt64Array, Number)
  }
}

const random = new Random(7)
const uniform = (): number => random.uniform()
const rising = (count: number): number[] => Array.from({ length: count }, uniform).sort((a, b) => a - b)
const stated = Float32Array.from([0, 1, 1e-30, 1e-9, 1 - 2 ** -24, 0.5, ...Array.from({ length: 3000 }, uniform)])

const isotonicOf = (points: number): ProbabilityMap => ({
  method: 'isotonic',
  x: [...new Set(rising(points).map(Math.fround))],
  y: rising(points).slice(0, points)
})
const maps: [string, ProbabilityMap][] = [
  ['platt', { method: 'platt', slope: 0.43, intercept: -0.7 }],
  ['beta', { method: 'beta', a: 0.4, b: 1.7, c: 0.3 }],
  ['temperature', { method: 'temperature', temperature: 2.3 }],
  ['isotonic of one point', isotonicOf(1)],
  ['isotonic of one line', isotonicOf(2)],
  ['isotonic of three points', isotonicOf(3)],
  ['isotonic of 200 points', isotonicOf(200)]
]

describe('a calibrated graph in ONNX Runtime', () => {
  it.each(maps)('%s: gives the correction of what it stated before, a yes from one half on', async (_, map) => {
    const found = await run([map], stated, 1)
    expect(found.before).toEqual([...stated])
    const wanted = applyMaps([map], Float64Array.from(stated), 1)
    wanted.forEach((p, row) => {
      expect(Math.abs(found.after[row]! - p)).toBeLessThan(1e-7)
      expect(found.labels[row]).toBe(found.after[row]! >= 0.5 ? 1 : 0)
    })
  })

  it.each([
    ['one against the rest', [isotonicOf(40), { method: 'platt', slope: 2, intercept: 0.1 }, { method: 'beta', a: 0.2, b: 0.9, c: -1 }]],
    ['temperature', [{ method: 'temperature', temperature: 0.6 }]],
    ['curves that are zero', [0, 1, 2].map(() => ({ method: 'isotonic', x: [0.3, 0.6], y: [0, 1] }))]
  ] as [string, ProbabilityMap[]][])('%s: three classes add up to 1', async (_, own) => {
    const rows = Array.from({ length: 2000 }, () => [uniform(), uniform(), uniform()])
    const three = Float32Array.from([
      1 / 3,
      1 / 3,
      1 / 3,
      0.25,
      0.25,
      0.25,
      ...rows.flatMap((row) => row.map((p) => p / (row[0]! + row[1]! + row[2]!)))
    ])
    const found = await run(own, three, 3)
    const wanted = applyMaps(own, Float64Array.from(three), 3)
    wanted.forEach((p, at) => expect(Math.abs(found.after[at]! - p)).toBeLessThan(1e-7))
    for (let row = 0; row < wanted.length / 3; row++)
      expect(found.after[3 * row]! + found.after[3 * row + 1]! + found.after[3 * row + 2]!).toBeCloseTo(1, 6)
  })

  it.each(maps)('%s: gives no probability where the model gave none', async (_, map) => {
    const { after } = await run([map], Float32Array.of(0.3, NaN, 0.6), 1)
    expect(after.map(Number.isNaN)).toEqual([false, true, false])
  })
})
