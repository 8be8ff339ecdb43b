import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createApplication } from '../core/application'
import { runCli } from './program'

const root = mkdtempSync(join(tmpdir(), 'drydock-person-cli-'))
const workspace = join(root, 'w')
const of = (name: string): string => `low water springs of ${name}`

async function drydock(...argv: string[]): Promise<{ code: number; out: string }> {
  let out = ''
  const code = await runCli(argv, { out: (text) => (out += text), err: (text) => (out += text) })
  return { code, out }
}
/** One command with the passphrases in the environment: of its own, and of the person of --as. */
async function given(own: string | null, as: string | null, ...argv: string[]): Promise<{ code: number; out: string }> {
  if (own !== null) process.env.DRYDOCK_PASSPHRASE = of(own)
  if (as !== null) process.env.DRYDOCK_AS_PASSPHRASE = of(as)
  try {
    return await drydock(...argv)
  } finally {
    delete process.env.DRYDOCK_PASSPHRASE
    delete process.env.DRYDOCK_AS_PASSPHRASE
  }
}

beforeAll(async () => {
  process.env.DRYDOCK_USER_DIR = join(root, 'user')
  const made = await drydock('init', workspace)
  if (made.code !== 0) throw new Error(made.out)
})
afterAll(() => {
  delete process.env.DRYDOCK_USER_DIR
  rmSync(root, { recursive: true, force: true })
})

it('people are added, take over with their passphrase, and a command is done as one of them without switching', async () => {
  const w = ['-w', workspace]
  expect(await drydock('person', 'add', 'Ada', ...w)).toMatchObject({
    code: 0,
    out: expect.stringContaining('author, reviewer, approver, operator')
  })
  expect((await given('Ada', null, 'person', 'key', 'Ada', ...w)).code).toBe(0)
  // Without a passphrase Ada is only the name of yesterday: no roles are given under it.
  expect(await drydock('person', 'add', 'Ben', '--role', 'reviewer', ...w)).toMatchObject({
    code: 3,
    out: expect.stringContaining('takes an approver (Ada)')
  })
  expect((await given(null, 'Ada', 'person', 'add', 'Ben', '--role', 'reviewer', '--as', 'ADA', ...w)).code).toBe(0)
  expect((await given('Ben', 'Ada', 'person', 'key', 'Ben', '--as', 'Ada', ...w)).code).toBe(0)
  writeFileSync(join(root, 'a.csv'), 'x\n1\n')
  const wrong = await given(null, 'Ada', 'import', join(root, 'a.csv'), '--as', 'Ben', ...w)
  expect([wrong.code, wrong.out]).toEqual([3, expect.stringContaining('passphrase')])
  expect((await given(null, 'Ben', 'import', join(root, 'a.csv'), '--as', 'Ben', ...w)).code).toBe(0)
  expect((await drydock('import', join(root, 'a.csv'), '--as', 'Eve', ...w)).code).toBe(2)
  expect(await drydock('person', 'add', 'Eva', '--as', 'Eve', ...w)).toMatchObject({
    code: 3,
    out: expect.stringMatching(/Nobody .* "Eve"\. There are "Ada", "Ben"/)
  })
  expect((await drydock('person', 'add', 'Eve', '--role', 'king', ...w)).code).toBe(2)
  const listed = JSON.parse((await drydock('person', 'list', '--json', ...w)).out) as {
    total: number
    items: { name: string; current: boolean }[]
  }
  expect(listed).toMatchObject({
    total: 2,
    items: [
      { name: 'Ada', current: true },
      { name: 'Ben', current: false }
    ]
  })
  expect((await given('Ben', null, 'person', 'use', 'Ben', ...w)).out).toBe('New records carry the name Ben.\n')
  expect((await given(null, 'Ben', 'person', 'leave', 'Ben', '--reason', 'Gone.', '--as', 'Ben', ...w)).code).toBe(0)
  expect((await drydock('person', 'list', ...w)).out).toMatch(/Ben +reviewer +[0-9a-f]{8} +left \d{4}-/)
  const app = createApplication({ userDirectory: join(root, 'user') })
  await app.openWorkspace(workspace)
  const imported = app.audit.chain().filter(({ action }) => action.startsWith('dataset.'))
  expect(imported[0]).toMatchObject({ actor: 'Ben' })
  expect(imported[0].detail).not.toHaveProperty('unconfirmed')
  await app.close()
})
