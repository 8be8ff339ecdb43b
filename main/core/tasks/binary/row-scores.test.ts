import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { writeArrow } from '../../training/fixtures/synthetic'
import { rowGroups } from '../row-file'
import { areSameRows, readRowScores, writeRowScores, type RowScores, type ScoredOutcomes } from './row-scores'

let folder: string
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'drydock-scores-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** More rows than a batch holds; every third has no outcome and was not judged. */
const some = (): Omit<RowScores, 'clusters'> => {
  const rows = Uint32Array.from({ length: 132_000 }, (_, at) => at + Math.floor(at / 2))
  return {
    rows,
    labels: Uint8Array.from(rows, (row) => row % 2),
    scores: Float64Array.from(rows, (row) => ((row * 7919) % 10_007) / 10_007)
  }
}
const written = async (name: string, scores: ScoredOutcomes): Promise<string> => {
  await writeRowScores(join(folder, name), scores)
  return join(folder, name)
}

it('gives back every bit, and equal scores are equal bytes', async () => {
  const path = await written('a.arrow', some())
  const [read, wanted] = [readRowScores(path), some()]
  for (const key of ['rows', 'labels', 'scores'] as const)
    expect(Buffer.from(read[key].buffer).equals(Buffer.from(wanted[key].buffer)), key).toBe(true)
  expect(readFileSync(await written('b.arrow', some())).equals(readFileSync(path))).toBe(true)
  // 13 bytes a row and little around them: the file costs nearly nothing beside its evaluation.
  expect(readFileSync(path).length).toBeLessThan(132_000 * 13 + 4096)
})

it('keeps the groups that were compared, by the order in which they come up, beside scores that are as before', async () => {
  const groups = Uint32Array.from(some().rows, (row) => row % 5)
  const read = readRowScores(await written('groups.arrow', { ...some(), groups }))
  expect(Buffer.from(read.groups!.buffer).equals(Buffer.from(groups.buffer))).toBe(true)
  expect(Buffer.from(read.scores.buffer).equals(Buffer.from(some().scores.buffer))).toBe(true)
  expect(readRowScores(await written('none.arrow', some())).groups).toBeUndefined()
  const named = (codes: number[], categories: string[]) =>
    rowGroups({ rows: 4, columns: new Map([['g', { kind: 'category', codes: Int32Array.from(codes), categories }]]) } as never, 'g')
  expect([...named([1, 0, 1, 2], ['a', 'b', 'c'])]).toEqual([0, 1, 0, 2])
  expect([...named([0, 2, 0, 1], ['x', 'y', 'z'])]).toEqual([0, 1, 0, 2])
})

it('keeps weights and clusters, with and without groups, and rows of other weights are not the same', async () => {
  const { rows, labels, scores } = some()
  const weights = Float64Array.from(rows, (row) => (row % 7) / 2)
  const codes = Uint32Array.from(rows, (row) => row >> 3)
  const clusters = { by: 'time' as const, column: 'day', codes }
  const read = readRowScores(await written('counted.arrow', { rows, labels, scores, weights, clusters }))
  expect(read).toEqual({ rows, labels, scores, weights, clusters: codes })
  const groups = Uint32Array.from(rows, (row) => row % 5)
  const all = readRowScores(await written('all.arrow', { rows, labels, scores, groups, weights, clusters }))
  expect(all).toEqual({ rows, labels, scores, groups, weights, clusters: codes })
  expect(areSameRows(read, all)).toBe(true)
  expect(areSameRows(read, { ...all, weights: weights.map((weight) => weight * 2) })).toBe(false)
  expect(areSameRows({ rows, labels, scores }, all)).toBe(false)
})

it('a zero has one form, and no rows are a file too', async () => {
  const one = (score: number): ScoredOutcomes => ({ rows: Uint32Array.of(3), labels: Uint8Array.of(1), scores: Float64Array.of(score) })
  const zero = readFileSync(await written('zero.arrow', one(0)))
  expect(readFileSync(await written('minus.arrow', one(-0))).equals(zero)).toBe(true)
  const none: ScoredOutcomes = { rows: new Uint32Array(), labels: new Uint8Array(), scores: new Float64Array() }
  expect(readRowScores(await written('none.arrow', none))).toEqual(none)
})

it('refuses an Arrow file that holds something else', async () => {
  const path = await writeArrow(join(folder, 'other.arrow'), { row: [1, 2], label: [0, 1], score: [0.1, 0.2] })
  expect(() => readRowScores(path)).toThrow(/does not hold the scores of judged rows/)
})

it('knows the same rows by number and outcome, whatever their scores', () => {
  const [a, b] = [some(), some()]
  b.scores.fill(0.5)
  expect(areSameRows(a, b)).toBe(true)
  b.labels[7]! ^= 1
  expect(areSameRows(a, b)).toBe(false)
  const c = some()
  c.rows[131_999]! += 1
  expect(areSameRows(a, c)).toBe(false)
  expect(areSameRows(a, { ...a, rows: a.rows.slice(1), labels: a.labels.slice(1), scores: a.scores.slice(1) })).toBe(false)
})
