import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { quoteText } from '../../../../model/sql-quoting'
import { openDatabase, type Database } from '../../../../storage/duckdb/database'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countSharedRows } from './shared-rows'

const strikes = resolve(__dirname, '../../../../../resources/sample')
const inputs = ['month', 'aircraft', 'phase', 'species', 'speed', 'ms']
let root: string
let db: Database
const path = (name: string): string => join(root, `${name}.arrow`)
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'shared-variants-'))
  db = await openDatabase({ readDirectories: [root, strikes], threads: 1 })
  await db.exportArrow(
    `SELECT "Effect Amount of damage" <> 'None' AS damaged, "Flight Date" AS flight_date, month("Flight Date") AS month, "Aircraft Make Model" AS aircraft,
       "Phase of flight" AS phase, "Wildlife Species" AS species, nullif("Speed IAS in knots", 0) AS speed, speed * 0.514444::DOUBLE AS ms,
       row_number() OVER (ORDER BY "Flight Date", "Origin State", "Aircraft Make Model", "Wildlife Species") AS id
     FROM read_csv(${quoteText(join(strikes, 'birdstrikes.csv'))})`,
    path('training')
  )
})
afterAll(async () => {
  await db.close()
  rmSync(root, { recursive: true, force: true })
})

let files = 0
async function count(select: string) {
  const judged = path(`judged-${files++}`)
  await db.exportArrow(select.replaceAll(' t', ` read_arrow(${quoteText(path('training'))})`), judged)
  const { shared, alike } = await countSharedRows(() => Promise.resolve(db), {
    judged,
    training: [path('training')],
    target: 'damaged',
    inputs
  })
  return { shared, all: alike ?? shared }
}

describe('rows of the training stay known', () => {
  it.each([
    [
      'with dates as timestamps, where rows have no number',
      'SELECT * EXCLUDE (id) REPLACE (flight_date::TIMESTAMP AS flight_date) FROM t',
      10_000
    ],
    [
      'with dates as timestamps, under another number',
      'SELECT * REPLACE (flight_date::TIMESTAMP AS flight_date, id + 100000 AS id) FROM t',
      10_000
    ],
    ['in another order', 'SELECT * FROM t ORDER BY hash(id)', 10_000],
    ['without their number', 'SELECT * EXCLUDE (id) FROM t', 10_000],
    ['under another number', 'SELECT * REPLACE (id + 100000 AS id) FROM t', 10_000],
    ['under a number that another row had', 'SELECT * REPLACE (10001 - id AS id) FROM t', 10_000],
    ['with dates as timestamps', 'SELECT * REPLACE (flight_date::TIMESTAMP AS flight_date) FROM t', 10_000],
    ['with dates as instants of a zone', 'SELECT * REPLACE (flight_date::TIMESTAMPTZ AS flight_date) FROM t', 10_000],
    ['with dates as text', 'SELECT * REPLACE (flight_date::VARCHAR AS flight_date) FROM t', 10_000],
    ['with whole numbers as floats', 'SELECT * REPLACE (speed::DOUBLE AS speed) FROM t', 10_000],
    ['with numbers of rows as floats', 'SELECT * REPLACE (id::DOUBLE AS id) FROM t', 10_000],
    ['with whole numbers as decimals', 'SELECT * REPLACE (speed::DECIMAL(10,2) AS speed) FROM t', 10_000],
    ['with whole numbers as text', 'SELECT * REPLACE (month::VARCHAR AS month) FROM t', 10_000],
    ['with whole numbers of other widths', 'SELECT * REPLACE (month::TINYINT AS month, id::UINTEGER AS id) FROM t', 10_000],
    ['with floats of 32 bits', 'SELECT * REPLACE (ms::FLOAT AS ms) FROM t', 10_000],
    ['with rounded floats', 'SELECT * REPLACE (round(ms, 9) AS ms) FROM t', 10_000],
    ['with a trifle added', 'SELECT * REPLACE (ms + 1e-13 AS ms) FROM t', 10_000],
    [
      'with NaN for what is missing',
      "SELECT * REPLACE (coalesce(ms, 'NaN'::DOUBLE) AS ms, coalesce(speed::DOUBLE, 'NaN'::DOUBLE) AS speed) FROM t",
      10_000
    ],
    ['with an empty text for what is missing', "SELECT * REPLACE (coalesce(species, '') AS species) FROM t", 10_000],
    ['with outcomes as numbers', 'SELECT * REPLACE (damaged::INTEGER AS damaged) FROM t', 10_000],
    ['with outcomes as text', "SELECT * REPLACE (CASE WHEN damaged THEN 'True' ELSE 'False' END AS damaged) FROM t", 10_000],
    ['twice', 'SELECT * FROM (FROM t UNION ALL FROM t)', 20_000],
    ['with a column named in capitals', 'SELECT * RENAME (id AS "ID") FROM t', 10_000],
    ['with another column', `SELECT *, 'test' AS part FROM t`, 10_000],
    [
      'as text in all columns, as a program writes them',
      "SELECT * REPLACE (CASE WHEN damaged THEN 'True' ELSE 'False' END AS damaged, speed::DOUBLE::VARCHAR AS speed, ms::VARCHAR AS ms, id::VARCHAR AS id, flight_date::VARCHAR AS flight_date) FROM t",
      10_000
    ],
    ['but not those that are other to the model', "SELECT * REPLACE ('x' AS aircraft) FROM t", 0]
  ])('%s', async (_, select, expected) => expect((await count(select)).all).toBe(expected))

  it('as the same rows where only a mark of the whole table is another, and as rows alike where each has another number', async () => {
    await db.exportArrow(`SELECT *, 'train' AS part, NULL::DATE AS closed FROM read_arrow(${quoteText(path('training'))})`, path('marked'))
    const judged = (mark: string): string => `SELECT *, ${mark} FROM read_arrow(${quoteText(path('training'))})`
    const against = async (select: string) => {
      const file = path(`judged-${files++}`)
      await db.exportArrow(select, file)
      return countSharedRows(() => Promise.resolve(db), { judged: file, training: [path('marked')], target: 'damaged', inputs })
    }
    expect(await against(judged(`'test' AS part, DATE '2024-05-01' AS closed`))).toEqual({ shared: 10_000, alike: 10_000 })
    expect(await against(judged(`'test' AS part, DATE '2024-05-01' + (id % 3)::INTEGER AS closed`))).toEqual({ shared: 0, alike: 10_000 })
    expect(await count('SELECT * REPLACE (id + 100000 AS id) FROM t')).toEqual({ shared: 0, all: 10_000 })
  })
})
