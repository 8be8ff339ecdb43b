import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { gradientBoostingParametersSchema } from '../../model/training'
import { rounds } from '../../testing/deep'
import { selectRows, type Column, type Frame } from '../frames'
import { Random } from '../numerics'
import { binaryTask } from '../tasks'
import { fitModel, type FitRequest } from './fit-model'
import { encodeFeatures } from './features'
import { syntheticRows } from './fixtures/synthetic'
import { predictNative } from './native-model'

interface SmallSet {
  cells: Record<string, (number | string | null)[]>
  labels: Uint8Array
}

const frameOf = ({ cells, labels }: SmallSet): Frame => ({
  rows: labels.length,
  columns: new Map(
    Object.entries(cells).map(([name, values]): [string, Column] => {
      if (values.every((value) => typeof value !== 'string'))
        return [name, { kind: 'number', values: Float64Array.from(values, (value) => value ?? NaN), outOfRange: 0 }]
      const categories = [...new Set(values.filter((value) => value !== null))].map(String)
      return [
        name,
        {
          kind: 'category',
          categories,
          codes: Int32Array.from(values, (value) => (value === null ? -1 : categories.indexOf(String(value))))
        }
      ]
    })
  )
})

/** Columns that say nothing of an outcome with a given share of positives. */
function noise(rows: number, share: number, seed: number): SmallSet {
  const random = new Random(seed)
  const draw = () => Array.from({ length: rows }, () => random.uniform())
  const cells = Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`x${at}`, draw()]))
  const town = Array.from({ length: rows }, () => `town ${random.below(30)}`)
  return { cells: { ...cells, town }, labels: Uint8Array.from({ length: rows }, () => (random.uniform() < share ? 1 : 0)) }
}

function weak(rows: number, seed: number): SmallSet {
  const { damaged, ...cells } = syntheticRows(rows, seed)
  return { cells, labels: Uint8Array.from(damaged, Number) }
}

type Json = Record<string, number | string | null>[]
const vega = (name: string): Json => JSON.parse(readFileSync(join('node_modules', 'vega-datasets', 'data', name), 'utf8')) as Json
function real(name: string, columns: readonly string[], isEvent: (row: Json[number]) => boolean): SmallSet {
  const rows = vega(name)
  return {
    cells: Object.fromEntries(columns.map((column) => [column, rows.map((row) => row[column] ?? null)])),
    labels: Uint8Array.from(rows, (row) => Number(isEvent(row)))
  }
}

/** Name, rows, and how much of the base rate's log loss may be left; nothing is to be learned from the first four. */
const sets: [string, SmallSet, number][] = [
  ['noise, 150 rows, 20%', noise(150, 0.2, 1), 1.1],
  ['noise, 300 rows, 20%', noise(300, 0.2, 2), 1.06],
  ['noise, 600 rows, 10%', noise(600, 0.1, 3), 1.05],
  ['noise, 1500 rows, 20%', noise(1500, 0.2, 4), 1.03],
  ['weak signal, 300 rows', weak(300, 5), 0.95],
  ['weak signal, 1000 rows', weak(1000, 6), 0.8],
  [
    'penguins: Gentoo',
    real('penguins.json', ['Island', 'Beak Length (mm)', 'Body Mass (g)', 'Sex'], (row) => row.Species === 'Gentoo'),
    0.35
  ],
  [
    'penguins: sex',
    real('penguins.json', ['Species', 'Beak Depth (mm)', 'Beak Length (mm)', 'Body Mass (g)'], (row) => row.Sex === 'MALE'),
    0.75
  ],
  [
    'cars: from the USA',
    real('cars.json', ['Miles_per_Gallon', 'Displacement', 'Horsepower', 'Weight_in_lbs', 'Acceleration'], (row) => row.Origin === 'USA'),
    0.75
  ]
]

const task = binaryTask

/** Mean log loss on the three tenths that were not learned from, and that of the base rate of the others. */
async function judge(set: SmallSet, parameters: object, seed: number) {
  const order = new Random(seed, 9).shuffle(Uint32Array.from(set.labels.keys()))
  const cut = Math.round(order.length * 0.7)
  const frame = frameOf(set)
  const part = (rows: Uint32Array) => ({
    frame: selectRows(frame, rows),
    labels: Uint8Array.from(rows, (row) => set.labels[row]!),
    weights: null
  })
  const [rows, test] = [part(order.slice(0, cut)), part(order.slice(cut))]
  const request = {
    task,
    target: { name: 'y', positive: 1, negatives: [0] },
    objective: { name: 'logistic' },
    algorithm: 'gradient-boosting',
    parameters,
    seed,
    features: Object.keys(set.cells),
    rows,
    validation: null,
    holdBack: { by: 'random', column: null }
  } satisfies FitRequest
  const { native } = await fitModel(request, [], {})
  const { log_loss, gain } = task.baseline.compare(
    test,
    predictNative(native, encodeFeatures(test.frame, native.features)),
    task.baseline.of(rows)
  )
  return { base: log_loss, model: log_loss - gain.value }
}

describe('the defaults of boosting on small tables', () => {
  it.each(sets)('%s: no worse than the base rate, and better where there is something to learn', async (name, set, most) => {
    const repeats = rounds(3, 20)
    let base = 0
    let model = 0
    for (let seed = 1; seed <= repeats; seed++) {
      const found = await judge(set, {}, seed)
      base += found.base / repeats
      model += found.model / repeats
    }
    console.log(`${name}: log loss ${model.toFixed(3)}, base rate ${base.toFixed(3)}`)
    expect(model / base).toBeLessThan(most)
  })

  it('are what keeps it from overfitting: without them the same rows cost half as much again as the base rate', async () => {
    const before = { trees: 200, learningRate: 0.1, maxLeaves: 31, l2: 0, validationFraction: 0, earlyStoppingRounds: 0 }
    const { base, model } = await judge(noise(600, 0.2, 3), before, 1)
    expect(model / base).toBeGreaterThan(1.5)
    expect(gradientBoostingParametersSchema.parse({})).toMatchObject({ earlyStoppingRounds: 30, validationFraction: 0.15 })
  })
})
