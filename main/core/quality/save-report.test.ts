import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestWorkspace, type TestWorkspace } from '../datasets/workspace.fixture'
import { sha256 } from '../../storage/objects/durable-files'
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
    const saved = await quality.save(id, { html: path })
    const text = await fs.readFile(path, 'utf8')
    expect(text).toBe((await quality.html(id)).html)
    expect(saved).toEqual({ files: [{ path, bytes: Buffer.byteLength(text) }], sha256: sha256(text), foreignScripts: [] })
    await quality.save(id, { json: join(w.context.directory, 'report.JSON') })
    const parsed = JSON.parse(await fs.readFile(join(w.context.directory, 'report.JSON'), 'utf8')) as Record<string, unknown>
    expect(Object.keys(parsed)).toEqual(['report', 'profile'])
  })

  it('is refused under another ending, a relative path and an unknown report; nothing is written', async () => {
    const before = await fs.readdir(w.context.directory)
    for (const path of ['report.html', join(w.context.directory, 'ledger.sqlite'), join(w.context.directory, 'x\0.html')])
      for (const format of ['html', 'pdf', 'json'])
        if (!path.endsWith(`/report.${format}`))
          await expect(quality.save(id, { [format]: path })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    const y = { html: join(w.context.directory, 'y.html') }
    await expect(quality.save(QualityReportId.parse(uuidOf('nobody')), y)).rejects.toMatchObject({
      code: 'NOT_FOUND'
    })
    expect(await fs.readdir(w.context.directory)).toEqual(before)
  })

  it('says so when the place is a file and not a folder', async () => {
    const file = join(w.context.directory, 'small.csv')
    await expect(quality.save(id, { html: join(file, 'report.html') })).rejects.toMatchObject({ name: 'WorkbenchError' })
  })
})
