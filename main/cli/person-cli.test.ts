import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createApplication } from '../core/application'
import type { Person } from '../model/workspace'
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

it('public keys are given out and taken in: a private one is refused there, and whose passphrase is missing is said', async () => {
  const w = ['-w', workspace]
  const at = (name: string): string => join(root, name)
  const asAda = (own: string | null, ...argv: string[]) => given(own, 'Ada', ...argv, '--as', 'Ada', ...w)
  const key = async (name: string) =>
    (JSON.parse((await drydock('person', 'list', '--json', ...w)).out) as { items: Person[] }).items.find((each) => each.name === name)!
      .keys

  const [ada] = await key('Ada')
  const saved = await drydock('person', 'key', 'ada', '--public-out', at('ada.pub.pem'), ...w)
  expect(saved).toMatchObject({ code: 0, out: expect.stringContaining(`Fingerprint ${ada.fingerprint}\n`) })
  expect(readFileSync(at('ada.pub.pem'), 'utf8')).toBe(ada.publicPem)
  expect(await key('Ada')).toHaveLength(1)
  expect((await drydock('person', 'key', 'Ada', '--public-out', at('ada.pub.pem'), ...w)).out).toContain('exists already')

  const added = await asAda(null, 'person', 'add', 'Rita', '--role', 'reviewer', 'approver')
  expect(added.out).toContain(`drydock person key -w ${workspace} "Rita" --public THEIRS.pub.pem`)
  expect(await drydock('person', 'key', 'Rita', '--public-out', at('rita.pem'), ...w)).toMatchObject({
    code: 3,
    out: expect.stringContaining(`Rita has no key yet. Make one: drydock person key -w ${workspace} "Rita"`)
  })
  expect(existsSync(at('rita.pem'))).toBe(false)
  expect((await given('Rita', null, 'keygen', '--out', at('rita.key.pem'), '--public-out', at('rita.pub.pem'))).code).toBe(0)
  const rita = (...argv: string[]) => asAda('Rita', 'person', 'key', 'Rita', ...argv)
  expect((await drydock('person', 'key', 'Rita', '--public', at('rita.pub.pem'), ...w)).out).toContain('takes Rita or an approver (Ada)')
  expect((await rita('--public', at('rita.key.pem'))).out).toMatch(/holds a private key\. No key was added/)
  expect((await rita('--file', at('rita.pub.pem'))).out).toMatch(/holds a public key.*"drydock person key" with --public/)
  expect((await rita('--file', at('rita.key.pem'), '--public', at('rita.pub.pem'))).out).toContain('give one')
  expect(await key('Rita')).toEqual([])
  const known = await asAda(null, 'person', 'key', 'Rita', '--public', at('rita.pub.pem'))
  expect(known).toMatchObject({ code: 0, out: expect.stringContaining('with its holder, not on this machine') })
  expect(await key('Rita')).toMatchObject([{ publicPem: readFileSync(at('rita.pub.pem'), 'utf8'), usable: false, privateKeyPath: null }])
  // She signs elsewhere and nothing here, until she brings the private half.
  expect((await given(null, 'Rita', 'person', 'add', 'Eve', '--as', 'Rita', ...w)).out).toContain('no signing key on this machine')
  expect((await rita('--file', at('rita.key.pem'))).code).toBe(0)
  expect(await key('Rita')).toMatchObject([{ usable: true, privateKeyPath: at('rita.key.pem') }])

  const wrong = await given(null, 'Ben', 'person', 'add', 'Eve', '--as', 'Ada', ...w)
  expect([wrong.code, wrong.out]).toEqual([3, expect.stringContaining('passphrase in DRYDOCK_AS_PASSPHRASE does not open the key of Ada')])
  const other = await given('Ben', null, 'person', 'add', 'Eve', '--as', 'Ada', ...w)
  expect(other.out).toMatch(/in DRYDOCK_PASSPHRASE does not open the key of Ada\..* of --as goes into DRYDOCK_AS_PASSPHRASE/)
  const none = await drydock('person', 'add', 'Eve', '--as', 'Ada', ...w)
  expect([none.code, none.out]).toEqual([2, expect.stringMatching(/key of Ada\. Set the environment variable DRYDOCK_AS_PASSPHRASE/)])
})

it('a workspace whose first person has only the role that was asked for says what nobody can do, and how somebody can', async () => {
  const w = ['-w', join(root, 'author-only')]
  expect((await drydock('init', w[1]!)).code).toBe(0)
  const added = await drydock('person', 'add', 'Ada Only', '--role', 'author', ...w)
  expect(added).toMatchObject({ code: 0, out: expect.stringContaining('Added Ada Only (author).') })
  expect(added.out).toContain('Nobody in this workspace has the role approver, so no model can be approved or released.')
  // The command that it names is the way out.
  const [, command] = /drydock (person roles .*)/.exec(added.out)!
  const argv = [...command!.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!)
  expect(await drydock(...argv)).toEqual({ code: 0, out: 'Ada Only has the roles author, approver.\n' })
  expect((await drydock('person', 'add', 'Ben', ...w)).out).not.toContain('Nobody in this workspace')
  expect((await given('Ada', null, 'person', 'key', 'Ada Only', ...w)).code).toBe(0)
  // From the first approver with a key on, roles take that key.
  expect(await drydock('person', 'roles', 'Ben', '--role', 'approver', ...w)).toMatchObject({
    code: 3,
    out: expect.stringContaining('takes an approver')
  })
  expect((await given(null, 'Ada', 'person', 'roles', 'Ben', '--role', 'reviewer', '--as', 'Ada Only', ...w)).code).toBe(0)
})
