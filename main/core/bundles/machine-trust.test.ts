import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { joinTrust, readTrustDocument } from '../bundle-format'
import { inspectBundle } from './review'

const root = mkdtempSync(join(tmpdir(), 'drydock-machine-trust-'))
const { DRYDOCK_MACHINE_SETTINGS } = process.env
afterAll(() => {
  if (DRYDOCK_MACHINE_SETTINGS === undefined) delete process.env.DRYDOCK_MACHINE_SETTINGS
  else process.env.DRYDOCK_MACHINE_SETTINGS = DRYDOCK_MACHINE_SETTINGS
  rmSync(root, { recursive: true, force: true })
})

const release = join(process.cwd(), 'main', 'core', 'bundles', 'fixtures', 'release-0.1')
const bundle = join(release, 'strike-damage-1.drydock')
const head = (name: string): string => `schema: drydock.trust\nversion: 1\nname: ${name}\n`
const person = (name: string, role: string, key: string): string => `  - { name: ${name}, roles: [${role}], keys: ["${key}"] }\n`

function trustFile(name: string, people: string): string {
  const file = join(root, `${name}.yaml`)
  writeFileSync(file, `${head(name)}people:\n${people}`)
  return file
}
let settled = 0
function settle(...trustFiles: string[]): void {
  const file = join(root, `machine-${++settled}.yaml`)
  writeFileSync(file, `schema: drydock.machine/1\nversion: 1\nname: Lab\ntrustFiles: [${trustFiles.join(', ')}]\n`)
  process.env.DRYDOCK_MACHINE_SETTINGS = file
}

describe('trust files of the computer', () => {
  it('count where a person gives no trust, and beside what a person gives', async () => {
    const before = await inspectBundle(bundle, {})
    expect(before.report.verdict).toBe('insufficient')
    const { keyFingerprint } = before.report.signer!
    settle(trustFile('office', person('Ana', 'author', keyFingerprint)))
    expect((await inspectBundle(bundle, {})).report).toMatchObject({ verdict: 'holds', signer: { knownAs: 'Ana' } })
    const own = trustFile('own', person('Bob', 'operator', keyFingerprint))
    expect((await inspectBundle(bundle, { trustPath: own })).report).toMatchObject({ verdict: 'holds', signer: { knownAs: 'Ana' } })
  })
  it('say whose they are when they cannot be read', async () => {
    settle(join(root, 'gone.yaml'))
    await expect(inspectBundle(bundle, {})).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('set by your administrator')
    })
  })
  it('are joined with those of a person, who can add and not take away', async () => {
    const [one, two] = ['1'.repeat(64), '2'.repeat(64)]
    const office = await readTrustDocument(trustFile('a', person('Ana', 'author', one)))
    const own = await readTrustDocument(trustFile('b', person('ana', 'reviewer', two) + person('Bob', 'approver', one)))
    expect(joinTrust([office, own])).toMatchObject({
      name: 'a and b',
      people: [{ name: 'Ana', roles: ['author', 'reviewer'], keys: [one, two] }]
    })
    const alike = await readTrustDocument(trustFile('c', person('Аnа', 'approver', two)).toString()).catch((error: Error) => error)
    expect(alike).toBeInstanceOf(Error)
    const whole = await readTrustDocument(trustFile('d', person('Осе', 'approver', two)))
    const latin = await readTrustDocument(trustFile('e', person('Oce', 'author', one)))
    expect(() => joinTrust([latin, whole])).toThrow(/looks like/)
  })
})
