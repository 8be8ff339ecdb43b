import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PairFigure, QualityReportDetail } from '../../model/quality'
import { openTestWorkspace, type TestWorkspace } from '../datasets/workspace.fixture'
import { createQuality, profileFile, type QualityWriter } from '.'

const fixture = (name: string): string => join(__dirname, 'fixtures', name)
let w: TestWorkspace
let quality: QualityWriter
beforeAll(async () => {
  w = await openTestWorkspace()
  quality = createQuality(w.context, w.datasets)
})
afterAll(() => w.close())

const checked = async (path: string, name: string): Promise<QualityReportDetail> => {
  await w.datasets.importFile(path, { name })
  return quality.run(name)
}
const pairIn = (detail: QualityReportDetail, { a, b, method }: Pick<PairFigure, 'a' | 'b' | 'method'>): PairFigure | undefined =>
  detail.report.pairs!.find((pair) => pair.method === method && [pair.a, pair.b].sort().join() === [a, b].sort().join())

describe('pairwise figures', () => {
  it('rank the rows in which both columns have a value, and no others', async () => {
    const detail = await checked(fixture('p01-spearman.csv'), 'p01')
    expect(pairIn(detail, { a: 'x', b: 'y', method: 'spearman' })).toEqual({ a: 'x', b: 'y', method: 'spearman', value: 1, rows: 40 })
  })
  it('are those of scipy over the complete pairs: gaps, ties, far from zero, categories', async () => {
    const { pairs } = JSON.parse(readFileSync(fixture('pairs.json'), 'utf8')) as { pairs: PairFigure[] }
    const detail = await checked(fixture('pairs.csv'), 'pairs')
    for (const pair of pairs) {
      const name = `${pair.method} of ${pair.a} and ${pair.b}`
      const found = pairIn(detail, pair)
      expect(found?.rows, name).toBe(pair.rows)
      expect(found?.value, name).toBeCloseTo(pair.value, 11)
    }
    // No pair of numbers is left out.
    expect(detail.report.pairs!.filter(({ method }) => method === 'spearman')).toHaveLength(10)
  })
  it('of a sample are called so beside each figure', async () => {
    const rows = Array.from(
      { length: 50_001 },
      (_, i) => `${i},${(i * 7919) % 1009},${i % 3 === 0 ? '' : -i},${'abc'[i % 3]},${'xy'[i % 2]}`
    )
    const detail = await checked(w.source('long.csv', `i,j,k,c,d\n${rows.join('\n')}\n`), 'long')
    expect(detail.profile.pairwiseRows).toBe(25_001)
    expect(pairIn(detail, { a: 'i', b: 'k', method: 'spearman' })).toMatchObject({ value: -1, rows: 16_667, sampledFrom: 50_001 })
    expect(detail.report.pairs!.map(({ sampledFrom }) => sampledFrom)).toEqual(detail.report.pairs!.map(() => 50_001))
    expect(profileFile(detail, 'html')).toContain('16,667 (sample of 50,001)')
  })
})
