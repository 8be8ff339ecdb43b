import { afterAll, expect, it } from 'vitest'
import type { ImportChoices } from '../../model/dataset'
import { openTestWorkspace } from './workspace.fixture'

const w = await openTestWorkspace()
afterAll(() => w.close())

const importText = async (text: string, choices?: ImportChoices) => {
  const { version, rows } = await w.importText(text, choices)
  return { version, types: version.columns.map((c) => c.type), column: (i: number) => rows.map((r) => r[i]) }
}
const table = (header: string, rows: number, row: (i: number) => string): string =>
  `${header}\n${Array.from({ length: rows }, (_, i) => row(i)).join('\n')}\n`

it('codes among the first rows are told with their count and the choice that makes numbers of them', async () => {
  const text = table('plz,id,phone', 60, (i) => `${String(i * 1_000).padStart(5, '0')},${i},+4917000000${10 + i}`)
  const { version, types } = await importText(text)
  expect(types).toEqual(['VARCHAR', 'BIGINT', 'VARCHAR'])
  expect(version.notices).toMatchObject([
    { title: 'Codes kept as text', column: 'plz', line: 2 },
    { title: 'Codes kept as text', column: 'phone' }
  ])
  expect(version.offers).toMatchObject([
    { column: 'plz', rule: 'code', cells: 10, examples: [{ line: 2, from: '00000', to: '0' }, { line: 3, from: '01000', to: '1000' }, {}] },
    { column: 'phone', rule: 'code', cells: 60 }
  ])
  const taken = await importText(text, version.offers![0].choice!)
  expect([taken.types[0], taken.column(0).slice(0, 2), taken.version.misfits!.cells]).toEqual(['BIGINT', [0, 1_000], 0])
  expect((await importText('a,b\n007,agent\nnone,clerk\nmany,x\nfew,y\n')).version.notices).toEqual([])
})

it('the one odd text of a column of numbers or dates is offered as missing, with its count', async () => {
  for (const [token, rest] of [
    ['?', '12.5'],
    ['#DIV/0!', '7'],
    ['0000-00-00', '2024-02-03']
  ]) {
    const text = table('id,v,w', 100, (i) => `${i},${i % 10 === 0 ? token : rest},${i === 5 ? token : rest}`)
    const { version, types } = await importText(text)
    expect(types[1]).toBe('VARCHAR')
    expect(version.offers!.map(({ column, rule, cells }) => [column, rule, cells])).toEqual([
      ['v', 'null-token', 10],
      ['w', 'null-token', 1]
    ])
    expect(version.offers![0].examples[0]).toEqual({ line: 2, from: token, to: null })
    const { dialect: _, ...choices } = { ...version.offers![0].choice!, columns: version.offers!.flatMap(({ choice }) => choice!.columns!) }
    const taken = await importText(text, choices)
    expect([taken.types[1], taken.version.misfits!.cells, taken.version.offers]).toEqual([taken.types[2], 0, []])
    expect(taken.types[1]).not.toBe('VARCHAR')
    expect(taken.column(1).filter((v) => v === null)).toHaveLength(10)
    // The way back keeps the text.
    const back = taken.version.rules!.find((r) => r.column === 'v' && r.rule === 'null-token')!
    expect(back.cells).toBe(10)
    expect((await importText(text, back.choice!)).column(1)[0]).toBe(token)
  }
})

it('9999 far from all other numbers is offered, and a question mark among words; ordinary values are not', async () => {
  const text = table(
    'age,bp,work,grade',
    100,
    (i) =>
      `${i % 20 === 3 ? 999 : 20 + (i % 60)},${i % 25 === 0 ? -99 : i},${i % 9 === 0 ? '?' : ['Private', 'Public'][i % 2]},${90 + (i % 10)}`
  )
  const { version } = await importText(text)
  expect(version.offers!.map(({ column, cells, choice }) => [column, cells, choice!.columns![0].moreNullTokens])).toEqual([
    ['age', 5, ['999']],
    ['bp', 4, ['-99']],
    ['work', 12, ['?']]
  ])
  const taken = await importText(text, { columns: version.offers!.flatMap(({ choice }) => choice!.columns!) })
  expect([0, 1, 2].map((i) => taken.column(i).filter((v) => v === null).length)).toEqual([5, 4, 12])
  expect(taken.types).toEqual(['BIGINT', 'BIGINT', 'VARCHAR', 'BIGINT'])
})

it('years of two digits are offered with their century, in both orders where the order is open', async () => {
  const text = table('born,seen', 40, (i) => `${String(1 + (i % 28)).padStart(2, '0')}.01.${60 + i},0${1 + (i % 9)}/0${1 + (i % 7)}/24`)
  const { version, types } = await importText(text)
  expect(types).toEqual(['VARCHAR', 'VARCHAR'])
  const [born, seen, other] = version.offers!
  expect([born, seen, other].map((o) => [o.column, o.cells, o.choice!.columns![0].dateFormat])).toEqual([
    ['born', 40, '%d.%m.%y'],
    ['seen', 40, '%d/%m/%y'],
    ['seen', 40, '%m/%d/%y']
  ])
  expect(born.detail).toMatch(/69 to 99 are read as 1969 to 1999, from 00 to 68 as 2000 to 2068[.] They run from 1969-\d\d-\d\d to 2068-/)
  const taken = await importText(text, born.choice!)
  expect([taken.types[0], taken.column(0)[0], taken.column(0)[9]]).toEqual(['DATE', '2060-01-01', '1969-01-10'])
  expect(taken.version.rules!.find((r) => r.column === 'born')!.detail).toContain('1969 to 1999')
})

it('dates as SAS, spreadsheets and databases write them are read, or offered where a number is written so', async () => {
  const text = table('dob,stamp,us,day,long', 40, (i) => {
    const day = String(1 + (i % 28)).padStart(2, '0')
    return `${day}FEB1960,${day}JAN2010:10:00:0${i % 10},1/${day}/2024 1:05 PM,202402${day},"March ${1 + (i % 28)}, 2023"`
  })
  const { version, types, column } = await importText(text)
  expect(types).toEqual(['DATE', 'VARCHAR', 'VARCHAR', 'BIGINT', 'VARCHAR'])
  expect(column(0)[0]).toBe('1960-02-01')
  const taken = await importText(text, { columns: version.offers!.flatMap(({ choice }) => choice!.columns!) })
  expect(taken.types).toEqual(['DATE', 'TIMESTAMP', 'TIMESTAMP', 'DATE', 'DATE'])
  expect([1, 2, 3, 4].map((i) => taken.column(i)[0])).toEqual([
    '2010-01-01T10:00:00.000Z',
    '2024-01-01T13:05:00.000Z',
    '2024-02-01',
    '2023-03-01'
  ])
})

it('numbers with exponents behind a decimal comma, Indian groups, and units that stay with the column', async () => {
  const { types, column, version } = await importText('id;v\n1;1,5E-03\n2;2,25E+02\n')
  expect([types[1], column(1), version.rules!.map((r) => r.rule)]).toEqual(['DOUBLE', [0.0015, 225], ['decimal-comma']])
  const text = table('lakh,share', 30, (i) => `"12,34,${100 + i}.50",${i}.5%`)
  const offered = await importText(text)
  const taken = await importText(text, { columns: offered.version.offers!.flatMap(({ choice }) => choice!.columns!) })
  expect([taken.column(0)[0], taken.column(1)[3]]).toEqual([1234100.5, 3.5])
  expect(taken.version.columns.map((c) => c.unit)).toEqual([null, '%'])
})
