import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { importedModelSchema } from '../model/imported-model'
import { EXIT } from './output'
import { runCli } from './program'

const folder = mkdtempSync(join(tmpdir(), 'drydock-model-import-'))
const lab = join(folder, 'lab')
const fixtures = join(__dirname, '..', 'core', 'imported-models', 'fixtures')
const { DRYDOCK_USER_DIR } = process.env

async function drydock(...argv: string[]) {
  let out = ''
  let err = ''
  const code = await runCli(argv, { out: (text) => (out += text), err: (text) => (err += text) })
  return { code, out, err }
}
beforeAll(async () => {
  process.env.DRYDOCK_USER_DIR = join(folder, 'user')
  await drydock('init', lab)
  const imported = await drydock('import', join(fixtures, 'loans.csv'), '-w', lab, '--name', 'loans', '--type', 'default=text')
  if (imported.code !== 0) throw new Error(imported.err)
})
afterAll(() => {
  if (DRYDOCK_USER_DIR === undefined) delete process.env.DRYDOCK_USER_DIR
  else process.env.DRYDOCK_USER_DIR = DRYDOCK_USER_DIR
  rmSync(folder, { recursive: true, force: true })
})
const take = (file: string, ...more: string[]) =>
  drydock('model', 'import', join(fixtures, file), '-w', lab, '--data', 'loans', '--target', 'default', ...more)

it('takes a file in, says what it found, and registers nothing', async () => {
  const done = await take('logistic-zipmap.onnx', '--columns', 'income,age,debt', '--json')
  expect(done.code, done.err).toBe(0)
  const { pipeline, imported } = JSON.parse(done.out) as { pipeline: string; imported: unknown }
  expect(pipeline).toBe('import-logistic-zipmap')
  expect(importedModelSchema.parse(imported).from).toMatchObject({ classes: 'as the file names them' })
  expect(readFileSync(join(lab, 'code', 'logistic-zipmap.onnx'))).toEqual(readFileSync(join(fixtures, 'logistic-zipmap.onnx')))
  expect(JSON.parse((await drydock('model', 'list', '-w', lab, '--json')).out)).toMatchObject({ items: [] })
})

it('never replaces a pipeline: it takes a free name, and refuses a given one that is taken', async () => {
  const shown = () => drydock('pipeline', 'show', '-w', lab, 'import-logistic-zipmap', '--json')
  const before = await shown()
  expect(before.code, before.err).toBe(0)
  const again = await take('logistic-zipmap.onnx', '--columns', 'income,age,debt', '--classes', 'no,yes', '--json')
  expect(again.code, again.err).toBe(0)
  expect(JSON.parse(again.out)).toMatchObject({ pipeline: 'import-logistic-zipmap-2' })
  const refused = await take('logistic-zipmap.onnx', '--columns', 'income,age,debt', '--name', 'import-logistic-zipmap')
  expect([refused.code, refused.err]).toEqual([EXIT.failed, expect.stringContaining('already, which this would replace')])
  expect((await shown()).out).toBe(before.out)
})

it('refuses what cannot be taken in, with the tensor and the next step', async () => {
  const done = await take('hostile-operator.onnx', '--columns', 'income,age,debt', '--classes', 'no,yes')
  expect(done.code).not.toBe(0)
  expect(done.err).toMatch(/operator "Oracle" of the domain "acme".*Nothing was registered/)
})
