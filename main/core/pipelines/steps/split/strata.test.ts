import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase, type Database } from '../../../../storage/duckdb/database'
import { sweep } from '../../../../testing/deep'
import { assignRows, partsOf, ROW, type Part, type SplitRequest } from './assignment'
import { proveSplit } from './proof'
import { strataOf } from './strata'

let db: Database
beforeAll(async () => {
  db = await openDatabase({ readDirectories: [], threads: 1 })
})
afterAll(() => db.close())

type Amount = number | null
const reference = JSON.parse(readFileSync(new URL('fixtures/ranges.json', import.meta.url), 'utf8')) as {
  cases: { name: string; amounts: number[]; ranges: number[] }[]
}
const request = (change: Partial<SplitRequest> = {}): SplitRequest => ({
  ...{ by: 'random', test: 0.2, validation: 0, stratify: 'y', ranges: 10, seed: 1 },
  ...change
})

async function source(amounts: readonly Amount[], type = 'DOUBLE'): Promise<void> {
  for (const table of ['source', 'assigned']) await db.run(`DROP TABLE IF EXISTS ${table}`)
  const rows = amounts.map((amount, row) => `(${row + 1}, ${amount === null ? 'NULL' : `'${amount}'`}::${type})`).join()
  await db.run(`CREATE TABLE source AS SELECT * FROM (VALUES ${rows}) AS t("${ROW}", y)`)
}

async function split(amounts: readonly Amount[], change: Partial<SplitRequest> = {}, type = 'DOUBLE') {
  await source(amounts, type)
  const asked = request(change)
  const strata = await assignRows(db, asked, amounts.length)
  const report = await proveSplit(db, asked, amounts.length, strata)
  const assigned = await db.all<{ part: Part; range: number | null }>(
    `SELECT part, ${strata!.sql} AS range FROM source s JOIN assigned a ON a.${ROW} = s.${ROW} ORDER BY s.${ROW}`
  )
  return { report, ends: strata!.ends, parts: assigned.map(({ part }) => part), ranges: assigned.map(({ range }) => range) }
}

/** Rows of each range, and how many of them each part has. */
function shares({ parts, ranges }: { parts: readonly Part[]; ranges: readonly (number | null)[] }) {
  const of = new Map<number | null, Record<Part, number> & { rows: number }>()
  ranges.forEach((range, row) => {
    const own = of.get(range) ?? { train: 0, validation: 0, test: 0, rows: 0 }
    own.rows++
    own[parts[row]!]++
    of.set(range, own)
  })
  return of
}

describe('a split stratified by an amount', () => {
  it.each(reference.cases)('has the ranges of numpy and pandas: $name', async ({ amounts, ranges }) => {
    expect((await split(amounts)).ranges.map(Number)).toEqual(ranges)
  })

  it('compares with the very amounts that it says, to the last digit', async () => {
    const amounts = Array.from({ length: 300 }, (_, row) => (row === 37 ? 0.09609071989456205 : Math.abs(Math.sin(row + 1) * 3) ** 5))
    for (const ranges of [30, 60]) {
      const made = await split(amounts, { ranges, test: 0.3 })
      const expected = amounts.map((amount) => made.ends!.filter((end) => amount > end).length)
      expect(made.ranges.map(Number)).toEqual(expected)
    }
  })

  it('gives every part its share of every range within a row, as numpy and pandas cut them', async () => {
    for (const { name, amounts, ranges } of reference.cases)
      for (const change of [{}, { test: 0.25, seed: 7 }, { test: 0.37 }]) {
        const { parts } = await split(amounts, change)
        for (const own of shares({ parts, ranges }).values()) {
          const { test } = request(change)
          expect(Math.abs(own.test - test * own.rows), name).toBeLessThanOrEqual(1 + 1e-9)
          expect(Math.abs(own.train - (1 - test) * own.rows), name).toBeLessThanOrEqual(1 + 1e-9)
        }
      }
  })

  it('holds for any amounts, ties, gaps and parts: equal amounts are in one range, in order, and no part misses one', async () => {
    const amount = fc.option(fc.oneof(fc.constant(0), fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.integer({ min: 0, max: 40 })))
    await fc.assert(
      fc.asyncProperty(
        fc.array(amount, { minLength: 40, maxLength: 160 }),
        fc.constantFrom({}, { validation: 0.1 }, { test: 0.3, validation: 0.3 }),
        fc.integer({ min: 1, max: 30 }),
        async (amounts, parts, ranges) => {
          const asked = request({ ...parts, ranges })
          const made = await split(amounts, asked)
          if (made.ends === null) return
          const known = amounts.flatMap((each, row) => (each === null ? [] : [[each, made.ranges[row]!] as const]))
          known.sort(([a], [b]) => a - b)
          known.forEach(([each, range], at) => {
            const [before, last] = known[at - 1] ?? [each, range]
            expect(range === last || (range === Number(last) + 1 && each > before)).toBe(true)
          })
          for (const own of shares(made).values()) {
            expect(Math.abs(own.test - asked.test * own.rows)).toBeLessThanOrEqual(1 + 1e-9)
            expect(Math.abs(own.validation - asked.validation * own.rows)).toBeLessThanOrEqual(
              1 + asked.validation / (1 - asked.test) + 1e-9
            )
          }
          const [least] = partsOf(asked).map((part) => made.parts.filter((own) => own === part).length)
          expect(least).toBeGreaterThan(0)
        }
      ),
      sweep(15, 300)
    )
  })

  it('leaves the share of a far tail to no chance: a random split misses it, this one does not', async () => {
    // Ten of 400 amounts are a thousand times the others; of the highest tenth each test has its fifth.
    const amounts = Array.from({ length: 400 }, (_, row) => (row % 40 === 0 ? 1e6 + row : row))
    const tail = async (ranges: number) => {
      const counts = new Set<number>()
      for (let seed = 0; seed < 25; seed++) {
        const { parts } = await split(ranges === 0 ? amounts.map((_, row) => row % 2) : amounts, { seed, ranges })
        counts.add(amounts.filter((amount, row) => amount >= 370 && parts[row] === 'test').length)
      }
      return [...counts]
    }
    expect(await tail(10)).toEqual([8])
    expect((await tail(0)).length).toBeGreaterThan(4)
  })

  it('cuts fewer ranges where rows are few, and none of one amount; what was done stands in the report', async () => {
    const few = await split(Array.from({ length: 24 }, (_, row) => row * 1.5))
    expect(few.ends).toHaveLength(3)
    expect([...shares(few).values()].map(({ rows, test }) => [rows, test >= 1])).toEqual(new Array(4).fill([6, true]))
    expect(few.report.notes).toContain('Stratified by 4 ranges of "y".')
    expect(few.report.ranges).toMatchObject([{ above: null, upTo: 7.5 }, { above: 7.5, upTo: 16.5 }, {}, { above: 25.5, upTo: null }])

    const constant = await split(new Array<number>(60).fill(7))
    expect(constant.ends).toBeNull()
    const almost = await split(Array.from({ length: 400 }, (_, row) => (row < 25 ? row : 1000)))
    expect(almost.ends).toEqual([])
    expect(almost.report.notes).toContainEqual(expect.stringMatching(/^"y" has too few rows, or one amount in nearly all of them/))
    const someWithout = await split(Array.from({ length: 400 }, (_, row) => (row < 25 ? row : row < 60 ? null : 1000)))
    expect(someWithout.ends).toEqual([])
    expect(shares(someWithout).get(null)).toMatchObject({ rows: 35, test: 7 })
    expect(someWithout.report.notes).toContainEqual(
      expect.stringMatching(/not cut into ranges; only rows without one were divided apart\.$/)
    )
    const capped = await split(Array.from({ length: 400 }, (_, row) => (row < 300 ? 0 : row)))
    expect([...shares(capped).values()].map(({ rows, test }) => [rows, test])).toEqual([
      [300, 60],
      [20, 4],
      [40, 8],
      [40, 8]
    ])
  })

  it('takes numbers of at most 20 values, texts and ranges: 0 by each value, as before', async () => {
    expect((await split(Array.from({ length: 90 }, (_, row) => row % 20))).ends).toBeNull()
    expect((await split(Array.from({ length: 90 }, (_, row) => row % 21))).ends).not.toBeNull()
    const many = Array.from({ length: 90 }, (_, row) => row % 30)
    expect((await split(many, {}, 'VARCHAR')).ends).toBeNull()
    expect((await split(many, { ranges: 0 })).ends).toBeNull()
    expect((await split(many, { ranges: undefined })).ends).toBeNull()
  })

  it('keeps rows without an amount, and amounts without end, apart', async () => {
    await source([...Array.from({ length: 100 }, (_, row) => row), null, null, NaN, Infinity, -Infinity])
    const { sql } = await strataOf(db, 'y', request())
    const found = await db.all<{ range: number | null }>(`SELECT ${sql} AS range FROM source WHERE ${ROW} > 100 ORDER BY ${ROW}`)
    expect(found.map(({ range }) => range)).toEqual([null, null, null, 9, 0])
  })

  it('draws other rows for another seed and the same for the same', async () => {
    const amounts = Array.from({ length: 200 }, (_, row) => (row * 7919) % 1009)
    const drawn = new Set<string>()
    for (let seed = 0; seed < 10; seed++) drawn.add((await split(amounts, { seed })).parts.join())
    expect(drawn.size).toBe(10)
    expect((await split(amounts, { seed: 3 })).parts.join()).toBe([...drawn][3])
  })
})
