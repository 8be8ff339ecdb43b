import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDatabase, type Database } from '../../storage/duckdb/database'
import { quoteText } from '../../model/sql-quoting'
import { cellSql, defaultNullTokens, readings, typedNullTokens, valueSql } from './text-values'

let db: Database
beforeAll(async () => {
  db = await openDatabase({ readDirectories: [] })
})
afterAll(() => db.close())

const blank = fc.constantFrom('', '', '', ' ', '  ', '\u00a0')
const padded = (inner: fc.Arbitrary<string>): fc.Arbitrary<string> => fc.tuple(blank, inner, blank).map((parts) => parts.join(''))
const evaluate = async (cells: string[], sql: (cell: string) => string): Promise<unknown[]> => {
  const { rows } = await db.query(`SELECT ${sql('c')} FROM (VALUES ${cells.map((cell) => `(${quoteText(cell)})`).join(', ')}) v(c)`)
  return rows.map((row) => row[0])
}
const cells = (inner: fc.Arbitrary<string>) => fc.array(padded(inner), { minLength: 1, maxLength: 60 })

it('takes only the texts that mean "no value" as missing, with any blanks around, and keeps the others as they are', async () => {
  const inner = fc.oneof(
    fc.constantFrom(...defaultNullTokens),
    fc.string({ maxLength: 8, unit: fc.constantFrom('N', 'A', 'a', '/', '\t', ' ', 'é') })
  )
  await fc.assert(
    fc.asyncProperty(cells(inner), async (texts) => {
      // the engine's \s knows the ASCII blanks only
      const expected = texts.map((text) => (defaultNullTokens.includes(text.replace(/^[ \t\n\f\r]+|[ \t\n\f\r]+$/g, '')) ? null : text))
      expect(await evaluate(texts, (cell) => cellSql(cell, defaultNullTokens))).toEqual(expected)
    }),
    { numRuns: 40, seed: 20_261 }
  )
})

it('takes any other texts as missing where a person says so', async () => {
  const unit = fc.constantFrom('9', '8', '-', 'a', 'N', '~', '\u00e9', '\u{1f600}')
  const texts = fc.array(fc.string({ maxLength: 2, unit }), { minLength: 1, maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(texts, fc.uniqueArray(fc.string({ maxLength: 2, unit }), { minLength: 1, maxLength: 4 }), async (cells, tokens) => {
      const all = ['', ...tokens]
      expect(await evaluate(cells, (cell) => cellSql(cell, all))).toEqual(cells.map((text) => (all.includes(text) ? null : text)))
    }),
    { numRuns: 40, seed: 20_261 }
  )
})

it('casts a text that means "no value" to none, with any blanks around: so a column of plain values and such texts needs no pattern', async () => {
  const blanks = ['', ' ', '\t', '\n', '\r', '\f', ' \t ']
  const texts = typedNullTokens.flatMap((token) => blanks.flatMap((before) => blanks.map((behind) => before + token + behind)))
  for (const type of ['boolean', 'integer', 'number', 'date', 'timestamp'] as const)
    expect(new Set(await evaluate(texts, (cell) => valueSql(cell, { type, regular: true })))).toEqual(new Set([null]))
})

it('reads numbers however they are written, and nothing that is none', async () => {
  const number = fc.oneof(
    fc.integer().map(String),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.stringMatching(/^[+-]?[0-9]{1,3}(,[0-9]{3}){1,2}([.][0-9]{1,3})?$/),
    fc.string({ maxLength: 6, unit: fc.constantFrom('1', '0', '.', ',', '-', '+', 'e', '_', 'x') }),
    fc.constantFrom('1e999', '-1e400', 'inf', 'nan', 'Infinity', '1_000', '0x10', '.5', '5.', '+7')
  )
  const trimmed = (text: string): string => text.replace(/^\p{Zs}+|\p{Zs}+$/gu, '')
  const [point, comma] = readings.filter((reading) => reading.type === 'number')
  await fc.assert(
    fc.asyncProperty(cells(number), async (texts) => {
      const read = (text: string, pattern: string, plain: string): number | string | null => {
        const endless = /^([+-]?)inf(inity)?$/i.exec(trimmed(text))
        if (endless) return endless[1] === '-' ? '-Infinity' : 'Infinity'
        if (!new RegExp(`^(?:${pattern})$`).test(trimmed(text))) return null
        return Number.isFinite(Number(plain)) ? Number(plain) : null
      }
      expect(await evaluate(texts, (cell) => valueSql(cell, { type: 'number' }))).toEqual(
        texts.map((text) => read(text, point.pattern, trimmed(text).replaceAll(',', '')))
      )
      const swapped = texts.map((text) => text.replace(/[.,]/g, (mark) => (mark === '.' ? ',' : '.')))
      expect(await evaluate(swapped, (cell) => valueSql(cell, { type: 'number', decimal: ',' }))).toEqual(
        swapped.map((text) => read(text, comma.pattern, trimmed(text).replaceAll('.', '').replace(',', '.')))
      )
      expect(await evaluate(texts, (cell) => `(${valueSql(cell, { type: 'integer' })})::VARCHAR`)).toEqual(
        texts.map((text) => (/^[+-]?[0-9]+$/.test(trimmed(text)) ? String(BigInt(trimmed(text).replace('+', ''))) : null))
      )
    }),
    { numRuns: 40, seed: 20_261 }
  )
})

it('reads dates with blanks around, and refuses days that do not exist', async () => {
  expect(
    await evaluate(['2024-02-29', ' 2024-2-9 ', '\u00a02024-12-31', '2023-02-29', '2024-13-01', '2024-01-01x', ''], (cell) =>
      valueSql(cell, { type: 'date' })
    )
  ).toEqual(['2024-02-29', '2024-02-09', '2024-12-31', null, null, null, null])
})
