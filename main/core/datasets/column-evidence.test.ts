import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { ImportChoices } from '../../model/dataset'
import { openDatabase } from '../../storage/duckdb/database'
import { openTestWorkspace } from './workspace.fixture'

const w = await openTestWorkspace()
afterAll(() => w.close())

const importText = async (text: string | Buffer, choices?: ImportChoices, file?: string) => {
  const imported = await w.importText(text, choices, file)
  const { version, rows } = imported
  return { ...imported, types: version.columns.map((c) => c.type), column: (i: number) => rows.map((r) => r[i]) }
}
const fixture = (file: string, choices: ImportChoices = {}) => importText(readFileSync(join(__dirname, 'fixtures', file)), choices, file)
const rulesOf = (version: { rules?: { column: string | null; rule: string; cells: number }[] }) =>
  version.rules!.map((r) => `${r.column} ${r.rule} ${r.cells}`)

describe('codes are judged over every row', () => {
  it('keeps a leading zero behind row 5,000', async () => {
    const lines = Array.from({ length: 6_000 }, (_, i) => `${10_000 + i},${i}`)
    const { name, version, types } = await importText(`acct,amt\n${lines.join('\n')}\n00123,1\n00999,2\n`)
    expect([types, version.rows]).toEqual([['VARCHAR', 'BIGINT'], 6_002])
    expect((await w.datasets.rows(name, { offset: 6_000 })).rows).toEqual([
      ['00123', 1],
      ['00999', 2]
    ])
    expect(version.notices).toContainEqual(expect.objectContaining({ title: 'Codes kept as text', column: 'acct', line: 6_002 }))
  })
  it('keeps them behind the 200th row of a wide table, and a number where a person says so', async () => {
    const header = Array.from({ length: 2_000 }, (_, i) => `c${i}`).join(',')
    const row = (first: string) => `${first},${Array.from({ length: 1_999 }, (_, i) => i).join(',')}`
    const text = `${header}\n${Array.from({ length: 300 }, (_, i) => row(i === 250 ? '007' : String(i + 1))).join('\n')}\n`
    const { types } = await importText(text)
    expect(types.slice(0, 2)).toEqual(['VARCHAR', 'BIGINT'])
    const chosen = await importText('a,b\n1,x\n007,y\n', { columns: [{ source: 'a', type: 'integer' }] })
    expect([chosen.types[0], chosen.column(0)]).toEqual(['BIGINT', [1, 7]])
  })
  it('keeps letters that only look like an exponent, and telephone numbers', async () => {
    const ids = await fixture('sciid.tsv')
    expect([ids.types[1], ids.column(1)]).toEqual(['VARCHAR', ['4758331158E59', '219E012', '12E3', '77E12']])
    const phones = await importText('p,n\n+491701234567,+5\n+4912345678,6\n')
    expect([phones.types, phones.column(0)]).toEqual([
      ['VARCHAR', 'BIGINT'],
      ['+491701234567', '+4912345678']
    ])
    const numbers = await importText('x,y\n1.5e-7,1\n2.5E+10,1e-05\n')
    expect([numbers.types, numbers.column(0)]).toEqual([
      ['DOUBLE', 'DOUBLE'],
      [1.5e-7, 2.5e10]
    ])
  })
})

describe('a column has its own decimal mark', () => {
  it('reads a German file with prices and weights', async () => {
    const { rows, version } = await fixture('de-mix.csv')
    expect(rows.map((r) => r.slice(1))).toEqual([
      [1.2, 0.125],
      [22.3, 1.5],
      [1234.56, 12.25],
      [1299.99, 3.755]
    ])
    expect(rulesOf(version)).toEqual(['preis decimal-comma 4', 'gewicht decimal-comma 4'])
    expect(version.rules![0].examples[2]).toEqual({ line: 4, from: '1.234,56', to: '1234.56' })
  })
  it('reads 0,125 by itself, a quoted comma between commas, and a point beside a comma', async () => {
    expect((await importText('a;b\nx;0,125\ny;0,250\n')).column(1)).toEqual([0.125, 0.25])
    const both = await importText('id,de,us\n1,"1,5",2.5\n2,"22,75",0.125\n3,"1.234,5","1,234.5"\n')
    expect(both.rows.map((r) => r.slice(1))).toEqual([
      [1.5, 2.5],
      [22.75, 0.125],
      [1234.5, 1234.5]
    ])
  })
  it('leaves what the cells leave open to the other columns, and to the person', async () => {
    expect((await importText('a;b\n1,5;1,500\n2,5;2,250\n')).column(1)).toEqual([1.5, 2.25])
    const us = await importText('a,b\n1.5,"1,500"\n2.5,"2,250"\n')
    expect([us.column(1), rulesOf(us.version)]).toEqual([[1500, 2250], ['b thousands 2']])
    const undone = await importText('a,b\n1.5,"1,500"\n2.5,"2,250"\n', us.version.rules![0].choice!)
    expect(undone.column(1)).toEqual([1.5, 2.25])
    expect((await importText('a;b\n1,5;1.500\n2,5;12.250\n')).column(1)).toEqual([1500, 12250])
  })
})

describe('missing values', () => {
  it('keeps Namibia and the family Null, and says how to read them as missing', async () => {
    const { column, version } = await fixture('namibia.csv')
    expect(column(0)).toEqual(['ZA', 'NA', 'BW', 'NE', 'NA'])
    expect(version.offers).toMatchObject([{ column: 'country', rule: 'null-token', cells: 2 }])
    const taken = await fixture('namibia.csv', version.offers![0].choice!)
    expect(taken.column(0)).toEqual(['ZA', null, 'BW', 'NE', null])
    const names = await fixture('null-surname.csv')
    expect(names.column(1)).toEqual(['Null', 'NULL', 'Smith', 'None', 'nan', 'Nan'])
    expect(names.version.offers).toMatchObject([{ column: 'surname', cells: 2 }])
  })
  it('reads NA among categories as missing, with count and the way back', async () => {
    const text = `kind,n\n${Array.from({ length: 40 }, (_, i) => `${i % 4 === 0 ? 'NA' : ['Private', 'Public'][i % 2]},${i % 8 ? i : 'NA'}`).join('\n')}\n`
    const { version, column } = await importText(text)
    expect([column(0).filter((v) => v === null).length, column(1).filter((v) => v === null).length]).toEqual([10, 5])
    expect(rulesOf(version).sort()).toEqual(['kind null-token 10', 'n null-token 5'])
    expect(version.rules!.find((r) => r.column === 'kind')!.examples[0]).toEqual({ line: 2, from: 'NA', to: null })
    for (const rule of version.rules!) {
      const back = await importText(text, rule.choice!)
      expect(back.column(rule.column === 'kind' ? 0 : 1).filter((v) => v === 'NA')).toHaveLength(rule.cells)
    }
  })
  it('casts plain values beside such texts, as it does without them: no pattern is matched for each cell', async () => {
    const written: string[] = []
    const own = await openTestWorkspace({
      openDatabase: async (options) => {
        const db = await openDatabase(options)
        return { ...db, exportArrow: (sql, ...rest) => (written.push(sql), db.exportArrow(sql, ...rest)) }
      }
    })
    const cells = (i: number) =>
      [i, `${i}.25`, `2024-01-${10 + (i % 20)}`, i % 2 === 0].map((value, k) => (i % 7 === k ? [' NaN', '.', 'n/a', 'NULL'][k] : value))
    const text = `i,n,d,b\n${Array.from({ length: 40 }, (_, i) => cells(i).join(',')).join('\n')}\n`
    const { version } = await own.datasets.importFile(own.source('t.csv', text), { name: 't' })
    const { rows } = await own.datasets.rows('t', { limit: 8 })
    await own.close()
    expect(version.columns.map((c) => c.type)).toEqual(['BIGINT', 'DOUBLE', 'DATE', 'BOOLEAN'])
    expect(rulesOf(version)).toEqual(['i null-token 6', 'n null-token 6', 'd null-token 6', 'b null-token 6'])
    expect(rows.map((row) => row.indexOf(null))).toEqual([0, 1, 2, 3, -1, -1, -1, 0])
    expect(written.join()).not.toMatch(/regexp/)
  })
  it('reads the points of SAS as missing among numbers only', async () => {
    const { types, version, rows } = await fixture('sasdot.csv')
    expect([types, rulesOf(version)]).toEqual([
      ['BIGINT', 'BIGINT', 'BIGINT'],
      ['age null-token 2', 'bp null-token 2']
    ])
    expect(rows.map((r) => r[1])).toEqual([34, null, 55, 41, null, 22])
    expect((await importText('a,b\n.,1\nx,2\ny,3\n')).column(0)).toEqual(['.', 'x', 'y'])
  })
})

describe('digits', () => {
  it('keeps money exact, from the file to SQL and back', async () => {
    const { name, types, version } = await fixture('decimalmoney.csv')
    expect(types).toEqual(['BIGINT', 'DECIMAL(18,2)'])
    const exact = ['0.10', '0.20', '12345678901234.56', '1234567890123456.78']
    expect((await w.datasets.sql(`SELECT amount::VARCHAR FROM ${name}`)).rows.flat()).toEqual(exact)
    expect((await w.datasets.sql(`SELECT sum(amount)::VARCHAR FROM ${name}`)).rows).toEqual([['1246913569024691.64']])
    expect((await w.datasets.rows(name, {})).rows.map((r) => String(r[1])).at(-1)).toBe('1234567890123456.78')
    expect(version.columns[1].kind).toBe('number')
    const again = await w.datasets.importFile(w.source('again.arrow', readFileSync(w.datasets.resolve(name).path)), { name: 'again' })
    expect(again.version.sha256).toBe(version.sha256)
  })
  it('takes no decimal where a number holds every digit, and says what rounding costs where it is chosen', async () => {
    const held = await importText('x\n0.1\n0.30000000000000004\n0.10000000000000001\n1234.5678901234567\n')
    expect(held.types).toEqual(['DOUBLE'])
    const rounded = await fixture('decimalmoney.csv', { columns: [{ source: 'amount', type: 'number' }] })
    expect([rounded.types[1], rulesOf(rounded.version)]).toEqual(['DOUBLE', ['amount rounded 1']])
    const chosen = await importText('m\n1.5\n2.25\nx\n', { columns: [{ source: 'm', type: 'decimal' }] })
    expect([chosen.types, chosen.version.misfits!.cells]).toEqual([['DECIMAL(3,2)'], 1])
  })
  it('keeps a column numeric that holds infinities', async () => {
    const { types, rows } = await importText('x\n1.5\ninf\n-Infinity\n2\n')
    expect([types, rows.flat()]).toEqual([['DOUBLE'], [1.5, 'Infinity', '-Infinity', 2]])
  })
})
