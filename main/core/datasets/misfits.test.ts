import { afterAll, beforeAll, expect, it } from 'vitest'
import type { MisfitRequest } from '../../model/dataset'
import { openTestWorkspace, type TestWorkspace } from './workspace.fixture'

let w: TestWorkspace
beforeAll(async () => {
  w = await openTestWorkspace()
})
afterAll(() => w.close())

/** 600 rows of 20 laboratory values, of which every 67th is a detection limit: nearly every third row has one. */
const laboratory = (): { text: string; limits: number; rows: Set<number> } => {
  const lines = [`id,${Array.from({ length: 20 }, (_, i) => `m${i}`).join(',')}`]
  const rows = new Set<number>()
  let limits = 0
  for (let row = 0; row < 600; row++) {
    const cells = Array.from({ length: 20 }, (_, column) => {
      if ((row * 20 + column) % 67 !== 5) return ((row * 7 + column * 13) % 90) / 10 + 0.53
      limits++
      rows.add(row + 1)
      return '<0.5'
    })
    lines.push(`${row},${cells.join(',')}`)
  }
  return { text: `${lines.join('\n')}\n`, limits, rows }
}

it('keeps every row of laboratory data; a cell that does not fit is missing and its text stands beside', async () => {
  const { text, limits, rows } = laboratory()
  const { version } = await w.datasets.importFile(w.source('lab.csv', text), { name: 'lab' })
  expect([version.rows, version.badRows, version.misfits!.cells, version.misfits!.rows]).toEqual([600, 0, limits, rows.size])
  expect(version.columns.slice(1).every((c) => c.type === 'DOUBLE')).toBe(true)
  const [gaps] = (await w.datasets.sql(`SELECT ${Array.from({ length: 20 }, (_, i) => `count(*) - count(m${i})`).join(' + ')} FROM lab`))
    .rows
  expect(gaps[0]).toBe(limits)
  const page = await w.datasets.misfits('lab', { limit: 1_000 })
  expect([page.total, page.misfits.length]).toEqual([limits, limits])
  expect(page.misfits[0]).toEqual({ what: 'cell', line: 2, row: 1, column: 'm5', text: '<0.5', reason: 'not a number' })
  expect(new Set(page.misfits.map((m) => m.row))).toEqual(rows)
  expect(page.misfits.every((m) => m.line === (m.row ?? 0) + 1)).toBe(true)
  const some = await w.datasets.misfits('lab', { column: 'm5', offset: 1, limit: 2 })
  expect([some.misfits.length, some.misfits.every((m) => m.column === 'm5')]).toEqual([2, true])
  expect(version.notices[0]).toMatchObject({ severity: 'warning', title: `${limits} cells did not fit their columns` })
})

it('names the line of the file and the row of the version where both differ, and the column by its new name', async () => {
  const lines = ['a title', '', ...Array.from({ length: 200 }, (_, i) => `${i},"two\nlines",${i === 150 ? 'x' : i}`)]
  lines[1] = 'id,t,v'
  lines.splice(30, 0, 'too,few')
  const { version } = await w.datasets.importFile(w.source('lines.csv', `${lines.slice(1).join('\n')}\n`), {
    name: 'lines',
    columns: [{ source: 'v', name: 'value' }]
  })
  expect([version.rows, version.badRows]).toEqual([200, 1])
  const all = await w.datasets.misfits('lines')
  const cell = { what: 'cell', line: 1 + 300 + 1 + 1, row: 151, column: 'value', text: 'x', reason: 'not a whole number' }
  const lost = { what: 'row', line: all.misfits[0].line, row: null, column: null, text: 'too,few', reason: 'fewer than 3 values' }
  expect(all).toMatchObject({ cells: 1, rowsLost: 1, losses: [{ reason: 'fewer than 3 values', count: 1 }], total: 2 })
  expect(all.misfits).toEqual([lost, cell])
  const part = async (request: MisfitRequest) => (await w.datasets.misfits('lines', request)).misfits
  expect(await part({ offset: 1, limit: 1 })).toEqual([cell])
  expect(await part({ what: 'row' })).toEqual([lost])
  expect(await part({ what: 'cell' })).toEqual([cell])
  expect(await part({ column: 'value' })).toEqual([cell])
  expect(await part({ column: 't' })).toEqual([])
  expect((await w.datasets.rows('lines', { offset: 150, limit: 1 })).rows).toEqual([[150, 'two\nlines', null]])
})

it('has no misfits in a version without any, and in one whose misfits were not kept yet', async () => {
  await w.datasets.importFile(w.source('clean.csv', 'a,b\n1,2\n'), { name: 'clean' })
  expect(await w.datasets.misfits('clean')).toEqual({
    cells: 0,
    rows: 0,
    columns: [],
    rowsLost: 0,
    losses: [],
    misfits: [],
    offset: 0,
    total: 0
  })
  w.context.ledger.run('UPDATE dataset_version SET reading = NULL, misfit_object = NULL')
  expect(w.datasets.get('lab').version.misfits).toBeUndefined()
  expect((await w.datasets.misfits('lab')).total).toBe(0)
})
