import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { fingerprintOf, isSignatureValid, loadPublicKey, preAuthenticationEncoding } from '../../../main/core/bundle-format'
import { readRotation } from '../../../main/core/updates/key-rotation'
import { KeyRotation } from '../../../main/core/updates/release-documents'
import type { ReleaseKey } from '../../../main/core/updates/release-key'
import { makeFolder, makeReleaseKey, passphrase, removeMade } from './made-program.fixture'

afterAll(removeMade)

interface Rotation {
  statement: { payload: string; payloadType: string; signatures: { keyid: string; sig: string }[] }
}

/** Which keys signed the statement, by position. */
function signers({ statement: { payload, payloadType, signatures } }: Rotation, pems: readonly string[]): boolean[] {
  const signed = preAuthenticationEncoding(payloadType, Buffer.from(payload, 'base64'))
  return pems.map((pem, index) => isSignatureValid(loadPublicKey(pem), signed, Buffer.from(signatures[index].sig, 'base64')))
}

const rotate = (...args: string[]) =>
  spawnSync(process.execPath, [join('scripts', 'package', 'rotate-key.mjs'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, DRYDOCK_PASSPHRASE: passphrase }
  })

/** As an update reads it that trusts one key. */
function read(rotation: unknown, pem: string) {
  const fingerprint = fingerprintOf(loadPublicKey(pem))
  const known: ReleaseKey = { name: 'known', publicKey: pem, fingerprint, from: 'program', since: null, retiredFrom: null }
  return readRotation(KeyRotation.parse(rotation), new Map([[fingerprint, known]]))
}

const fixture = (name: string) => readFileSync(join('scripts', 'package', 'evidence', 'fixtures', name), 'utf8')

describe('a rotation of the release key', () => {
  it('is signed by both keys and says from which version on', async () => {
    const [from, to] = [await makeReleaseKey('first'), await makeReleaseKey('second')]
    const out = join(makeFolder(), 'rotation.json')
    const args = ['--from', from.path, '--to', to.path, '--version', '0.2.0', '--out', out]
    const made = rotate(...args)
    expect([made.status, made.stderr]).toEqual([0, ''])
    const rotation = JSON.parse(readFileSync(out, 'utf8')) as Rotation
    expect(signers(rotation, [from.publicPem, to.publicPem])).toEqual([true, true])
    expect(signers(rotation, [to.publicPem, from.publicPem])).toEqual([false, false])
    expect(read(rotation, from.publicPem).key).toMatchObject({ name: 'second', publicKey: to.publicPem, since: '0.2.0' })
    expect(() => read(rotation, to.publicPem)).toThrow('which this Drydock does not know')
    expect(JSON.parse(Buffer.from(rotation.statement.payload, 'base64').toString())).toEqual({
      from: { fingerprint: from.fingerprint },
      to: { name: 'second', publicKey: to.publicPem, fingerprint: to.fingerprint },
      fromVersion: '0.2.0',
      date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/)
    })
    expect(rotate(...args).status).toBe(1)
    const same = rotate('--from', from.path, '--to', from.path, '--version', '0.2.0', '--out', `${out}.other`)
    expect([same.status, same.stderr]).toEqual([1, expect.stringContaining('the same key')])
    expect(rotate('--from', from.path).stderr).toContain('--to is missing')
  })

  it('that was made once stays readable', () => {
    const rotation = JSON.parse(fixture('rotation.json')) as Rotation
    const { to } = JSON.parse(Buffer.from(rotation.statement.payload, 'base64').toString()) as { to: { publicKey: string } }
    expect(rotation.statement.payloadType).toBe('application/vnd.drydock.key-rotation+json')
    expect(signers(rotation, [fixture('first.pub.pem'), to.publicKey])).toEqual([true, true])
    expect(read(rotation, fixture('first.pub.pem')).key.publicKey).toBe(to.publicKey)
    const half = structuredClone(rotation)
    half.statement.signatures[1] = half.statement.signatures[0]
    expect(() => read(half, fixture('first.pub.pem'))).toThrow('not signed by the new key')
  })
})
