import { createPrivateKey } from 'node:crypto'
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCertificatesPem } from './certificate'
import { judgeChain } from './certificate-chain'
import { basicConstraints, extendedKeyUsage, extension, keyUsage, makeCertificate } from './certificate-maker.fixture'
import { encodeDer, encodeDerOid } from './der'
import { countersign, signDirectory, verifyBundle } from './index'
import { readRevocationLists } from './revocation'
import {
  freshFolder,
  makeChain,
  newKey,
  publicPem,
  readSignature,
  removeFolders,
  writeFiles,
  type MadeChain
} from './sample-bundle.fixture'
import { makeTimeAuthority, stampArguments } from './time-authority.fixture'
import { buildTimestampRequest, judgeTimestamps, readTimestamp } from './timestamp'

afterAll(removeFolders)

const hasOpenssl = spawnSync('openssl', ['version']).status === 0
const folder = freshFolder()
const path = (name: string) => join(folder, name)
const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
const stampWith = (name: string) => async (request: Buffer) => {
  writeFileSync(path('q.tsq'), request)
  execFileSync('openssl', stampArguments(folder, name, path('q.tsq'), path('r.tsr')), { stdio: 'pipe' })
  return readFileSync(path('r.tsr'))
}
const pem = (name: string) => readFileSync(path(name), 'utf8')

/** An author whose certificate ran out an hour ago, and one whose certificate holds. */
let expired: MadeChain
let sound: MadeChain
const utc = (time: number) =>
  new Date(time)
    .toISOString()
    .replace(/\.\d+Z/, 'Z')
    .replace(/[-:T]/g, '')
const [now, hour] = [Date.now(), 3_600_000]

beforeAll(() => {
  if (!hasOpenssl) return
  makeTimeAuthority(folder, 'clock')
  makeTimeAuthority(folder, 'other')
  expired = makeChain(createPrivateKey, { days: [utc(now - 24 * hour), utc(now + hour)] })
  sound = makeChain(createPrivateKey)
}, 60_000)

async function signed(chain: MadeChain, tsa?: string): Promise<string> {
  const made = writeFiles()
  await signDirectory(made, { key: chain.key, certificateChainPem: chain.chainPem, ...(tsa && { stamp: stampWith(tsa) }) })
  return made
}
const later = new Date(now + 48 * hour)

describe.skipIf(!hasOpenssl)('a time stamp over the signature', () => {
  it('proves the moment, so that a certificate that ran out since holds', async () => {
    const made = await signed(expired, 'clock')
    const ca = { rootCertificatePem: expired.rootPem, at: later }
    const bare = await verifyBundle(await signed(expired), ca)
    expect([bare.verdict, bare.checks.find(({ id }) => id === 'certificate')?.detail]).toEqual(['altered', expect.stringContaining('expired at')]) // prettier-ignore
    const untold = await verifyBundle(made, ca)
    expect([untold.verdict, untold.checks.find(({ id }) => id === 'certificate')?.detail]).toEqual(['altered', expect.stringContaining('(--tsa)')]) // prettier-ignore
    const told = await verifyBundle(made, { ...ca, tsaRootPem: pem('clock.root.pem') })
    expect([told.verdict, told.checks.find(({ id }) => id === 'certificate')?.detail]).toEqual(['holds', expect.stringMatching(/"O=Clock, CN=clock" stamped the signature/)]) // prettier-ignore
    const foreign = await verifyBundle(made, { ...ca, tsaRootPem: pem('other.root.pem') })
    expect([foreign.verdict, foreign.summary]).toEqual(['altered', expect.stringMatching(/does not lead to a root of time-stamping authorities/)]) // prettier-ignore
    // a stamp cannot be of a later moment than the one that is judged, nor does it make the certificate hold before it was made
    expect((await verifyBundle(made, { ...ca, at: new Date(now - 48 * hour), tsaRootPem: pem('clock.root.pem') })).verdict).toBe('altered')
    // it holds for one signature
    const other = await signed(expired)
    const moved = { ...readSignature(other) }
    moved.verificationMaterial = { ...moved.verificationMaterial, timestampVerificationData: readSignature(made).verificationMaterial['timestampVerificationData'] } // prettier-ignore
    writeFileSync(join(other, 'model.sig'), JSON.stringify(moved))
    expect(await verifyBundle(other, { ...ca, tsaRootPem: pem('clock.root.pem') })).toMatchObject({ verdict: 'altered', summary: expect.stringContaining('made for another signature') }) // prettier-ignore
  }, 60_000)

  it('counts only from one who does nothing else, and is refused at signing when it answers something else', async () => {
    const root = makeCertificate('root', { extensions: [basicConstraints(true), keyUsage(5)] })
    const stamping = '1.3.6.1.5.5.7.3.8'
    const usages = [encodeDerOid(stamping)]
    const critical = (...purposes: Buffer[]) => extension('2.5.29.37', encodeDer(0x30, ...purposes), true)
    const judge = (...extensions: Buffer[]) =>
      judgeChain([makeCertificate('clock', { extensions, by: root }).certificate], [root.certificate], new Date(now), { purpose: stamping })
    expect(judge(critical(...usages))).toEqual({ problems: [], root: root.certificate, unsure: null })
    for (const usage of [
      extendedKeyUsage(stamping),
      critical(...usages, encodeDerOid('1.3.6.1.5.5.7.3.3')),
      critical(encodeDerOid('2.5.29.37.0'))
    ])
      expect(judge(usage).problems).toEqual(['the certificate "CN=clock" is not for time stamps alone (extended key usage)'])
    expect(judge(critical(...usages), keyUsage(5)).problems).toEqual(['the certificate "CN=clock" is not for digital signatures (key usage)']) // prettier-ignore
    const sign = (stamp: (request: Buffer) => Promise<Buffer>) => signDirectory(writeFiles(), { key: newKey(), stamp })
    await expect(sign(async () => Buffer.from('sorry'))).rejects.toThrow(/time stamp that the authority gave .*Nothing was signed/)
    await expect(sign(async () => stampWith('clock')(buildTimestampRequest(Buffer.from('other')).request))).rejects.toThrow(/another signature/) // prettier-ignore
  }, 60_000)

  it('is never taken when anything in it was changed, and no bytes make the reader fail', async () => {
    const stamped = Buffer.from('a signature')
    const answer = await stampWith('clock')(buildTimestampRequest(stamped).request)
    const trust = { roots: readCertificatesPem(pem('clock.root.pem')), lists: [], at: later }
    const judge = (bytes: Buffer) => judgeTimestamps([bytes.toString('base64')], stamped, trust)
    const { time } = judge(answer)
    expect(Math.abs(time!.getTime() - Date.now())).toBeLessThan(hour)
    expect(readTimestamp(answer, stamped).nonce).not.toBeNull()
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(answer.length - 1), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 3 }),
        (changes) => {
          const bytes = Buffer.from(answer)
          for (const [at, flip] of changes) bytes[at]! ^= flip
          const judged = judge(bytes)
          // what nobody signed may be another one, such as the words of a status; the moment is never another one
          if (judged.time) expect(judged.time).toEqual(time)
          else expect(judged.problems).toHaveLength(1)
        }
      ),
      { numRuns: 300, seed: 7 }
    )
    for (const length of [0, 1, 5, 100, answer.length - 1]) expect(judge(answer.subarray(0, length)).time).toBeNull()
  }, 60_000)
})

describe.skipIf(!hasOpenssl)('the identity under a root', () => {
  it('is asked for, or it is said aloud that any certificate would do', async () => {
    const made = await signed(sound)
    const ca = { rootCertificatePem: sound.rootPem }
    const anybody = await verifyBundle(made, ca)
    expect(anybody.verdict).toBe('holds')
    expect(anybody.checks.find(({ id }) => id === 'trust')?.detail).toContain('any certificate of this CA')
    expect(anybody.notChecked.join()).toContain('any certificate of this CA')
    for (const identity of ['O=Harbour Test, CN=signer', 'Harbour Test']) {
      const asked = await verifyBundle(made, { ...ca, identities: ['somebody else', identity] })
      expect([asked.verdict, asked.notChecked.join().includes('any certificate')]).toEqual(['holds', false])
    }
    for (const identity of ['Harbour', 'signer', 'harbour test', 'CN=signer'])
      expect(await verifyBundle(made, { ...ca, identities: [identity] })).toMatchObject({ verdict: 'altered', summary: expect.stringContaining(`says none of: "${identity}"`) }) // prettier-ignore
  })
})

describe.skipIf(!hasOpenssl)('a list of revoked certificates', () => {
  /** What the intermediate authority says, which may revoke the author. */
  function list(chain: MadeChain, revokes: { at?: string; reason?: string } | null, days = '30', key = chain.intermediateKeyPem): Buffer {
    const [leaf] = readCertificatesPem(chain.chainPem)
    const serial = leaf!.serial.toString('hex').toUpperCase().replace(/^00/, '')
    writeFileSync(path('db'), revokes ? `R\t440101000000Z\t${revokes.at ?? '250101000000Z'}${revokes.reason ?? ''}\t${serial}\tunknown\t/CN=signer\n` : '') // prettier-ignore
    writeFileSync(path('int.pem'), chain.intermediatePem)
    writeFileSync(path('int.key'), key)
    writeFileSync(path('crl.cnf'), `[ca]\ndefault_ca=d\n[d]\ndatabase=${path('db')}\ndefault_md=sha256\ndefault_crl_days=${days}\n`)
    openssl('ca', '-gencrl', '-config', path('crl.cnf'), '-cert', path('int.pem'), '-keyfile', path('int.key'), '-out', path('list.pem'))
    return readFileSync(path('list.pem'))
  }
  const judge = async (made: string, chain: MadeChain, revocationLists: Buffer[], more = {}) => {
    const { verdict, missing, notChecked, checks } = await verifyBundle(made, {
      rootCertificatePem: chain.rootPem,
      revocationLists,
      ...more
    })
    return {
      verdict,
      missing: missing.join(),
      notChecked: notChecked.join(),
      detail: checks.find(({ id }) => id === 'certificate')?.detail
    }
  }

  it('clears or condemns the certificate, and is the latest of its issuer or says nothing', async () => {
    const made = await signed(sound)
    const clear = await judge(made, sound, [list(sound, null)])
    expect(clear).toMatchObject({ verdict: 'holds', detail: expect.stringContaining('do not revoke it') })
    expect(clear.notChecked).not.toContain('revocation')
    expect((await judge(made, sound, [])).notChecked).toContain('revocation')
    expect(await judge(made, sound, [list(sound, {})])).toMatchObject({ verdict: 'altered', detail: expect.stringContaining('was revoked at 2025-01-01') }) // prettier-ignore
    // a list in DER, and one that lifts nothing beside it
    const der = Buffer.from(
      list(sound, {})
        .toString()
        .replace(/-----[^-]+-----|\s/g, ''),
      'base64'
    )
    expect((await judge(made, sound, [list(sound, null), der])).verdict).toBe('altered')
    const old = await judge(made, sound, [list(sound, null)], { at: new Date(now + 90 * 24 * hour) })
    expect(old).toMatchObject({ verdict: 'insufficient', missing: expect.stringContaining('was to be replaced at') })
    expect(await judge(made, expired, [list(expired, null)])).toMatchObject({ verdict: 'altered' })
    expect(await judge(made, sound, [list(expired, {})])).toMatchObject({ verdict: 'insufficient', missing: expect.stringContaining('by the issuer') }) // prettier-ignore
  }, 60_000)

  it('that comes after a proven moment does not undo what was signed before, but for a stolen key', async () => {
    const made = await signed(sound, 'clock')
    const since = (time: number) => utc(time).slice(2)
    const at = new Date(now + 3 * hour)
    const more = { at, tsaRootPem: pem('clock.root.pem') }
    const lists = [list(sound, { at: since(now + 2 * hour) })]
    expect((await judge(made, sound, lists, more)).verdict).toBe('holds')
    expect((await judge(made, sound, lists, { at })).verdict).toBe('altered')
    const stolen = [list(sound, { at: since(now + 2 * hour), reason: `,keyTime,${utc(now - 2 * hour)}` })]
    expect((await judge(made, sound, stolen, more)).verdict).toBe('altered')
  }, 60_000)

  it('is never taken when anything in it was changed, and no bytes make the reader fail', async () => {
    const whole = Buffer.from(
      list(sound, {})
        .toString()
        .replace(/-----[^-]+-----|\s/g, ''),
      'base64'
    )
    const [, issuer] = readCertificatesPem(sound.chainPem)
    expect(readRevocationLists(whole)[0]?.isSignedBy(issuer!)).toBe(true)
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 3 }),
        (changes) => {
          const bytes = Buffer.from(whole)
          for (const [at, flip] of changes) bytes[at]! ^= flip
          try {
            // two changes of one byte may undo each other
            if (!bytes.equals(whole)) expect(readRevocationLists(bytes).some((each) => each.isSignedBy(issuer!))).toBe(false)
          } catch (error) {
            expect(error).toMatchObject({ code: 'INVALID_INPUT' })
          }
        }
      ),
      { numRuns: 300, seed: 7 }
    )
  })
})

it.skipIf(!hasOpenssl)("a reviewer's certificate that ran out does not break the author's bundle", async () => {
  const author = newKey()
  const made = writeFiles()
  await signDirectory(made, { key: author })
  await countersign(made, { key: expired.key, certificateChainPem: expired.chainPem, name: 'Vera', meaning: 'reviewer', decision: 'approve', statement: 'Read.', anyAuthor: true }) // prettier-ignore
  const trust = { publicKeyPem: publicPem(author), rootCertificatePem: expired.rootPem }
  expect((await verifyBundle(made, trust)).decisions.approvedBy).toHaveLength(1)
  const after = await verifyBundle(made, { ...trust, at: later })
  expect(after).toMatchObject({ verdict: 'holds', decisions: { approvedBy: [] }, attestations: [{ valid: false, problem: expect.stringContaining('expired') }] }) // prettier-ignore
})
