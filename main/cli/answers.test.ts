import { afterAll, beforeAll, expect, it } from 'vitest'
import { runCommands } from '../core/experiments'
import { makeSmallWorkspace, type SmallWorkspace } from '../testing/small-workspace'
import { trainingRecord } from '../testing/sample-runs'
import { runCli } from './program'

let small: SmallWorkspace
const { DRYDOCK_USER_DIR } = process.env
beforeAll(async () => {
  small = await makeSmallWorkspace()
  process.env.DRYDOCK_USER_DIR = `${small.root}/user`
  const app = small.application()
  await app.openWorkspace(small.base)
  const parameters = { trees: 120, rate: 0.05, code: '007', wide: '9007199254740993', target: 'size', columns: ['id'] }
  app.do(runCommands.recordTraining, trainingRecord('first', { parameters }))
  await app.close()
})
afterAll(() => {
  if (DRYDOCK_USER_DIR === undefined) delete process.env.DRYDOCK_USER_DIR
  else process.env.DRYDOCK_USER_DIR = DRYDOCK_USER_DIR
  small.remove()
})

/** A command line about the workspace, with and without --json. */
async function drydock(...argv: string[]) {
  let [out, err] = ['', '']
  const code = await runCli([...argv, '-w', small.base], { out: (text) => (out += text), err: (text) => (err += text) })
  return { code, out, err }
}
const json = async (...argv: string[]) => JSON.parse((await drydock(...argv, '--json')).out) as Record<string, unknown>

it('lists are items and total', async () => {
  for (const [list, total] of [
    ['runs', 1],
    ['models', 0],
    ['dataset list', 2],
    ['dataset misfits people', 0],
    ['person list', 3]
  ] as const) {
    const document = await json(...list.split(' '))
    expect([list, document.total, (document.items as unknown[]).length]).toEqual([list, total, total])
    expect(Object.keys(document)).not.toEqual(expect.arrayContaining(['runs', 'misfits']))
  }
})

it('numbers are numbers, and what a reader of JSON would round is text', async () => {
  const { items } = (await json('runs')) as { items: { parameters: unknown }[] }
  expect(items.map(({ parameters }) => parameters)).toEqual([
    { trees: 120, rate: 0.05, code: '007', wide: '9007199254740993', target: 'size', columns: '["id"]' }
  ])
  const query = 'SELECT count(*), 9007199254740991::BIGINT, 9007199254740993::BIGINT, 3::HUGEINT, 1.5::DECIMAL(4,1) FROM people'
  expect((await json('sql', query)).rows).toEqual([[300, 9007199254740991, '9007199254740993', 3, 1.5]])
})
