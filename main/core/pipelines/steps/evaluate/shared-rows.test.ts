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
async function count(judged: string, training: string, same: string, dictionaryColumns?: string[], known = 'target') {
  const paths = [judged, training].map(() => join(root, `${files++}.arrow`))
  await db.exportArrow(judged, paths[0]!, { dictionaryColumns })
  await db.exportArrow(training, paths[1]!)
  const [{ n }] = await db.all<{ n: number }>(
    `SELECT count(*) AS n FROM (${judged}) j WHERE ${known} IS NOT NULL AND EXISTS (SELECT 1 FROM (${training}) t WHERE ${same})`
  )
  const tables = { judged: paths[0]!, training: [paths[1]!], target: 'target', inputs: [] }
  return { counted: (await countSharedRows(database, tables)).shared, expected: Number(n) }
}
/** What is missing is the same however it is written. */
const present = (value: string, type?: string): string =>
  type === 'VARCHAR' ? `nullif(${value}, '')` : type === 'DOUBLE' || type === 'FLOAT' ? `nullif(${value}, 'NaN')` : value
const equal = (names: readonly string[], types: readonly string[] = []): string =>
  names
    .map((name, index) => `${present(`j."${name}"`, types[index])} IS NOT DISTINCT FROM ${present(`t."${name}"`, types[index])}`)
    .join(' AND ')

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

/** Four values, the first of them missing, as each type writes them. */
const written: Record<string, string[]>[] = [
  {
    TINYINT: ['NULL', '0', '1', '-7'],
    BIGINT: ['NULL', '0', '1', '-7'],
    'DECIMAL(10,2)': ['NULL', '0', '1', '-7'],
    'DECIMAL(20,12)': ['NULL', '0', '1', '-7'],
    FLOAT: ["'NaN'", "'-0.0'", '1', '-7'],
    DOUBLE: ["'NaN'", '0', '1', '-7'],
    VARCHAR: ["''", "'0.0'", "'1'", "'-7.00'"]
  },
  { FLOAT: ['NULL', '0.1', '1e30', '-3.3'], DOUBLE: ["'NaN'", '0.1', '1e30', '-3.3'], VARCHAR: ["''", "'0.10'", "'1e30'", "'-3.3'"] },
  {
    DATE: ['NULL', "'1970-01-01'", "'2024-02-29'", "'1900-12-31'"],
    TIMESTAMP: ['NULL', "'1970-01-01'", "'2024-02-29 00:00:00'", "'1900-12-31'"],
    TIMESTAMP_S: ['NULL', "'1970-01-01'", "'2024-02-29 00:00:00'", "'1900-12-31'"],
    TIMESTAMPTZ: ['NULL', "'1970-01-01 00:00:00+00'", "'2024-02-29 01:00:00+01'", "'1900-12-31 00:00:00+00'"],
    VARCHAR: ["''", "'1970-01-01'", "'2024-02-29T00:00:00Z'", "'1900-12-31 00:00:00'"]
  }
]
/** Truth has two values. */
written.push({
  BOOLEAN: ['NULL', 'true', 'false', 'false'],
  INTEGER: ['NULL', '1', '0', '0'],
  DOUBLE: ['NULL', '1', '0', '0'],
  'DECIMAL(3,1)': ['NULL', '1', '0', '0']
})

describe('rows that training and test share', () => {
  it('are those that are equal in every column, whatever the types', async () => {
    let met = 0
    await fc.assert(
      fc.asyncProperty(table, async ({ types, judged, training, isEncoded }) => {
        const names = types.map((_, index) => (index ? `c${index}` : 'target'))
        const texts = isEncoded ? names.filter((_, index) => types[index] === 'VARCHAR') : []
        const { counted, expected } = await count(
          select(types, judged),
          select(types, training),
          equal(names, types),
          texts,
          present('target', types[0])
        )
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
    ['what is not a number is missing', "'NaN'::FLOAT", 'NULL::FLOAT', 1],
    ['what is too large is not', "'Infinity'::DOUBLE", "'-Infinity'::DOUBLE", 0],
    ['nothing is not zero', 'NULL::INTEGER', '0::INTEGER', 0],
    ['an empty text is missing', 'NULL::VARCHAR', "''", 1],
    ['texts end where they end', "'ab'", "'ab' || chr(0)", 0],
    ['whole numbers are told apart beyond doubles', '9007199254740993::BIGINT', '9007199254740992::BIGINT', 0]
  ])('%s', async (_, one, other, expected) => {
    const { counted } = await count(`SELECT 1 AS target, ${one} AS v`, `SELECT 1 AS target, ${other} AS v`, equal(['target', 'v']))
    expect(counted).toBe(expected)
    expect(asked).toBe(0)
  })

  it('are those that say the same in other types', async () => {
    let met = 0
    const pair = fc
      .constantFrom(...written)
      .chain((forms) => fc.tuple(...[0, 1].map(() => fc.constantFrom(...Object.keys(forms)))).map((types) => ({ forms, types })))
    const meaning = fc.integer({ min: 0, max: 3 })
    await fc.assert(
      fc.asyncProperty(
        pair,
        fc.array(meaning, { minLength: 1, maxLength: 6 }),
        fc.array(meaning, { minLength: 1, maxLength: 6 }),
        async ({ forms, types }, ...rows) => {
          const [judged, training] = rows.map((meanings, side) =>
            meanings.map((row) => `SELECT 1 AS target, (${forms[types[side]!]![row]})::${types[side]} AS v`).join(' UNION ALL ')
          ) as [string, string]
          const { counted } = await count(judged, training, 'true')
          const [said] = Object.values(forms)
          const expected = rows[0]!.filter((row) => rows[1]!.some((other) => said![other] === said![row])).length
          expect(counted, `${types.join(' and ')}: ${judged} | ${training}`).toBe(expected)
          if (expected > 0) met++
        }
      ),
      { numRuns: 150, seed: 12 }
    )
    expect(met).toBeGreaterThan(60)
  })

  it.each([
    ['numbers of rows beyond doubles are told apart, as text too', '9007199254740993::BIGINT', "'9007199254740992'", 0],
    ['and as decimals', '9007199254740993::BIGINT', '9007199254740992::DECIMAL(20,1)', 0],
    ['and in other widths', '18446744073709551615::UBIGINT', '-1::BIGINT', 0],
    ['a text that is no number stays itself', '1.5::DOUBLE', "'one and a half'", 0],
    ['a half is not rounded to a whole', '2::INTEGER', "'1.5'", 0],
    ['an instant is not its day', "TIMESTAMP '2024-01-01 10:00:00'", "DATE '2024-01-01'", 0],
    ['an instant of a zone is one instant', "'2024-01-01 12:00:00+02'", "TIMESTAMP '2024-01-01 10:00:00'", 1],
    ['a number and a date are not one', '19723::INTEGER', "DATE '2024-01-01'", 0],
    ['what is missing is so in a text of numbers', "'NaN'::DOUBLE", "''", 1],
    ['and as a text that says so', 'NULL::DOUBLE', "'nan'", 1],
    ['and in a column of nothing', 'NULL', "'NaN'::DOUBLE", 1],
    ['lists of other items are compared as text', '[1, 2]', "['1', '2']", 1]
  ])('%s', async (_, one, other, expected) => {
    for (const [judged, training] of [
      [one, other],
      [other, one]
    ]) {
      const { counted } = await count(`SELECT 1 AS target, ${judged} AS v`, `SELECT 1 AS target, ${training} AS v`, 'true')
      expect(counted).toBe(expected)
    }
  })

  it('are compared by the database where types differ, over the columns that both have', async () => {
    const found = await count(
      `SELECT * FROM (VALUES (1, 7, 'x'), (1, 8, 'x'), (NULL, 7, 'x')) v(target, n, ours)`,
      `SELECT 1 AS target, '7' AS n, 'y' AS theirs`,
      equal(['target']) + ' AND j.n::VARCHAR IS NOT DISTINCT FROM t.n'
    )
    expect(found).toEqual({ counted: 1, expected: 1 })
    expect(asked).toBe(1)
  })

  const path = (name: string): string => join(root, `${name}.arrow`)
  const among = async (training: string[], judged = 'judged'): Promise<number | null> =>
    (await countSharedRows(database, { judged: path(judged), training: training.map(path), target: 'target', inputs: [] })).shared

  it('are those of any table that the model learned from, each counted once', async () => {
    await db.exportArrow('SELECT 1 AS target, r AS v FROM range(10) t(r)', path('judged'))
    await db.exportArrow('SELECT 1 AS target, r AS v FROM range(3) t(r)', path('low'))
    await db.exportArrow('SELECT 1 AS target, r AS v, 0 AS more FROM range(2, 5) t(r)', path('middle'))
    await db.exportArrow("SELECT 1 AS target, r || '.0' AS v FROM range(4, 7) t(r)", path('text'))
    await db.exportArrow('SELECT 1 AS other', path('other'))
    expect(await among(['low'])).toBe(3)
    expect(await among(['low', 'middle'])).toBe(5)
    expect(asked).toBe(0)
    expect(await among(['low', 'middle', 'text'])).toBe(7)
    expect(await among(['text', 'other'])).toBe(3)
    expect(asked).toBe(2)
  })

  it('are in a coarse table those of chance too, until a number says that they are different cases', async () => {
    const answers = `SELECT r, hash(r) % 2 AS target, hash(r, 'a') % 6 AS a, hash(r, 'b') % 6 AS b, hash(r, 'c') % 6 AS c FROM range(6000) t(r)`
    const side = (isJudged: boolean): string => `FROM (${answers}) WHERE ${isJudged ? '' : 'NOT '}(hash(r, 'part') % 10 < 3)`
    const found = async (columns: string) => {
      await db.exportArrow(`SELECT ${columns} ${side(true)}`, path('coarse'))
      await db.exportArrow(`SELECT ${columns} ${side(false)}`, path('answers'))
      return countSharedRows(database, { judged: path('coarse'), training: [path('answers')], target: 'target', inputs: ['a', 'b', 'c'] })
    }
    expect((await found('target, a, b, c')).shared).toBeGreaterThan(1500)
    expect(await found('r AS number, target, a, b, c')).toEqual({ shared: 0, alike: null })
  })

  it('are unknown where there is nothing to compare with', async () => {
    await db.exportArrow('SELECT 1 AS target, -1 AS v', path('none'))
    expect(await among([])).toBeNull()
    expect(await among(['other'])).toBeNull()
    expect(await among(['low'], 'none')).toBe(0)
    expect(await among(['low', 'other'], 'none')).toBeNull()
    expect(await among(['low', 'other'])).toBe(3)
  })
})
