import fc from 'fast-check'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase, type Database } from '../../../../storage/duckdb/database'
import { kinds, nullable } from '../../../../testing/arbitrary-tables'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { countSharedRows } from './shared-rows'

let root: string
let db: Database
let asked: number
const database = (): Promise<Database> => (asked++, Promise.resolve(db))
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'shared-rows-'))
  db = await openDatabase({ readDirectories: [root], threads: 1 })
})
beforeEach(() => void (asked = 0))
afterAll(async () => {
  await db.close()
  rmSync(root, { recursive: true, force: true })
})

let files = 0
/** Counts through files, and again by comparing every judged row with every row of the training. */
async function count(judged: string, training: string, same: string, dictionaryColumns?: string[]) {
  const paths = [judged, training].map(() => join(root, `${files++}.arrow`))
  await db.exportArrow(judged, paths[0]!, { dictionaryColumns })
  await db.exportArrow(training, paths[1]!)
  const [{ n }] = await db.all<{ n: number }>(
    `SELECT count(*) AS n FROM (${judged}) j WHERE target IS NOT NULL AND EXISTS (SELECT 1 FROM (${training}) t WHERE ${same})`
  )
  return { counted: await countSharedRows(database, { judged: paths[0]!, training: paths[1]!, target: 'target' }), expected: Number(n) }
}
const equal = (names: readonly string[]): string => names.map((name) => `j."${name}" IS NOT DISTINCT FROM t."${name}"`).join(' AND ')

/** Few values of each type, so that rows meet often. */
const table = fc.array(fc.constantFrom(...Object.keys(kinds)), { minLength: 1, maxLength: 4 }).chain((types) => {
  const values = types.map((type) => fc.array(nullable(kinds[type]!), { minLength: 1, maxLength: 2 }))
  return fc.tuple(...values).chain((pool) => {
    const rows = fc.array(fc.tuple(...pool.map((literals) => fc.constantFrom(...literals))), { minLength: 1, maxLength: 12 })
    return fc.record({ types: fc.constant(types), judged: rows, training: rows, isEncoded: fc.boolean() })
  })
})
const select = (types: readonly string[], rows: readonly string[][]): string =>
  rows
    .map((row) => `SELECT ${row.map((value, index) => `${value}::${types[index]} AS ${index ? `c${index}` : 'target'}`).join(', ')}`)
    .join(' UNION ALL ')

describe('rows that training and test share', () => {
  it('are those that are equal in every column, whatever the types', async () => {
    let met = 0
    await fc.assert(
      fc.asyncProperty(table, async ({ types, judged, training, isEncoded }) => {
        const names = types.map((_, index) => (index ? `c${index}` : 'target'))
        const texts = isEncoded ? names.filter((_, index) => types[index] === 'VARCHAR') : []
        const { counted, expected } = await count(select(types, judged), select(types, training), equal(names), texts)
        expect(counted).toBe(expected)
        if (expected > 0) met++
      }),
      { numRuns: 100, seed: 11 }
    )
    expect(met).toBeGreaterThan(40)
  })

  it('are counted over more rows than a batch holds, without a database', async () => {
    const rows = (step: number): string =>
      `SELECT r % 2 = 0 AS target, r % 1000 AS whole, (r % 7) / 2 AS half, 'row ' || r % 500 AS name, DATE '2024-01-01' + (r % 90)::INTEGER AS day
       FROM range(0, 300000, ${step}) t(r)`
    const names = ['target', 'whole', 'half', 'name', 'day']
    const { counted, expected } = await count(rows(1), `${rows(700)} LIMIT 100`, equal(names), ['name'])
    expect(expected).toBeGreaterThan(0)
    expect(counted).toBe(expected)
    expect(asked).toBe(0)
  })

  it.each([
    ['zeros of either sign are equal', '0.0::DOUBLE', "'-0.0'::DOUBLE", 1],
    ['what is not a number equals itself', "'NaN'::FLOAT", "'NaN'::FLOAT", 1],
    ['nothing is not zero', 'NULL::INTEGER', '0::INTEGER', 0],
    ['nothing is not an empty text', 'NULL::VARCHAR', "''", 0],
    ['texts end where they end', "'ab'", "'ab' || chr(0)", 0],
    ['whole numbers are told apart beyond doubles', '9007199254740993::BIGINT', '9007199254740992::BIGINT', 0]
  ])('%s', async (_, one, other, expected) => {
    const found = await count(`SELECT 1 AS target, ${one} AS v`, `SELECT 1 AS target, ${other} AS v`, equal(['target', 'v']))
    expect(found).toEqual({ counted: expected, expected })
    expect(asked).toBe(0)
  })

  it('are compared as text by the database where types differ, over the columns that both have', async () => {
    const found = await count(
      `SELECT * FROM (VALUES (1, 7, 'x'), (1, 8, 'x'), (NULL, 7, 'x')) v(target, n, ours)`,
      `SELECT 1 AS target, '7' AS n, 'y' AS theirs`,
      equal(['target']) + ' AND j.n::VARCHAR IS NOT DISTINCT FROM t.n'
    )
    expect(found).toEqual({ counted: 1, expected: 1 })
    expect(asked).toBe(1)
  })

  it('are unknown for tables without a common column', async () => {
    const path = (name: string): string => join(root, name)
    await db.exportArrow('SELECT 1 AS a', path('a.arrow'))
    await db.exportArrow('SELECT 1 AS b', path('b.arrow'))
    expect(await countSharedRows(database, { judged: path('a.arrow'), training: path('b.arrow'), target: 'a' })).toBeNull()
  })
})
