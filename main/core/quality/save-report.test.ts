import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestWorkspace, type TestWorkspace } from '../datasets/workspace.fixture'
import { QualityReportId } from '../../model/reference'
import { uuidOf } from '../../testing/sample-runs'
import { createQuality, type QualityWriter } from '.'

let w: TestWorkspace
let quality: QualityWriter
let id: QualityReportId
beforeAll(async () => {
  w = await openTestWorkspace()
  quality = createQuality(w.context, w.datasets)
  const source = join(w.context.directory, 'small.csv')
  await fs.writeFile(source, 'a,b\n1,x\n2,y\n')
  await w.datasets.importFile(source, { name: 'small' })
  id = (await quality.run('small')).id
})
afterAll(() => w.close())

describe('a saved quality report', () => {
  it('is the page or the JSON, and replaces an existing file whole', async () => {
    const path = join(w.context.directory, 'report.html')
    await fs.writeFile(path, 'old '.repeat(100_000))
    const saved = await quality.save(id, path, 'html')
    const text = await fs.readFile(path, 'utf8')
    expect(text).toBe((await quality.html(id)).html)
    expect(saved).toEqual({ path, bytes: Buffer.byteLength(text) })
    await quality.save(id, join(w.context.directory, 'report.JSON'), 'json')
    const parsed = JSON.parse(await fs.readFile(join(w.context.directory, 'report.JSON'), 'utf8')) as Record<string, unknown>
    expect(Object.keys(parsed)).toEqual(['report', 'profile'])
  })

  it('is refused under another ending, a relative path and an unknown report; nothing is written', async () => {
    const before = await fs.readdir(w.context.directory)
    for (const path of ['report.html', join(w.context.directory, 'ledger.sqlite'), join(w.context.directory, 'x\0.html')])
      await expect(quality.save(id, path, 'html')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(quality.save(QualityReportId.parse(uuidOf('nobody')), join(w.context.directory, 'y.html'), 'html')).rejects.toMatchObject({
      code: 'NOT_FOUND'
    })
    expect(await fs.readdir(w.context.directory)).toEqual(before)
  })

  it('says so when the place is a file and not a folder', async () => {
    const file = join(w.context.directory, 'small.csv')
    await expect(quality.save(id, join(file, 'report.html'), 'html')).rejects.toMatchObject({ name: 'WorkbenchError' })
  })
})
