import { afterAll, expect, it } from 'vitest'
import type { ImportChoices } from '../../model/dataset'
import { openTestWorkspace } from './workspace.fixture'

const w = await openTestWorkspace()
afterAll(() => w.close())

const importText = async (text: string, choices?: ImportChoices) => {
  const { name, version } = await w.importText(text, choices)
  const { rows } = await w.datasets.sql(`SELECT * FROM ${name} LIMIT 200`)
  return { version, rows, rules: version.rules!.map(({ column, rule, cells }) => [column, rule, cells]) }
}
/** 100 rows of one text, with some others among them. */
const table = (header: string, usual: string, odd: Record<number, string>): string =>
  `${header}\n${Array.from({ length: 100 }, (_, i) => `${i},${odd[i] ?? usual}`).join('\n')}\n`

it('times without a zone beside others that have one are counted, and none where no value has one', async () => {
  const text = `id,v,w\n${Array.from({ length: 40 }, (_, i) => `${i},2021-03-05T10:00:00${i % 2 ? 'Z' : ''},2021-03-05 10:${10 + i}`).join('\n')}\n`
  const { version, rules } = await importText(text)
  expect(rules).toEqual([['v', 'no-zone', 20]])
  expect(version.rules![0]).toMatchObject({
    examples: [{ line: 2, from: '2021-03-05T10:00:00' }, {}, {}],
    choice: { columns: [{ source: 'v' }] }
  })
  expect(version.rules![0].detail).toMatch(/20 cells of "v" are without a time zone .* read as UTC/)
})

it('a number that becomes 0 and letters or digits that become true are counted', async () => {
  const small = await importText(table('id,x', '2.5', { 60: '1.5e-400', 61: '1e5', 62: '0' }))
  expect(small.rules).toEqual([
    ['x', 'exponent', 1],
    ['x', 'underflow', 1]
  ])
  expect(small.rows[60][1]).toBe(0)
  const flags = await importText(table('id,b', 'true', { 60: 'T', 61: '1', 62: 'FALSE' }))
  expect([flags.rules, flags.rows[61][1]]).toEqual([[['b', 'true-false', 2]], true])
})

it('brackets and the minus sign of print are offered as a minus, and what is not finite never as a number with a unit', async () => {
  const text = table('id,x', '2.5', { 60: '(12.50)', 61: '\u22127.25' })
  const { version } = await importText(text)
  expect(version.misfits!.cells).toBe(2)
  expect(version.offers).toMatchObject([
    { column: 'x', rule: 'trailing-minus', cells: 2, examples: [{ from: '(12.50)', to: '-12.5' }, { to: '-7.25' }] }
  ])
  const taken = await importText(text, version.offers![0].choice!)
  expect([taken.rules, taken.rows[60][1], taken.rows[61][1], taken.version.misfits!.cells]).toEqual([
    [['x', 'trailing-minus', 2]],
    -12.5,
    -7.25,
    0
  ])
  for (const odd of ['1.#INF', '-1.#IND']) expect((await importText(table('id,x', '2.5', { 60: odd }))).version.offers).toEqual([])
})

it('a part of a date that there is not is named, and so are lines skipped to the end', async () => {
  const path = w.source('when.csv', 'id,d\n1,2021-01-02\n')
  for (const [dateFormat, part] of [
    ['%Q', '%Q'],
    ['%d.%m.%', '%']
  ])
    await expect(w.datasets.importFile(path, { name: 'when', columns: [{ source: 'd', dateFormat }] })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining(`"${dateFormat}" is not a date format: it holds "${part}"`)
    })
  await expect(w.datasets.importFile(path, { name: 'when', dialect: { skipLines: 99 } })).rejects.toMatchObject({
    message: expect.stringMatching(/no line of text behind the 99 that are skipped.*Skip fewer lines/)
  })
})
