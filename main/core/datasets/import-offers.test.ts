import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestWorkspace, type TestWorkspace } from './workspace.fixture'

let w: TestWorkspace
beforeAll(async () => {
  w = await openTestWorkspace()
})
afterAll(() => w.close())

/** Imports twice: as it is found, and with the first offer for a column taken. */
const takeOffer = async (name: string, text: string, column: string) => {
  const path = w.source(`${name}.csv`, text)
  const { version } = await w.datasets.importFile(path, { name })
  const offer = version.offers!.find((o) => o.column === column)
  if (!offer) throw new Error(`nothing is offered for ${column}`)
  const preview = await w.datasets.previewImport(path)
  expect(preview.offers).toContainEqual(offer)
  const taken = await w.datasets.importFile(path, { name, ...offer.choice! })
  const index = taken.version.columns.findIndex((c) => c.name === column)
  return { version, offer, taken: taken.version, values: (await w.datasets.rows(name, { limit: 200 })).rows.map((r) => r[index]) }
}

it('a minus behind the number is offered and works', async () => {
  const { offer, values } = await takeOffer('minus', readFileSync(join(__dirname, 'fixtures', 'trailing-minus.csv'), 'utf8'), 'amt')
  expect([offer.rule, offer.cells, offer.examples[0]]).toEqual(['trailing-minus', 2, { line: 2, from: '100.00-', to: '-100.0' }])
  expect(values).toEqual([-100, 250.5, -75.25, 10])
})
it('units and marks between thousands are offered and work', async () => {
  const eur = await takeOffer('eur', 'id;v\n1;1.234,50 EUR\n2;20,00 EUR\n3;7,25 EUR\n', 'v')
  expect([eur.offer.rule, eur.values]).toEqual(['strip', [1234.5, 20, 7.25]])
  const swiss = await takeOffer('swiss', "id,v\n1,1'234.50\n2,20.5\n3,2'000'000\n", 'v')
  expect(swiss.values).toEqual([1234.5, 20.5, 2_000_000])
})
it('detection limits among numbers are offered and work', async () => {
  const lines = Array.from({ length: 100 }, (_, i) => (i === 40 ? '40,<0.5' : `${i},${i + 0.5}`))
  const { version, offer, taken, values } = await takeOffer('limits', `id,v\n${lines.join('\n')}\n`, 'v')
  expect([version.misfits!.cells, offer.rule, taken.misfits!.cells, values[40]]).toEqual([1, 'detection-limit', 0, 0.5])
  expect(taken.rules).toMatchObject([{ column: 'v', rule: 'detection-limit', cells: 1 }])
})
it('mixed order of day and month is warned of with its lines, and a second notation is offered', async () => {
  const { version, offer, taken } = await takeOffer('mixed', readFileSync(join(__dirname, 'fixtures', 'mixed.csv'), 'utf8'), 'date')
  expect([version.rows, version.misfits!.cells]).toEqual([202, 1])
  expect(version.notices).toContainEqual(
    expect.objectContaining({ severity: 'warning', title: 'Mixed order of day and month', column: 'date', line: 202 })
  )
  expect(offer.choice!.columns![0]).toMatchObject({ dateFormat: '%d/%m/%Y', otherDateFormats: ['%m/%d/%Y'] })
  expect(taken.misfits!.cells).toBe(0)
  expect((await w.datasets.sql('SELECT date::VARCHAR FROM mixed WHERE id = 900')).rows).toEqual([['2021-03-25']])
})
it('nothing but the way back is offered for codes, nothing for names with a number and for texts of which some only look like numbers', async () => {
  const lines = Array.from({ length: 60 }, (_, i) => `room ${i},0${i},${i % 3 ? `${i} kg` : 'heavy'},${i % 2 ? '31.12.2023' : 'soon'}`)
  const { version } = await w.datasets.importFile(w.source('names.csv', `a,b,c,d\n${lines.join('\n')}\n`), { name: 'names' })
  expect(version.columns.map((c) => c.type)).toEqual(['VARCHAR', 'VARCHAR', 'VARCHAR', 'VARCHAR'])
  expect(version.offers).toMatchObject([{ column: 'b', rule: 'code', cells: 60 }])
})
