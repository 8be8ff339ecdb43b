import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runCli } from './program'

let root: string
let file: string
const { DRYDOCK_USER_DIR } = process.env
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'template-'))
  process.env.DRYDOCK_USER_DIR = join(root, 'user')
  file = join(root, 'clients.csv')
  const rows = Array.from({ length: 400 }, (_, row) => {
    const calls = (row * 7) % 10
    return `${calls},${['basic', 'plus', 'pro'][row % 3]},${(calls * 10 + ((row * 53) % 70)) / 170 > 0.5 ? 'yes' : 'no'}`
  })
  writeFileSync(file, ['calls,plan,churned', ...rows].join('\n'))
})
afterAll(() => {
  if (DRYDOCK_USER_DIR === undefined) delete process.env.DRYDOCK_USER_DIR
  else process.env.DRYDOCK_USER_DIR = DRYDOCK_USER_DIR
  rmSync(root, { recursive: true })
})

async function drydock(...argv: string[]) {
  let out = ''
  let err = ''
  const code = await runCli(argv, { out: (text) => (out += text), err: (text) => (err += text) })
  return { code, out, err, json: argv.includes('--json') ? (JSON.parse(out) as Record<string, unknown>) : undefined }
}
const fill = (directory: string, ...more: string[]) =>
  drydock('init', join(root, directory), '--template', 'tabular', '--data', file, ...more)

it('leads from a file to a version and a gate result in two commands', async () => {
  const { code, out } = await fill('lab', '--target', 'churned')
  expect([code, out]).toEqual([0, expect.stringContaining('Predicts churned = yes.')])
  for (const kind of ['pipelines', 'policies'])
    expect(readFileSync(join(root, 'lab', kind, 'tabular.yaml'), 'utf8')).toContain('name: tabular')
  const run = await drydock('run', '-w', join(root, 'lab'), 'tabular')
  expect([run.code, run.err.split('drydock:')[1] ?? '', run.out]).toEqual([0, '', expect.stringMatching(/register +succeeded/)])
  expect(run.out).toMatch(/^evaluate: .+ 0\.\d+ \(95%: 0\.\d+ to [01](\.\d+)?\); /m)
  expect(run.out).toMatch(/^gate: (passed|failed|undecided) by the policy "tabular"\. .+/m)
  expect(run.out).toMatch(/^register: tabular@1, draft( without gate)?; gate (passed|failed|undecided)\.$/m)
  const models = await drydock('models', '-w', join(root, 'lab'))
  expect(models.out).toMatch(/tabular@1/)
  // Without a version that it stands with, a gate that did not pass is an answer of its own.
  const [policy, pipeline] = [join(root, 'strict.policy.yaml'), join(root, 'strict.yaml')]
  writeFileSync(
    policy,
    'schema: drydock.policy\nversion: 1\nname: strict\ntitle: Beyond reach\nrules:\n  - { id: r, title: Beyond reach, severity: block, expression: metrics.auc > 1.5, message: Nothing does. }\n'
  )
  writeFileSync(pipeline, readFileSync(join(root, 'lab', 'pipelines', 'tabular.yaml'), 'utf8').replace('policy: tabular', 'policy: strict'))
  expect((await drydock('policy', 'add', '-w', join(root, 'lab'), policy)).code).toBe(0)
  const strict = await drydock('run', '-w', join(root, 'lab'), pipeline, '--target', 'gate')
  expect([strict.code, strict.out]).toEqual([1, expect.stringMatching(/^gate: failed by the policy "strict"\./m)])
}, 60_000)

it('asks the question that the target asks: classes where there are several, a yes or no where an event is named', async () => {
  const { code, json } = await fill('open', '--target', 'plan', '--json')
  expect([code, json]).toEqual([0, expect.objectContaining({ task: 'multiclass', event: null, doubt: null })])
  const run = await drydock('run', '-w', join(root, 'open'), 'tabular')
  expect([run.code, run.out]).toEqual([0, expect.stringMatching(/^register: tabular@1, draft/m)])
  expect((await fill('named', '--target', 'plan', '--event', 'pro', '--json')).json).toMatchObject({ event: 'pro', doubt: null })
}, 60_000)

it('takes back a workspace that it cannot fill, and tells what goes together', async () => {
  expect(await fill('wrong', '--target', 'churn')).toMatchObject({ code: 2, err: expect.stringContaining('It has calls, plan, churned') })
  expect(existsSync(join(root, 'wrong'))).toBe(false)
  expect((await drydock('init', join(root, 'x'), '--template', 'images')).err).toContain('There is tabular')
  expect((await drydock('init', join(root, 'x'), '--target', 'a')).err).toContain('Add --template')
  expect((await drydock('init', join(root, 'x'), '--template', 'tabular', '--data', join(root, 'none.csv'), '--target', 'a')).code).toBe(3)
  expect(existsSync(join(root, 'x'))).toBe(false)
})
