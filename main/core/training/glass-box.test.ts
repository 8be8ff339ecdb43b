import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  glassBoxSchema,
  probabilityOf,
  reachOfPoints,
  type GlassBox,
  type PointsDrawing,
  type ShapeAxis,
  type ShapesDrawing
} from '../../model/glass-box'
import { modelSignatureSchema, readAs, type Algorithm } from '../../model/training'
import { syntheticRows, writeArrow } from './fixtures/synthetic'
import { glassBoxOf } from './glass-box'
import { scoreTable } from './scoring/score-table'
import { trainModel } from './train-model'
import type { TrainOptions } from './train-options'

let folder: string
let table: string
const cells = syntheticRows(900, 11)
/** Asks for a pair: neither of the two columns says anything alone. */
const alike = cells.load.map((load, row) => (load > 5 === cells.noise[row]! > 0.5) !== (row % 7 === 0))
const rows = cells.damaged.map((_, row) =>
  Object.fromEntries(Object.entries({ ...cells, alike }).map(([name, values]) => [name, values[row]]))
)
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'glass-box-'))
  table = await writeArrow(join(folder, 'rows.arrow'), { ...cells, alike })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A model with what it answers in ONNX to the rows, and its document as a reader gets it: from JSON. */
async function made(algorithm: Algorithm, more: Partial<TrainOptions> = {}) {
  const outputDirectory = join(folder, `${algorithm}-${more.task ?? 'binary'}`)
  await trainModel({ table, target: 'damaged', algorithm, seed: 3, outputDirectory, ...more })
  const text = (name: string): string => readFileSync(join(outputDirectory, name), 'utf8')
  const signature = modelSignatureSchema.parse(JSON.parse(text('signature.json')))
  const scored = await scoreTable({ model: join(outputDirectory, 'model.onnx'), signature, table })
  const drawn = glassBoxOf(text('model.json'), signature)
  return { scores: scored.scores, width: scored.width, box: drawn && glassBoxSchema.parse(JSON.parse(JSON.stringify(drawn))) }
}

/** The bin that a reader finds for a value, by edges and names alone. */
function binOf({ kind, edges, names }: ShapeAxis, value: unknown): number {
  const missing = names.length - 1
  if (value === null || value === undefined) return missing
  if (kind === 'category') return names.includes(String(value)) ? names.indexOf(String(value)) : missing - 1
  const above = edges.findIndex((edge) => Math.fround(Number(value)) <= Math.fround(edge))
  return above < 0 ? edges.length : above
}

const sumOf = ({ intercept, shapes }: ShapesDrawing, row: Record<string, unknown>, output = 0): number =>
  shapes.reduce((sum, { axes, scores }) => {
    const [first, second] = axes.map((axis) => binOf(axis, row[axis.feature]))
    return sum + scores[output]![second === undefined ? first! : first! * axes[1]!.names.length + second]!
  }, intercept[output]!)

const farthest = (expected: readonly number[], found: ArrayLike<number>): number =>
  expected.reduce((most, value, at) => Math.max(most, Math.abs(value - found[at]!)), 0)

const asShapes = (box: GlassBox | null): ShapesDrawing => {
  if (box?.kind !== 'shapes') throw new Error('no shapes')
  return box
}

describe('the drawn shapes', () => {
  it('are the whole model: added up by hand they give what the exported model answers, pairs and missing values included', async () => {
    const { box, scores } = await made('explainable-boosting', {
      ...{ target: 'alike', features: ['load', 'age', 'noise', 'phase'] },
      parameters: { rounds: 200, bags: 3, pairs: 2 }
    })
    const drawing = asShapes(box)
    expect(drawing).toMatchObject({ margin: 'log-odds', classes: null, bags: 3, target: 'alike' })
    expect(drawing.shapes.filter(({ axes }) => axes.length === 2).length).toBeGreaterThan(0)
    expect(
      farthest(
        rows.map((row) => 1 / (1 + Math.exp(-sumOf(drawing, row)))),
        scores
      )
    ).toBeLessThan(1e-6)
    for (const {
      scores: [own],
      lower,
      upper,
      weights
    } of drawing.shapes) {
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeGreaterThan(700)
      own!.forEach((score, bin) => expect(lower![0]![bin]! <= score && score <= upper![0]![bin]!).toBe(true))
    }
  })

  it('are amounts of an amount, their logarithm of a count, and one for each class of several', async () => {
    const amount = await made('explainable-boosting', { task: 'regression', target: 'count', parameters: { rounds: 100, bags: 1 } })
    expect(asShapes(amount.box)).toMatchObject({ margin: 'amount', bags: 1 })
    expect(asShapes(amount.box).shapes[0]!.lower).toBeNull()
    expect(
      farthest(
        rows.map((row) => sumOf(asShapes(amount.box), row)),
        amount.scores
      )
    ).toBeLessThan(1e-4)
    const count = await made('explainable-boosting', {
      task: 'regression',
      target: 'count',
      objective: 'poisson',
      parameters: { rounds: 50 }
    })
    expect(asShapes(count.box).margin).toBe('log of the amount')
    const several = await made('explainable-boosting', { task: 'multiclass', target: 'phase', parameters: { rounds: 50, bags: 1 } })
    const drawing = asShapes(several.box)
    expect(drawing.classes).toHaveLength(6)
    const [row] = rows.filter(({ phase }) => phase !== null)
    const exp = drawing.classes!.map((_, output) => Math.exp(sumOf(drawing, row!, output)))
    const total = exp.reduce((sum, each) => sum + each, 0)
    const at = rows.indexOf(row!) * several.width
    expect(
      farthest(
        exp.map((each) => each / total),
        several.scores.subarray(at, at + several.width)
      )
    ).toBeLessThan(1e-6)
  })
})

describe('the table of points', () => {
  it('has the reach of the scores, and every probability of the model is one of its sums', async () => {
    const { box, scores } = await made('scorecard')
    const drawing = box as PointsDrawing
    expect([drawing.kind, drawing.event]).toEqual(['points', true])
    const { least, most } = reachOfPoints(drawing)
    const byColumn = new Map<string, Map<string, number>>()
    for (const { feature, bin, points } of drawing.lines) byColumn.set(feature, (byColumn.get(feature) ?? new Map()).set(bin, points))
    let sums = new Set([drawing.basePoints])
    for (const lines of byColumn.values()) sums = new Set([...sums].flatMap((sum) => [...lines.values()].map((points) => sum + points)))
    expect([Math.min(...sums), Math.max(...sums)]).toEqual([least, most])
    const possible = [...sums].map((points) => probabilityOf(drawing, points))
    for (const score of scores) expect(possible.some((each) => Math.abs(each - score) < 1e-6)).toBe(true)
  })
})

it('models of other kinds have no such document, and the name of an algorithm says so before', async () => {
  const { box } = await made('gradient-boosting', { parameters: { trees: 5 } })
  expect(box).toBeNull()
  expect(['gradient-boosting', 'scorecard', 'explainable-boosting', 'script'].map(readAs)).toEqual([null, 'points', 'shapes', null])
})
