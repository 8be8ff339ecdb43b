import { afterAll, expect, it } from 'vitest'
import type { ImportChoices } from '../../model/dataset'
import { openTestWorkspace } from './workspace.fixture'

const w = await openTestWorkspace()
afterAll(() => w.close())

const importText = async (text: string, choices?: ImportChoices) => {
  const { version, rows } = await w.importText(text, choices)
  return { version, rows, titles: version.notices.map(({ title }) => title) }
}

it('points that could stand between thousands are said with their count, their examples and the choice that reads them so', async () => {
  const text = `id,v,w\n${Array.from({ length: 40 }, (_, i) => `${i},${100 + i}.970,${i}.${100 + i}`).join('\n')}\n`
  const { version, rows } = await importText(text)
  expect(rows[0][1]).toBe(100.97)
  expect(version.notices).toMatchObject([{ severity: 'warning', title: 'A decimal point or thousands', column: 'v', line: 2 }])
  expect(version.notices[0].detail).toMatch(/all 40 .* 100[.]970, which is 100[.]97 or 100,970[.] They are read with a decimal point/)
  const [offer] = version.offers!
  expect([version.offers!.length, offer.column, offer.rule, offer.cells]).toEqual([1, 'v', 'thousands', 40])
  expect(offer.examples[0]).toEqual({ line: 2, from: '100.970', to: '100970' })
  const taken = await importText(text, offer.choice!)
  expect([taken.rows[0][1], taken.rows[3][2], taken.titles]).toEqual([100_970, 3.103, []])
  const settled = await importText(text, { columns: [{ source: 'v', decimal: '.' }] })
  expect([settled.rows[0][1], settled.titles, settled.version.offers]).toEqual([100.97, [], []])
  // One value far down that says what the point is.
  expect((await importText(`v\n${'1.250\n'.repeat(6_000)}0.125\n`)).titles).toEqual([])
})

it('a letter or a page is not a table without a word; a list is one', async () => {
  for (const text of [
    'Dear all,\n\nplease find the table attached.\nRegards\n',
    '<html>\n<body>\n<table>\n<tr><td>1</td></tr>\n</table>\n</body>\n</html>\n'
  ]) {
    const { version } = await importText(text)
    expect(version.notices).toMatchObject([{ severity: 'warning', title: 'Probably no table' }])
    expect(version.notices[0].detail).toMatch(/import that file/)
  }
  for (const text of [
    'name\nAnna\nBob\n',
    'review\nA fine film.\nNot for me, alas.\nWe left early.\n',
    'Customer name\nJ. Smith\nA. Jones Jr.\n'
  ])
    expect((await importText(text)).titles).toEqual([])
})

it('a first line of values that became a row is said, with the choice that takes it for names', async () => {
  const text = '2019,2020,2021\n1,2,3\n4,5,6\n'
  const { version, rows } = await importText(text)
  expect(rows).toHaveLength(3)
  expect(version.notices).toMatchObject([{ severity: 'info', title: 'No line of names', line: 1 }])
  expect(version.notices[0].detail).toMatch(/"2019,2020,2021".* column_1 to column_3/)
  const named = await importText(text, { dialect: { header: true } })
  expect([named.version.columns.map(({ name }) => name), named.rows.length, named.titles]).toEqual([['2019', '2020', '2021'], 2, []])
  expect((await importText(text, { dialect: { header: false } })).titles).toEqual([])
})
