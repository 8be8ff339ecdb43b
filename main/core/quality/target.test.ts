import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestWorkspace, type TestWorkspace } from '../datasets/workspace.fixture'
import { createQuality, type QualityWriter } from '.'

let w: TestWorkspace
let quality: QualityWriter
beforeAll(async () => {
  w = await openTestWorkspace()
  quality = createQuality(w.context, w.datasets)
  const rows = Array.from({ length: 60 }, (_, i) => `${i},${i % 3 === 0 ? 'yes' : 'no'},${i % 4 === 0 ? '1.0' : '0.0'},only`)
  await w.datasets.importFile(w.source('t.csv', `id,ill,flag,same\n${rows.join('\n')}\n`), { name: 't' })
})
afterAll(() => w.close())

it('an event that is no value of the target is an error that lists the values, not a report without a target', async () => {
  const target = (column: string, positive: string[]) => quality.run('t', { target: { column, positive } })
  expect((await target('ill', ['yes'])).report.target).toMatchObject({ column: 'ill', positive: ['yes'], rows: 60 })
  await expect(target('ill', ['Yes'])).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: '"Yes" is no value of "ill". It has "no", "yes". Name the event as it stands in the column.'
  })
  await expect(target('ill', ['yes', 'no'])).rejects.toThrow('"yes", "no" are all values of "ill"')
  await expect(target('same', ['only'])).rejects.toThrow('"only" is the only value of "same"')
  // The engine writes the number as 1.0.
  expect((await target('flag', ['1'])).report.target).toMatchObject({ rate: 0.25 })
})
