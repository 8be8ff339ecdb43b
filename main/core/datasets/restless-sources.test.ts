import { execFileSync } from 'node:child_process'
import { appendFileSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestWorkspace, type TestWorkspace } from './workspace.fixture'

let w: TestWorkspace
beforeAll(async () => {
  w = await openTestWorkspace()
})
afterAll(() => w.close())

/** Imports a text of some MB and does something to the source once its first part was read. */
async function importWhile(name: string, meddle: (path: string) => void): Promise<{ rows: number } | { code: string; message: string }> {
  const path = w.source(name, `a,b\n${'1,2\n'.repeat(1_600_000)}`)
  let done = false
  try {
    const { version } = await w.datasets.importFile(
      path,
      { name },
      {
        onProgress: ({ fraction }) => {
          if (done || (fraction ?? 0) <= 0) return
          done = true
          meddle(path)
        }
      }
    )
    return { rows: version.rows }
  } catch (error) {
    return error as { code: string; message: string }
  }
}
const traces = (name: string): unknown[] => [w.datasets.list().some((d) => d.name === name), readdirSync(join(w.context.directory, 'tmp'))]

it('a file that is cut or still written while it is read is refused whole', async () => {
  expect(await importWhile('cut.csv', (path) => truncateSync(path, 100))).toMatchObject({
    code: 'CONFLICT',
    message: expect.stringMatching(/changed while it was read.*again/)
  })
  expect(traces('cut.csv')).toEqual([false, []])
  expect(await importWhile('grown.csv', (path) => appendFileSync(path, '3,4\n'))).toMatchObject({ code: 'CONFLICT' })
  expect(traces('grown.csv')).toEqual([false, []])
})
it('a file that is deleted while it is read was open, and is imported whole', async () => {
  expect(await importWhile('gone.csv', (path) => rmSync(path))).toEqual({ rows: 1_600_000 })
})
it.skipIf(process.platform === 'win32')('pipes, devices and folders are refused without waiting for them; links are followed', async () => {
  const path = w.source('plain.csv', 'a\n1\n')
  const fifo = join(dirname(path), 'fifo.csv')
  execFileSync('mkfifo', [fifo])
  const link = join(dirname(path), 'link.csv')
  symlinkSync(path, link)
  const fifoLink = join(dirname(path), 'fifo-link.csv')
  symlinkSync(fifo, fifoLink)
  for (const source of [fifo, fifoLink, '/dev/zero', dirname(path)]) {
    await expect(w.datasets.importFile(source, { name: 'x' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/not a file/)
    })
    await expect(w.datasets.previewImport(source)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  }
  expect((await w.datasets.importFile(link, { name: 'linked' })).version.rows).toBe(1)
})
it('nothing but blank lines is nothing to import, nor is a header alone', async () => {
  for (const text of ['\uFEFF', '\n\n\r\n', '\uFEFF\n'])
    await expect(w.datasets.importFile(w.source('blank.csv', text), { name: 'blank' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/blank lines/)
    })
  await expect(w.datasets.importFile(w.source('header.csv', 'a,b'), { name: 'header' })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringMatching(/has no rows: all it holds is one line/)
  })
})
it('whole numbers that no number holds exactly stay text, and tell so', async () => {
  const ids = ['9223372036854775807', '9223372036854775808', '99999999999999999999999']
  const { version } = await w.datasets.importFile(
    w.source('ids.csv', `id,n,x\n${ids.map((id, i) => `${id},${9007199254740993n + BigInt(i)},${i}.25`).join('\n')}\n`),
    { name: 'ids' }
  )
  expect(version.columns.map((column) => column.type)).toEqual(['VARCHAR', 'BIGINT', 'DOUBLE'])
  expect(version.notices.map((notice) => [notice.title, notice.column])).toEqual([['Long whole numbers', 'id']])
  expect((await w.datasets.rows('ids', {})).rows.map((row) => row.slice(0, 2).map(String))).toEqual(
    ids.map((id, i) => [id, String(9007199254740993n + BigInt(i))])
  )
  const late = await w.datasets.importFile(w.source('late.csv', `id\n${'12\n'.repeat(20_000)}${ids[2]}\n`), { name: 'late ids' })
  expect([late.version.columns[0].type, late.version.rows, late.version.notices.length]).toEqual(['VARCHAR', 20_001, 1])
})
it('two imports under one name at once make two versions, and the same content one', async () => {
  const one = w.source('one.csv', 'a\n1\n')
  const two = w.source('two.csv', 'a\n2\n')
  const done = await Promise.all([one, two, one].map((path, i) => w.datasets.importFile(path, { name: i === 1 ? 'TWICE' : 'twice' })))
  expect(done.filter((result) => result.created)).toHaveLength(2)
  expect(w.datasets.versions('twice').map((version) => version.number)).toEqual([2, 1])
  for (const version of w.datasets.versions('twice')) await w.datasets.verify(version.ref)
  expect(readFileSync(w.datasets.resolve('twice').path).length).toBeGreaterThan(0)
})
