import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Random } from '../core/numerics'
import { runCli } from './program'

/** Four people at four places: nobody has the workspace but its author, and what goes from one to another are files. */
const root = mkdtempSync(join(tmpdir(), 'four-roles-'))
const at = (...names: string[]): string => join(root, ...names)
const passphrase = 'each has one of their own'
const kept = { DRYDOCK_USER_DIR: process.env.DRYDOCK_USER_DIR, DRYDOCK_PASSPHRASE: process.env.DRYDOCK_PASSPHRASE }

interface Answer {
  verdict?: string
  missing?: string[]
  notChecked?: string[]
}

async function as(person: string, ...argv: string[]): Promise<{ code: number; out: string; err: string; json: Answer }> {
  Object.assign(process.env, { DRYDOCK_USER_DIR: at(`home-${person}`), DRYDOCK_PASSPHRASE: passphrase })
  let [out, err] = ['', '']
  const code = await runCli(argv, { out: (text) => (out += text), err: (text) => (err += text) })
  return { code, out, err, json: argv.includes('--json') ? (JSON.parse(out) as Answer) : {} }
}

const key = (person: string): string => at(`${person}.pub.pem`)
const sign = (person: string, bundle: string, ...more: string[]) =>
  as(person, 'countersign', bundle, '--key', at(`${person}.key.pem`), '--author-key', key('ada'), ...more)
/** What stands at the gate of production. */
const operator = (bundle: string, ...more: string[]) =>
  as('otto', 'verify', bundle, '--trust', at('trust.yaml'), '--approvals', '2', '--gate', 'pass', '--json', ...more)

beforeAll(async () => {
  for (const person of ['ada', 'grace', 'rui', 'mallory'])
    await as(person, 'keygen', '--out', at(`${person}.key.pem`), '--public-out', key(person))
  writeFileSync(
    at('trust.yaml'),
    `schema: drydock.trust
version: 1
name: production
people:
  - { name: Ada Author, roles: [author], keys: [ada.pub.pem] }
  - { name: Grace Reviewer, roles: [reviewer, approver], keys: [grace.pub.pem] }
  - { name: Rui Reviewer, roles: [reviewer], keys: [rui.pub.pem] }
`
  )
})
afterAll(() => {
  for (const [name, value] of Object.entries(kept))
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  rmSync(root, { recursive: true, force: true })
})

it('leads from a table of the author through two reviewers, of whom one rejects, to an operator who may not and then may deploy', async () => {
  const random = new Random(7)
  const rows = Array.from({ length: 600 }, (_, row) => {
    const [calls, minutes] = [Math.floor(random.uniform() * 40), Math.round(random.uniform() * 90_000) / 100]
    return `${calls},${minutes},${['basic', 'plus', 'pro'][row % 3]},${calls / 40 + minutes / 900 + random.uniform() / 2 > 1.2 ? 'yes' : 'no'}`
  })
  writeFileSync(at('clients.csv'), ['calls,minutes,plan,churned', ...rows, ''].join('\n'))
  expect(await as('ada', 'init', at('lab'), '--template', 'tabular', '--data', at('clients.csv'), '--target', 'churned')).toMatchObject({
    code: 0
  })
  const run = await as('ada', 'run', '-w', at('lab'), 'tabular')
  expect([run.code, run.out]).toEqual([0, expect.stringMatching(/^gate: passed/m)])
  const first = at('first.drydock')
  expect(await as('ada', 'export', '-w', at('lab'), 'tabular@1', '--key', at('ada.key.pem'), '--out', first)).toMatchObject({ code: 0 })

  const alone = await operator(first)
  expect([alone.code, alone.json.verdict, alone.json.missing?.join(' ')]).toEqual([
    5,
    'insufficient',
    expect.stringMatching(/2 approvals|approv/i)
  ])

  expect(
    await sign('grace', first, '--decision', 'approve', '--name', 'Grace Reviewer', '--statement', 'Read and understood.')
  ).toMatchObject({ code: 0 })
  const stopped = at('stopped.drydock')
  copyFileSync(first, stopped)
  expect(await sign('rui', stopped, '--decision', 'reject', '--name', 'Rui Reviewer', '--statement', 'No purpose is given.')).toMatchObject(
    { code: 0 }
  )
  expect(await operator(stopped)).toMatchObject({ code: 4, json: { verdict: 'rejected' } })
  expect((await as('otto', 'verify', stopped, '--trust', at('trust.yaml'))).out).toContain('No purpose is given.')

  // Nobody can talk it round: a stranger who calls himself Rui, and a second approval of Grace, count for nothing.
  const forged = at('forged.drydock')
  copyFileSync(first, forged)
  for (const who of ['mallory', 'grace'])
    expect(await sign(who, forged, '--decision', 'approve', '--name', 'Rui Reviewer', '--statement', 'Well.')).toMatchObject({ code: 0 })
  expect(await operator(forged)).toMatchObject({ code: 5, json: { verdict: 'insufficient' } })

  expect(
    await sign('rui', first, '--decision', 'approve', '--name', 'Rui Reviewer', '--statement', 'The purpose came by letter.')
  ).toMatchObject({ code: 0 })
  const held = await operator(first)
  expect([held.code, held.json.verdict, held.json.missing]).toEqual([0, 'holds', []])
  expect(await operator(first, '--stage', 'released')).toMatchObject({ code: 5, json: { verdict: 'insufficient' } })

  // Rui is no approver: what he signs as a release is none.
  const release = ['--decision', 'approve', '--meaning', 'release', '--trust', at('trust.yaml')]
  const refused = await sign('rui', first, ...release, '--name', 'Rui Reviewer', '--statement', 'Go.')
  expect([refused.code, refused.err]).toEqual([expect.any(Number), expect.stringContaining('approver')])
  expect(refused.code).not.toBe(0)
  expect(await sign('grace', first, ...release, '--name', 'Grace Reviewer', '--statement', 'Released for the pilot.')).toMatchObject({
    code: 0
  })
  expect(await operator(first, '--stage', 'released')).toMatchObject({ code: 0, json: { verdict: 'holds', missing: [] } })
}, 120_000)
