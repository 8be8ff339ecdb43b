import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { counterfactualsSchema, type ColumnRule, type Counterfactuals } from '../../../model/counterfactual'
import { modelSignatureSchema, type ModelSignature } from '../../../model/training'
import { selectRows, type Frame } from '../../frames'
import { scoreFrame, startScorer, type Scorer } from '../../training'
import { columnFrom, repeatRows, withColumn } from '../cells'
import { cellOf } from '../summary'
import { nearestCounterfactuals, type CounterfactualOptions } from './nearest'

type Task = 'binary' | 'multiclass' | 'regression'
interface Fixture {
  rows: Record<string, (number | string)[]>
  cases: { task: Task; onnx: string }[]
}
const fixture = JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/dependence.json'), 'utf8')) as Fixture
const names = Object.keys(fixture.rows)
const training: Frame = {
  rows: fixture.rows.a!.length,
  columns: new Map(names.map((name) => [name, columnFrom(name === 'kind' ? 'category' : 'number', fixture.rows[name]!)]))
}
const targets = {
  binary: { name: 'y', kind: 'number', positive: 1, negatives: [0] },
  multiclass: { name: 'y', kind: 'number', classes: [0, 1, 2] },
  regression: { name: 'y', objective: 'squared' }
}
const signatureOf = (task: Task): ModelSignature =>
  modelSignatureSchema.parse({
    ...{ schema: 'drydock.model-signature', version: 1, task: task === 'regression' ? task : `${task}-classification` },
    ...{ target: targets[task], algorithm: 'script', notes: [] },
    outputs: [{ name: task === 'regression' ? 'prediction' : 'probabilities', tensor: 'float', shape: '[N, K]', description: '' }],
    inputs: names.map((name) =>
      name === 'kind'
        ? { name, input: name, kind: 'category', tensor: 'string', missing: 'empty string', missingShare: 0 }
        : { name, input: name, kind: 'number', tensor: 'float', missing: 'NaN', missingShare: 0 }
    )
  })

let folder: string
const scorers = new Map<Task, Scorer>()
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterfactual-'))
  for (const { task, onnx } of fixture.cases) {
    const path = join(folder, `${task}.onnx`)
    await writeFile(path, Buffer.from(onnx, 'base64'))
    scorers.set(task, await startScorer(path, signatureOf(task)))
  }
})
afterAll(async () => {
  for (const scorer of scorers.values()) await scorer.close()
  await rm(folder, { recursive: true, force: true })
})

const answering = (task: Task) => ({
  score: async (frame: Frame) => (await scoreFrame(scorers.get(task)!, signatureOf(task), frame)).scores
})
const rowOf = (row: number): Frame => selectRows(training, Uint32Array.of(row))
const find = (task: Task, row: number, more: Partial<CounterfactualOptions> = {}): Promise<Counterfactuals> =>
  nearestCounterfactuals(answering(task), { signature: signatureOf(task), row: rowOf(row), number: row + 1, training, ...more })

/** Puts each told row to the model again. */
async function proved(task: Task, row: number, found: Counterfactuals): Promise<Float64Array[]> {
  return Promise.all(
    found.found.map(({ changes }) => {
      const changed = changes.reduce(
        (frame, { feature, to }) => withColumn(frame, feature, columnFrom(feature === 'kind' ? 'category' : 'number', [to])),
        rowOf(row)
      )
      return answering(task).score(changed)
    })
  )
}

const rangeOf = (name: string): number => {
  const values = fixture.rows[name] as number[]
  return Math.max(...values) - Math.min(...values)
}

/** The least distance of a change of one column to any value of training that crosses a half, by trying all. */
async function bestSingle(row: number): Promise<number> {
  const before = (await answering('binary').score(rowOf(row)))[0]!
  let best = Infinity
  for (const name of names) {
    const values = [...new Set<number | string>(fixture.rows[name])]
    const kind = name === 'kind' ? 'category' : 'number'
    const scores = await answering('binary').score(withColumn(repeatRows(rowOf(row), values.length), name, columnFrom(kind, values)))
    const own = cellOf(training, name, row)
    values.forEach((value, at) => {
      if (scores[at]! < 0.5 === before < 0.5) return
      const distance = typeof value === 'number' ? Math.abs(value - (own as number)) / rangeOf(name) : 1
      best = Math.min(best, distance / names.length)
    })
  }
  return best
}

describe('the nearest rows with another answer', () => {
  it('of a yes or no cross the decision, are the nearest of one column that there are, and the same each time', async () => {
    let singles = 0
    for (const row of [0, 5, 11, 23, 42, 77]) {
      const found = await find('binary', row)
      expect(counterfactualsSchema.parse(found)).toEqual(found)
      expect(await find('binary', row)).toEqual(found)
      const scores = await proved('binary', row, found)
      found.found.forEach(({ score, changes }, at) => {
        expect(score).toBe(scores[at]![0])
        expect(score < 0.5).toBe(found.score >= 0.5)
        for (const { feature, from, to } of changes) {
          expect(from).toBe(cellOf(training, feature, row))
          expect(fixture.rows[feature]).toContain(to)
        }
      })
      const best = await bestSingle(row)
      if (best === Infinity) expect(found.found.every(({ changes }) => changes.length > 1)).toBe(true)
      else {
        singles++
        expect(found.found[0]!.changes).toHaveLength(1)
        expect(found.found[0]!.distance).toBeCloseTo(best, 12)
      }
    }
    expect(singles).toBeGreaterThan(2)
  })

  it('are on the other side of what the model decides by, where that is no half', async () => {
    const told: string[] = []
    for (const row of [0, 5, 11, 23, 42, 77]) {
      const { score, wanted, found, narrative } = await find('binary', row, { decidesFrom: 0.6 })
      expect(wanted).toEqual(score < 0.6 ? { atLeast: 0.6 } : { below: 0.6 })
      for (const each of found) expect(each.score < 0.6).toBe(score >= 0.6)
      if (found.length > 0) told.push(narrative.at(-1)!)
    }
    expect(told.length).toBeGreaterThan(2)
    for (const words of told) expect(words).toMatch(/These are the nearest that were found, with [\d,]+ changed rows put to the model/)
  })

  it('keep every rule: columns that stay, only rise, or stay in a range; texts that are allowed', async () => {
    const rules: Record<string, ColumnRule> = { a: { immutable: true }, b: { only: 'rising', max: 1.5 }, kind: { values: ['high', 'top'] } }
    let told = 0
    for (let row = 0; row < 30; row++) {
      const { found, immutable } = await find('binary', row, { rules })
      expect(immutable).toEqual(['a'])
      for (const { feature, from, to } of found.flatMap(({ changes }) => changes)) {
        told++
        expect(feature).not.toBe('a')
        if (feature === 'b') {
          expect(to as number).toBeGreaterThan(from as number)
          expect(to as number).toBeLessThanOrEqual(1.5)
        }
        if (feature === 'kind') expect(['high', 'top']).toContain(to)
      }
    }
    expect(told).toBeGreaterThan(10)
  })

  it('of classes make the wanted one the likeliest, and of amounts come within the bounds', async () => {
    const classes = await find('multiclass', 3, { wanted: { output: '2' } })
    for (const scores of await proved('multiclass', 3, classes)) expect(scores.indexOf(Math.max(...scores))).toBe(2)
    expect(classes.found.length).toBeGreaterThan(0)
    const other = await find('multiclass', 3)
    expect(other.output).not.toBe(
      String((await answering('multiclass').score(rowOf(3))).reduce((best, each, at, all) => (each > all[best]! ? at : best), 0))
    )
    const amounts = await find('regression', 3, { wanted: { atLeast: 1.5, below: 2.5 } })
    for (const [amount] of await proved('regression', 3, amounts)) expect(amount! >= 1.5 && amount! < 2.5).toBe(true)
    expect(amounts.found.length).toBeGreaterThan(0)
  })

  it('are none where none is within reach, or none is needed, and that is said', async () => {
    const rules = { a: { immutable: true }, b: { immutable: true }, c: { immutable: true } }
    const none = await find('regression', 3, { rules, wanted: { atLeast: 1e6 } })
    expect(none.found).toEqual([])
    expect(none.asked).toBeGreaterThan(2)
    expect(none.narrative.join()).toMatch(
      /No change of up to 1 column within the rules was found that gives row 4 "y" at least 1000000. The search is not complete: it put \d+ changed rows to the model/
    )
    const there = await find('regression', 3, { wanted: { below: 1e6 } })
    expect(there.found).toEqual([])
    expect(there.narrative.join()).toContain('is what is wanted already')
  })

  it('refuses rules and wishes that cannot be, each by its column', async () => {
    const refused = (more: Partial<CounterfactualOptions>, task: Task = 'binary') => expect(find(task, 3, more)).rejects
    const all = Object.fromEntries(names.map((name) => [name, { immutable: true }]))
    await refused({ rules: { kinds: { immutable: true } } }).toThrow(
      'no column "kinds", so no rule can be about it. It has: "a", "b", "c", "kind". Did you mean "kind"?'
    )
    await refused({ rules: all }).toThrow('All columns are immutable')
    await refused({ rules: { a: { min: 2, max: 1 } } }).toThrow('The allowed range of "a" is empty: 2 is above 1')
    await refused({ rules: { a: { min: 100 } } }).toThrow('None of the 90 rows looked at has a value of "a" within 100 to any')
    await refused({ rules: { kind: { only: 'rising' } } }).toThrow('"kind" has texts')
    await refused({ rules: { kind: { values: ['hgih'] } } }).toThrow('None of the 90 rows looked at has "hgih" in "kind"')
    await refused({ rules: { a: { values: ['x'] } } }).toThrow('"a" has numbers, not texts')
    await refused({ wanted: { atLeast: 1.2 } }).toThrow('1.2 is no probability')
    await refused({ wanted: { atLeast: 0.6, below: 0.5 } }).toThrow('No answer is at least 0.6 and below 0.5')
    await refused({}, 'regression').toThrow('Say which "y" is wanted')
    await refused({ wanted: { output: '9' } }, 'multiclass').toThrow('does not answer "9"')
    await refused({ row: training }).toThrow('90 rows were given where one was expected')
  })
})
