import { afterAll, beforeAll, expect, it } from 'vitest'
import { rowsCheckedText } from '../../model/quality'
import { openTestWorkspace, type TestWorkspace } from '../datasets/workspace.fixture'
import { createQuality, type QualityWriter } from './quality'

let w: TestWorkspace
let quality: QualityWriter
beforeAll(async () => {
  w = await openTestWorkspace()
  quality = createQuality(w.context, w.datasets)
})
afterAll(() => w.close())

/** Six laboratory values of 600 people; those who are ill have more values below the limit. `m3` is larger in their rows. */
const laboratory = (): string => {
  const rows = Array.from({ length: 600 }, (_, i) => {
    const ill = i % 10 === 0
    const cells = Array.from({ length: 6 }, (_k, k) => {
      if ((ill && (i / 10 + k) % 6 === 3) || (!ill && (i * 6 + k) % 401 === 7)) return '<0.5'
      return (((i * 7 + k * 13) % 90) / 10 + 0.51 + (ill && k === 3 ? 5 : 0)).toFixed(2)
    })
    return `${ill ? 'yes' : 'no'},${cells.join(',')}`
  })
  return `ill,${Array.from({ length: 6 }, (_, k) => `m${k}`).join(',')}\n${rows.join('\n')}\n`
}

it('lost cells are a finding that says how their rows differ, by the target or by another column', async () => {
  const { version } = await w.datasets.importFile(w.source('lab.csv', laboratory()), { name: 'lab' })
  const { cells, rows } = version.misfits!
  expect([version.rows, version.badRows]).toEqual([600, 0])
  expect(rows).toBeGreaterThan(60)
  const { report } = await quality.run('lab', { target: { column: 'ill', positive: ['yes'] } })
  const lost = report.findings.find((f) => f.kind === 'cells-lost')!
  expect([lost.count, lost.evidence.rows, lost.share]).toEqual([cells, rows, rows / 600])
  expect(lost.examples[0].value).toMatch(/^m\d+: <0\.5$/)
  // Each of the 60 ill has such a cell, so their share among these rows is 60 of all of them.
  const among = 60 / rows
  expect(lost.evidence.difference).toMatchObject({ column: 'ill', others: 0 })
  expect((lost.evidence.difference as { among: number }).among).toBeCloseTo(among, 5)
  expect(lost.what).toContain(`Among these rows ${(among * 100).toFixed(1)}% are events of "ill", among the others 0.0%`)
  expect(report.imported).toEqual({ rowsLeftOut: 0, cellsLost: cells, cellsAltered: 0 })
  expect(rowsCheckedText(report)).toBe(`all 600 rows of the version; ${cells} cells of the file missing because they do not fit`)
  const columns = [{ source: 'ill', drop: true }]
  await w.datasets.importFile(w.source('lab.csv', laboratory()), { name: 'anonymous', columns })
  const without = (await quality.run('anonymous', {})).report.findings.find((f) => f.kind === 'cells-lost')!
  expect((without.evidence.difference as { column: string }).column).toBe('m3')
  expect(without.what).toContain('They differ most in "m3"')
})

it('rows that were left out and cells that a rule changed are findings, and a file without them has none', async () => {
  const lines = Array.from({ length: 300 }, (_, i) => (i % 30 === 0 ? `${i}` : `${i},${i % 7 ? `"${i},5"` : 'NA'}`))
  await w.datasets.importFile(w.source('rules.csv', `id,v\n${lines.join('\n')}\n`), { name: 'rules' })
  const { report, id } = await quality.run('rules', {})
  const of = (kind: string) => report.findings.find((f) => f.kind === kind)
  expect(of('rows-left-out')).toMatchObject({ count: 10, severity: 'warning', share: 10 / 300 })
  const altered = of('cells-altered')!
  expect([altered.count, altered.columns]).toEqual([290, ['v']])
  expect(altered.what).toContain('with a comma as the decimal mark')
  const { html } = await quality.html(id)
  expect(html).toContain('from all 290 rows of the version; 10 rows of the file left out.')
  await w.datasets.importFile(w.source('clean.csv', 'a,b\n1,x\n2,y\n'), { name: 'clean' })
  const clean = (await quality.run('clean', {})).report
  expect(clean.findings.filter((f) => /^(rows-left|cells-)/.test(f.kind))).toEqual([])
  expect(rowsCheckedText(clean)).toBe('all 2 rows, none of the file left out')
})
