import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { Random, signTest } from '../../../numerics'
import { drawRows } from '../fixtures/drawn-rows'
import { prepareRows } from '../figures'
import { judgeClasses } from '../judge'
import { rankClasses } from '../one-vs-rest'
import { areSameRows, readRowScores, writeRowScores, type ClassRowScores } from '../row-scores'
import { compareMeasured } from './compare-runs'
import { paired } from './index'
import { measureFiles } from './measure-files'
import { measureRuns } from './measure-runs'

const folder = mkdtempSync(join(tmpdir(), 'drydock-classes-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const shares = [0.4, 0.3, 0.2, 0.1]
const classes = ['a', 'b', 'c', 'd']
const rows = 400
const first = drawRows(rows, shares, 1.4, new Random(3))
type Scored = Omit<ClassRowScores, 'clusters' | 'weights'> & { weights: null }
const better: Scored = { rows: Uint32Array.from({ length: rows }, (_, row) => row * 2), ...first, weights: null }
const worse: Scored = { ...better, scores: drawRows(rows, shares, 0.9, new Random(4), first.labels).scores }

describe('scores of rows', () => {
  it('come back from the file as they were written, with groups, weights and clusters', async () => {
    const path = join(folder, 'all.arrow')
    const groups = Uint32Array.from({ length: rows }, (_, row) => row % 3)
    const weights = Float64Array.from({ length: rows }, (_, row) => row / 7)
    const codes = Uint32Array.from({ length: rows }, (_, row) => row >> 1)
    await writeRowScores(path, { ...better, groups, weights, clusters: { by: 'group', column: 'site', codes } })
    expect(readRowScores(path)).toEqual({ ...better, groups, weights, clusters: codes })
    await writeRowScores(path, better)
    expect(readRowScores(path)).toEqual({ ...better, weights: null, clusters: null })
  })

  it('of other rows, classes or weights are no scores of the same rows', () => {
    expect(areSameRows(better, worse)).toBe(true)
    expect(areSameRows(better, { ...worse, rows: worse.rows.map((row) => row + 1) })).toBe(false)
    expect(areSameRows(better, { ...worse, labels: worse.labels.map((label) => (label + 1) % 4) })).toBe(false)
    expect(areSameRows(better, { ...worse, weights: new Float64Array(rows).fill(2) })).toBe(false)
    expect(areSameRows(better, { ...worse, scores: new Float64Array(rows * 3) })).toBe(false)
  })
})

describe('runs judged on the same rows', () => {
  it('differ by the figures that their evaluations have', async () => {
    const measured = await measureRuns([{ scores: better, shares }, { scores: worse }], { samples: 400 })
    const { value, difference } = compareMeasured(structuredClone(measured))
    const judged = await Promise.all(
      [better, worse].map(({ labels, scores }) =>
        judgeClasses({ labels, weights: null }, scores, { classes, bootstrapSamples: 0, seed: 1 })
      )
    )
    for (const key of ['log_loss', 'accuracy', 'f1_macro', 'auc_ovr', 'top_3_accuracy', 'balanced_accuracy'] as const) {
      const [own, others] = judged.map(({ metrics }) => metrics[key].value!) as [number, number]
      expect(value(key, 0), key).toBeCloseTo(own, 12)
      expect(difference(key, 0, 1)!.value, key).toBeCloseTo(own - others, 12)
      expect(difference(key, 1, 0)!.value, key).toBeCloseTo(others - own, 12)
      const { low, high } = difference(key, 0, 1)!.interval(0.05)
      expect(low).toBeLessThan(own - others)
      expect(high).toBeGreaterThan(own - others)
    }
    expect(value('log_loss_skill', 0)).toBeGreaterThan(0)
    expect(value('log_loss_skill', 1)).toBeNaN()
    expect(difference('log_loss', 0, 1)!.p).toBeLessThan(0.001)
    expect(difference('auc_ovr', 0, 1)).toMatchObject({ method: 'delong', p: expect.closeTo(0, 2) })
  })

  it('differ by what their decisions cost where both decide by the same costs, and are not held by costs of their own', async () => {
    const costs = Array.from({ length: 4 }, (_, was) => Array.from({ length: 4 }, (__, decided) => (was === decided ? 0 : 1 + 5 * was)))
    const measured = await measureRuns(
      [
        { scores: better, costs },
        { scores: worse, costs }
      ],
      { samples: 400 }
    )
    const { value, difference } = compareMeasured(measured)
    const judged = await Promise.all(
      [better, worse].map(({ labels, scores }) =>
        judgeClasses({ labels, weights: null }, scores, { classes, bootstrapSamples: 0, seed: 1, costs })
      )
    )
    for (const key of ['decision_cost', 'accuracy'] as const) {
      const [own, others] = judged.map(({ metrics }) => metrics[key]!.value!) as [number, number]
      expect(value(key, 0), key).toBeCloseTo(own, 12)
      expect(difference(key, 0, 1)!.value, key).toBeCloseTo(own - others, 12)
    }
    expect(difference('decision_cost', 0, 1)!.value).toBeLessThan(0)
    const flat = costs.map((line, was) => line.map((_, decided) => (was === decided ? 0 : 1)))
    const apart = compareMeasured(
      await measureRuns(
        [
          { scores: better, costs },
          { scores: worse, costs },
          { scores: worse, costs: flat }
        ],
        { samples: 400 }
      )
    )
    expect(apart.difference('decision_cost', 0, 2)).toBeNull()
    expect(apart.difference('decision_cost', 2, 1)).toBeNull()
    // A third run of other costs takes nothing from the two that share theirs.
    const [alone, among] = [difference('decision_cost', 0, 1)!, apart.difference('decision_cost', 0, 1)!]
    expect([among.value, among.p, among.interval(0.05)]).toEqual([alone.value, alone.p, alone.interval(0.05)])
    expect(apart.value('accuracy', 0)).toBeCloseTo(judged[0]!.metrics.accuracy.value!, 12)
  })

  it('have the exact p of McNemar for right decisions, and none for a run and itself', async () => {
    const measured = await measureRuns([{ scores: better }, { scores: worse }, { scores: better }], { samples: 400 })
    const { difference } = compareMeasured(measured)
    const decided = ({ scores }: Scored, row: number): number => {
      const own = [...scores.subarray(row * 4, row * 4 + 4)]
      return own.indexOf(Math.max(...own))
    }
    const isRight = (run: Scored, row: number): boolean => decided(run, row) === run.labels[row]
    const all = Array.from({ length: rows }, (_, row) => [isRight(better, row), isRight(worse, row)] as const)
    const [only, onlyOther] = [all.filter(([a, b]) => a && !b).length, all.filter(([a, b]) => !a && b).length]
    const accuracy = difference('accuracy', 0, 1)!
    expect(accuracy.method).toBe('mcnemar')
    expect(accuracy.p).toBeGreaterThanOrEqual(signTest(only, onlyOther) - 1e-12)
    expect(difference('log_loss', 0, 2)).toMatchObject({ value: 0, p: 1 })
    expect(difference('auc_ovr', 0, 2)).toMatchObject({ value: 0, p: 1 })
  })

  it('have an AUC whose standard error is that of many resamples', async () => {
    const { drawn } = await measureRuns([{ scores: better }, { scores: worse }], { samples: 1 })
    const random = new Random(12)
    const values: number[] = []
    for (let sample = 0; sample < 300; sample++) {
      const picked = Uint32Array.from({ length: rows }, () => random.below(rows))
      const auc = async ({ labels, scores }: Scored) => {
        const own = { labels: Uint16Array.from(picked, (row) => labels[row]!), weights: null }
        const chosen = Float64Array.from({ length: rows * 4 }, (_, at) => scores[picked[at >> 2]! * 4 + (at & 3)]!)
        return (await rankClasses(prepareRows(own, chosen))).macro.value!
      }
      values.push((await auc(better)) - (await auc(worse)))
    }
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
    expect(drawn!.pairs[0]!.auc_ovr.error / spread).toBeGreaterThan(0.85)
    expect(drawn!.pairs[0]!.auc_ovr.error / spread).toBeLessThan(1.15)
  })

  it('are told apart by clusters only where there are ten, whichever run knows them', async () => {
    const inClusters = (count: number) => ({ ...better, clusters: Uint32Array.from({ length: rows }, (_, row) => row % count) })
    expect((await measureRuns([{ scores: inClusters(9) }, { scores: worse }], { samples: 40 })).drawn).toBeNull()
    const first = await measureRuns([{ scores: inClusters(12) }, { scores: worse }], { samples: 40 })
    const last = await measureRuns([{ scores: worse }, { scores: inClusters(12) }], { samples: 40 })
    expect([first.isPlain, last.isPlain]).toEqual([false, false])
    expect(first.drawn!.pairs[0]!.auc_ovr.error).toBeCloseTo(last.drawn!.pairs[0]!.auc_ovr.error, 12)
    expect(first.drawn!.runs[0]).toEqual(last.drawn!.runs[1])
  })

  it('are read from their files; a file of another kind is said and left out', async () => {
    const paths = ['one', 'two'].map((name) => join(folder, `${name}.arrow`))
    await writeRowScores(paths[0]!, better)
    await writeRowScores(paths[1]!, worse)
    const found = await measureFiles([...paths.map((path) => ({ path })), { path: paths[0]!, shares }])
    expect(paired.asked({ fairness: { column: 'g', minimumGroupSize: 30, minimumClassSize: 10 } })).toEqual({
      groups: { column: 'g', minimumGroupSize: 30, minimumClassSize: 10 }
    })
    expect(found).toMatchObject({ unreadable: [null, null, null], onSameRows: [true, true, true], tooMany: false })
    expect(found.measured!.drawn!.pairs).toHaveLength(3)
  })
})
