import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { algorithms, algorithmSchema, type Algorithm } from '../../../../model/training'
import { openDatabase, type Database } from '../../../../storage/duckdb/database'
import { trainModel } from '../../../training'
import { assignRows, partsOf, ROW, type Part, type SplitRequest } from './assignment'
import { proveSplit } from './proof'
import { sweep } from '../../../../testing/deep'

let db: Database
beforeAll(async () => {
  db = await openDatabase({ readDirectories: [], threads: 1 })
})
afterAll(() => db.close())

type Cell = number | string | null
const request = (change: Partial<SplitRequest>): SplitRequest => ({ by: 'random', test: 0.2, validation: 0, seed: 1, ...change })

async function split(cells: readonly Cell[], asked: SplitRequest, type = 'INTEGER') {
  const sql = (cell: Cell): string => (cell === null ? 'NULL' : typeof cell === 'number' ? String(cell) : `'${cell}'`)
  for (const table of ['source', 'assigned', 'sets']) await db.run(`DROP TABLE IF EXISTS ${table}`)
  const rows = cells.map((cell, row) => `(${row + 1}, ${sql(cell)}::${type})`).join()
  await db.run(`CREATE TABLE source AS SELECT * FROM (VALUES ${rows}) AS t("${ROW}", "a ""key""")`)
  await assignRows(db, asked, cells.length)
  const report = await proveSplit(db, asked, cells.length)
  const assigned = await db.all<{ part: Part }>(`SELECT part FROM assigned ORDER BY "${ROW}"`)
  const parts = assigned.map(({ part }) => part)
  return { report, parts, of: (part: Part) => cells.filter((_, row) => parts[row] === part) }
}

const column = 'a "key"'
const shares = fc
  .record({ test: fc.integer({ min: 5, max: 60 }), validation: fc.constantFrom(0, 0, 10, 30) })
  .map(({ test, validation }) => ({
    test: test / 100,
    validation: validation / 100
  }))
const sizesOf = (cells: readonly Cell[]): Map<Cell, number> => {
  const sizes = new Map<Cell, number>()
  for (const cell of cells) sizes.set(cell, (sizes.get(cell) ?? 0) + 1)
  return sizes
}

describe('split', () => {
  it('says of a part that it is not as large as asked only beyond one row in a hundred', async () => {
    // 128 rows in groups of one size: shares and their difference to the asked ones have no rounding.
    const noted = async (test: number) =>
      (
        await split(
          Array.from({ length: 128 }, (_, row) => row >> 5),
          request({ by: 'group', column, test })
        )
      ).report
    for (const [asked, notes] of [
      [0.25, 0],
      [0.25 + 0.0078125, 0],
      [0.25 + 0.015625, 2]
    ] as const) {
      const report = await noted(asked)
      expect(report.shares).toEqual({ train: 0.75, test: 0.25 })
      expect(report.notes, `asked for ${asked}`).toHaveLength(notes)
    }
  })

  it('by group: no group is in two parts, whatever their sizes, with rows without a group together', async () => {
    const groups = fc.array(fc.option(fc.integer({ min: 0, max: 30 })), { minLength: 20, maxLength: 200 })
    await fc.assert(
      fc.asyncProperty(groups, shares, fc.integer({ min: 0, max: 99 }), async (cells, share, seed) => {
        const asked = request({ by: 'group', column, seed, ...share })
        const sizes = sizesOf(cells)
        fc.pre(sizes.size >= partsOf(asked).length)
        const { report, parts, of } = await split(cells, asked)
        const seen = new Map<Cell, Part>()
        cells.forEach((cell, row) => {
          expect(seen.get(cell) ?? parts[row]).toBe(parts[row])
          seen.set(cell, parts[row]!)
        })
        expect(report).toMatchObject({ sharedGroups: 0, groups: sizes.size, rowsWithoutGroup: sizes.get(null) ?? 0 })
        expect(report.notes.join()).toMatch(
          sizes.has(null)
            ? /(rows have no value in "a "key""; they stay together|\b1 row has no value in "a "key""; it is a group)/
            : /^(?!.*no value)/
        )
        // Sets are cut where it is nearest, so the test misses its share by half a group at most, unless the other parts need the last ones.
        const largest = Math.max(...sizes.values())
        if (largest <= 2 * share.test * cells.length && 2.5 * largest <= (1 - share.test) * cells.length)
          expect(Math.abs(of('test').length - share.test * cells.length)).toBeLessThanOrEqual(largest / 2 + 1e-9)
      }),
      sweep(15, 400)
    )
  })

  it('by group: a group larger than the test is not taken for it, and the report says what was got', async () => {
    const cells = [...new Array<number>(80).fill(7), ...Array.from({ length: 20 }, (_, i) => 100 + (i >> 1))]
    for (let seed = 0; seed < 10; seed++) {
      const { report, of } = await split(cells, request({ by: 'group', column, seed }))
      expect(of('test')).toHaveLength(20)
      expect(report.notes).toEqual([])
    }
    const { report } = await split([1, 1, 1, 2, 2, 2, 2], request({ by: 'group', column }))
    expect(report).toMatchObject({ parts: { test: 3, train: 4 }, asked: { test: 0.2, train: 0.8 } })
    expect(report.notes).toContain(
      'The part "test" has 42.9% of the rows where 20.0% were asked for, because rows of equal "a "key"" stay together.'
    )
    await expect(split([1, 1, 1], request({ by: 'group', column }))).rejects.toThrow(/too few groups/)
  })

  it('by time: every part is strictly later than the one before, with ties kept together', async () => {
    const times = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 20, maxLength: 200 })
    await fc.assert(
      fc.asyncProperty(times, shares, async (cells, share) => {
        const asked = request({ by: 'time', column, ...share })
        const sizes = sizesOf(cells)
        fc.pre(sizes.size >= partsOf(asked).length)
        const { of } = await split(cells, asked)
        const [train, validation, test] = (['train', 'validation', 'test'] as const).map((part) => of(part) as number[])
        expect(Math.max(...train!, ...validation!)).toBeLessThan(Math.min(...test!))
        if (validation!.length > 0) expect(Math.max(...train!)).toBeLessThan(Math.min(...validation!))
        expect(validation!.length > 0).toBe(share.validation > 0)
        // No other cut between two times lies nearer to what was asked, with one time left for each other part.
        const newest = [...sizes.keys()].sort((a, b) => Number(b) - Number(a)).slice(0, sizes.size - partsOf(asked).length + 1)
        const misses = newest.map((time) =>
          Math.abs(cells.filter((cell) => Number(cell) >= Number(time)).length - share.test * cells.length)
        )
        expect(Math.abs(test!.length - share.test * cells.length)).toBeCloseTo(Math.min(...misses), 9)
      }),
      sweep(15, 400)
    )
  })

  it('by time: refuses what has no place in time, and names it', async () => {
    const asked = request({ by: 'time', column })
    await expect(split([1, null, 3], asked)).rejects.toThrow(/1 of 3 rows have no value in "a "key""/)
    await expect(split(['1', 'nan', '3'], asked, 'DOUBLE')).rejects.toThrow(/1 of 3 rows have no value/)
    await expect(split(['3/4/2001', '12/1/1999'], asked, 'VARCHAR')).rejects.toThrow(/type VARCHAR, whose order is not that of time/)
    await expect(split(['[1]', '[2]'], asked, 'INTEGER[]')).rejects.toThrow(/type INTEGER\[\]/)
    const { report } = await split(['2001-02-03', '2001-02-04', '2001-02-04'], asked, 'TIMESTAMP')
    expect(report).toMatchObject({ parts: { train: 1, test: 2 }, ranges: { train: { last: '2001-02-03 00:00:00' } } })
  })

  it('random and stratified: shares are exact to a row, in every stratum to two, also where strata are single rows', async () => {
    const strata = fc.array(fc.option(fc.integer({ min: 0, max: 50 })), { minLength: 30, maxLength: 150 })
    await fc.assert(
      fc.asyncProperty(strata, shares, fc.boolean(), async (cells, share, isStratified) => {
        const { of } = await split(cells, request({ ...share, ...(isStratified ? { stratify: column } : {}) }))
        expect(Math.abs(of('test').length - share.test * cells.length)).toBeLessThanOrEqual(0.5 + 1e-9)
        expect(Math.abs(of('validation').length - share.validation * cells.length)).toBeLessThanOrEqual(1)
        if (!isStratified) return
        for (const [cell, size] of sizesOf(cells))
          expect(Math.abs(of('test').filter((own) => own === cell).length - share.test * size)).toBeLessThanOrEqual(1 + 1e-9)
      }),
      sweep(15, 400)
    )
  })

  it('keeps the test out of the model: other values in the test rows leave the model as it was, bit for bit', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'split-'))
    try {
      const fit = async (table: string, algorithm: Algorithm): Promise<string> => {
        const parameters = algorithm === 'gradient-boosting' ? { trees: 10, minRowsPerLeaf: 5 } : {}
        return (await trainModel({ table, target: 'y', algorithm, parameters, seed: 1, outputDirectory: join(folder, algorithm) }))
          .modelDigest
      }
      const learners = algorithmSchema.options.filter((name) => (algorithms[name].objectives as readonly string[]).includes('logistic'))
      const digests = new Map(learners.map((name) => [name, new Set<string>()]))
      for (const isChanged of [false, true]) {
        for (const table of ['source', 'assigned']) await db.run(`DROP TABLE IF EXISTS ${table}`)
        await db.run(
          `CREATE TABLE source AS SELECT i + 1 AS "${ROW}", i % 7 > 2 AS y, (i * 37 % 101) / 7.0 + (i % 7) AS x, 'kind ' || (i % 5) AS kind FROM range(300) AS r(i)`
        )
        await assignRows(db, request({ stratify: 'y', test: 0.3 }), 300)
        if (isChanged)
          await db.run(
            `UPDATE source SET x = CASE WHEN x > 7 THEN NULL ELSE x * 1e9 END, kind = 'unheard of' FROM assigned a WHERE a."${ROW}" = source."${ROW}" AND a.part = 'test'`
          )
        const table = join(folder, 'train.arrow')
        await db.exportArrow(
          `SELECT s.* EXCLUDE ("${ROW}") FROM source s JOIN assigned a ON a."${ROW}" = s."${ROW}" WHERE a.part = 'train' ORDER BY s."${ROW}"`,
          table
        )
        for (const algorithm of learners) digests.get(algorithm)!.add(await fit(table, algorithm))
      }
      for (const algorithm of learners) expect(digests.get(algorithm)!.size, algorithm).toBe(1)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('draws the same rows for the same seed, others for another, and each row about as often', async () => {
    const cells = Array.from({ length: 60 }, (_, row) => row % 12)
    for (const change of [{}, { stratify: column }, { by: 'group', column }] as const) {
      const drawn = new Array<number>(60).fill(0)
      const orders = new Set<string>()
      for (let seed = 0; seed < 40; seed++) {
        const { parts } = await split(cells, request({ test: 0.25, seed, ...change }))
        orders.add(parts.join())
        parts.forEach((part, row) => (drawn[row]! += part === 'test' ? 1 : 0))
      }
      expect((await split(cells, request({ test: 0.25, seed: 0, ...change }))).parts.join()).toBe([...orders][0])
      expect(orders.size).toBeGreaterThan(30)
      // 10 of 40 are expected; a fair draw leaves 1 to 24 with a chance of one in a million per row.
      expect(Math.min(...drawn)).toBeGreaterThanOrEqual(1)
      expect(Math.max(...drawn)).toBeLessThanOrEqual(24)
    }
  })
})
