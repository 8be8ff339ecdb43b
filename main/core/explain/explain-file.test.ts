import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { explanationSchema } from '../../model/explanation'
import type { Sha256 } from '../../model/reference'
import { noPrinter } from '../documents'
import { readFrame } from '../frames'
import { readSignature } from '../training'
import { syntheticRows, writeArrow } from '../training/fixtures/synthetic'
import { trainModel } from '../training/train-model'
import { explainFile } from './explain-file'

let folder: string
let table: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'explain-file-'))
  table = await writeArrow(join(folder, 'rows.arrow'), { ...syntheticRows(900, 8) })
  await trainModel({
    ...{ table, target: 'damaged', algorithm: 'gradient-boosting', parameters: { trees: 12, learningRate: 0.2 }, seed: 1 },
    outputDirectory: folder
  })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const explain = async (more: Partial<Parameters<typeof explainFile>[1]>) => {
  const path = join(folder, 'model.onnx')
  const signature = await readSignature(path)
  const model = { name: 'damage@1', path, sha256: 'a'.repeat(64) as Sha256, signature, decidesFrom: null, reference: { why: '' } }
  return explainFile(model, { file: table, temporary: folder, print: noPrinter, training: table, ...more })
}

describe('explaining a file', () => {
  it('writes contributions that add up, as CSV and as Arrow alike, and tells what it did', async () => {
    const [csv, arrow] = [join(folder, 'why.csv'), join(folder, 'why.arrow')]
    const told = await explain({ out: csv, rows: 40 })
    await explain({ out: arrow, rows: 40 })
    const [head, ...lines] = (await readFile(csv, 'utf8')).trimEnd().split('\n')
    expect(head).toBe('row,base,load,age,count,phase,noise,margin')
    expect(lines).toHaveLength(40)
    const frame = await readFrame(arrow)
    const columns = [...frame.columns.values()]
    lines.forEach((line, row) => {
      const cells = line.split(',').map(Number)
      const sum = cells.slice(1, -1).reduce((a, b) => a + b, 0)
      expect(Math.abs(sum - cells.at(-1)!)).toBeLessThan(1e-6)
      expect(columns.map((column) => (column.kind === 'category' ? '' : column.values[row]))).toEqual(cells)
    })
    expect(explanationSchema.parse(told.explanation)).toEqual(told.explanation)
    expect(told.explanation).toMatchObject({ method: 'interventional', space: 'log-odds', rows: 40, blackBox: null })
    expect(told.explanation.background).toEqual({ rows: 500, from: 'training rows' })
    expect(told.explanation.outputs[0]!.features[0]!.feature).toBe('load')
    expect(told.explanation.additivity).toBeLessThan(1e-6)
    expect(told.explanation.narrative[0]).toContain('"load"')
  })

  it("tells one row in words, with the team's reason codes, on one page", async () => {
    const reasons = join(folder, 'reasons.yaml')
    const codes = ['raises', 'lowers'].map(
      (direction) => `  - { feature: load, direction: ${direction}, code: L-${direction}, text: The load ${direction} the risk. }`
    )
    await writeFile(reasons, ['schema: drydock.reason-codes', 'version: 1', 'codes:', ...codes].join('\n'))
    const html = join(folder, 'row.html')
    const { row, sheet } = await explain({ row: 17, html, reasons })
    expect(row!.row).toBe(17)
    const load = row!.features.find(({ feature }) => feature === 'load')!
    expect(load.code).toBe(load.contribution > 0 ? 'L-raises' : 'L-lowers')
    expect(row!.features.reduce((sum, { contribution }) => sum + contribution, row!.base)).toBeCloseTo(row!.margin, 6)
    expect(1 / (1 + Math.exp(-row!.margin))).toBeCloseTo(row!.score, 5)
    const page = await readFile(html, 'utf8')
    expect(sheet).toEqual([{ path: html, bytes: Buffer.byteLength(page) }])
    for (const text of ['Why row 17 got its score', load.reason!, row!.narrative[1]!.replaceAll('"', '&quot;')])
      expect(page).toContain(text)
  })

  it('refuses what cannot be, and writes nothing', async () => {
    const out = join(folder, 'none.csv')
    await expect(explain({ out: join(folder, 'none.txt') })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(explain({ out: table })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(explain({ out, row: 2000 })).rejects.toThrow('no row 2000')
    await expect(explain({})).rejects.toThrow('Nothing was asked for')
    const reasons = join(folder, 'bad.yaml')
    await writeFile(reasons, 'schema: drydock.reason-codes\nversion: 1\ncodes: [{ feature: load, direction: up, code: A, text: B }]')
    await expect(explain({ out, reasons })).rejects.toThrow('no table of reason codes')
    await expect(readFile(out)).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
