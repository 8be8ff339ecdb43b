import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DatasetColumn } from '../../model/dataset'
import type { ColumnProfile } from '../../model/quality'
import { openDatabase, type Database } from '../../storage/duckdb/database'
import { kindOf } from '../datasets'
import { loadAnalysisTable } from './analysis-table'
import { sortNumbers } from './column-numbers'
import { profileColumns } from './profile-columns'

let root: string
let db: Database
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'profile-'))
  db = await openDatabase({ readDirectories: [root], threads: 1 })
})
afterAll(async () => {
  await db.close()
  rmSync(root, { recursive: true, force: true })
})

async function profiles(select: string, rowsInMemory?: number): Promise<ColumnProfile[]> {
  const path = join(root, 'table.arrow')
  const columns = (await db.describe(select)).map(({ name, type }): DatasetColumn => ({
    name,
    type,
    kind: kindOf(type),
    role: 'feature',
    knownWhen: 'before',
    unit: null,
    description: null
  }))
  await db.exportArrow(select, path)
  return profileColumns(await loadAnalysisTable(db, path, columns), () => {}, rowsInMemory)
}

describe('the profile of a column', () => {
  it('says the same of numbers in memory and in the database', async () => {
    const select = `SELECT (r * 7919) % 10 AS few, r AS "all", (r * 31) % 97 / 4.0::DOUBLE AS half, CASE WHEN r % 5 > 0 THEN r END AS gaps, (r % 7)::FLOAT / 10 AS single,
      (r % 11 / 100)::DECIMAL(6,2) AS money, -r::DOUBLE AS below, CASE r % 4 WHEN 0 THEN 'NaN'::DOUBLE WHEN 1 THEN 'inf'::DOUBLE ELSE r END AS wild, NULL::INTEGER AS nothing,
      9007199254740990 + (r % 5)::BIGINT AS wide, (r % 3)::DECIMAL(30,20) / 7 AS long, 5 AS same, r * 1e300 AS vast FROM range(500) t(r)`
    const [memory, sql] = [await profiles(select), await profiles(select, 0)]
    const rough = (_: string, value: unknown): unknown => (typeof value === 'number' ? Number(value.toPrecision(10)) : value)
    const comparable = (p: ColumnProfile): unknown =>
      JSON.parse(
        JSON.stringify(
          {
            ...p,
            // Of numbers near the end of what doubles tell apart both are as rough; of numbers whose squares are none, the database has no mean.
            numeric: p.numeric && (['wide', 'vast'].includes(p.name) ? { ...p.numeric, mean: null, std: null } : p.numeric),
            // Values of equal frequency stand in another order.
            top: p.top.length < 20 ? [...p.top].sort((x, y) => (x.value < y.value ? -1 : 1)) : p.top.map(({ count }) => count)
          },
          rough
        )
      )
    expect(memory.map(comparable)).toEqual(sql.map(comparable))
    const of = (name: string): ColumnProfile => memory.find((p) => p.name === name)!
    expect(of('money').top[0]).toEqual({ value: '0.00', count: 46 })
    expect(of('single').top.map(({ value }) => value)).toContain('0.1')
    expect([of('wide').distinct, of('wide').max, of('wild').numeric!.nonFinite]).toEqual([5, '9007199254740994', 250])
  })

  it('counts texts by their different values', async () => {
    const [p] = await profiles(
      `SELECT CASE r % 5 WHEN 0 THEN ' a' WHEN 1 THEN '12' WHEN 2 THEN '2024-01-05' WHEN 3 THEN 'unknown' END AS t FROM range(100) t(r)`
    )
    expect(p).toMatchObject({ count: 80, missing: 20, distinct: 4, distinctExact: true, min: ' a', max: 'unknown' })
    expect(p!.text).toEqual({
      minLength: 2,
      maxLength: 10,
      meanLength: 5.25,
      empty: 0,
      padded: 20,
      numeric: 20,
      dates: 20,
      placeholders: 20
    })
  })

  it('counts what is few exactly in tables of any length, and calls an estimate one', async () => {
    // Just beyond the rows up to which everything is counted; dates and truth values are never in memory.
    const long = `SELECT r, DATE '2024-01-01' + to_months((r % 12)::INTEGER) AS month, r % 3 = 0 AS third, (r % 250)::VARCHAR AS word, DATE '1900-01-01' + (r % 40_000)::INTEGER AS day, CASE WHEN r % 5 > 0 THEN r % 7 END AS gaps FROM range(200_001) t(r)`
    const counted = Object.fromEntries((await profiles(long)).map((p) => [p.name, [p.distinct, p.distinctExact, p.missing]]))
    expect(counted).toMatchObject({ r: [200_001, true, 0], month: [12, true, 0], third: [2, true, 0], word: [250, true, 0] })
    expect(counted.gaps).toEqual([7, true, 40_001])
    const [days, isExact] = counted.day as [number, boolean]
    expect([isExact, Math.abs(days / 40_000 - 1) < 0.1]).toEqual([false, true])
    const short = await profiles(long.replace('200_001', '50_000'))
    expect(short.map((p) => [p.distinct, p.distinctExact])).toEqual([50_000, 12, 2, 250, 40_000, 7].map((n) => [n, true]))
  })

  it('sorts long columns in short steps, and stops when told to', async () => {
    const values = Float64Array.from({ length: 200_003 }, (_, i) => (i % 17 === 0 ? NaN : ((i * 48_271) % 65_537) - 32_768))
    const sorted = await sortNumbers(values)
    expect(Buffer.from(sorted.buffer).equals(Buffer.from(values.filter((v) => !Number.isNaN(v)).sort().buffer))).toBe(true)
    await expect(sortNumbers(values, AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})
