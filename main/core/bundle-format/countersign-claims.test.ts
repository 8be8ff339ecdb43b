import type { KeyObject } from 'node:crypto'
import { afterAll, describe, expect, it, vi } from 'vitest'
import type { DecisionText, TrustRole } from '../../model/bundle'
import { Sha256 } from '../../model/reference'
import { countersign, signDirectory, verifyBundle, type BundleTrust } from './index'
import { approval, attest } from './made-attestation.fixture'
import { newKey, publicPem, removeFolders, sha256, writeFiles } from './sample-bundle.fixture'

afterAll(removeFolders)

const author = newKey()
const reviewer = newKey('P-521')
const trust = { publicKeyPem: publicPem(author) }

async function signed(): Promise<string> {
  const folder = writeFiles()
  await signDirectory(folder, { key: author })
  return folder
}

describe('a countersignature', () => {
  it('is not added to the bundle of an author whom the signer does not know, unless that is said', async () => {
    const folder = await signed()
    const other = { publicKeyPem: publicPem(newKey()) }
    for (const given of [undefined, other, { reviewerPems: [publicPem(author)] }])
      await expect(countersign(folder, { ...approval, key: reviewer, trust: given })).rejects.toMatchObject({
        code: 'SIGNER_UNTRUSTED',
        message: expect.stringMatching(/Nothing was signed\. Give what you know of the author.*without knowing the author/)
      })
    expect((await verifyBundle(folder, trust)).attestations).toEqual([])
    const { report } = await countersign(folder, { ...approval, key: reviewer, trust: other, anyAuthor: true })
    expect(report).toMatchObject({ verdict: 'altered', attestations: [{ ...approval, valid: true }] })
    expect(report.checks.filter((check) => check.status === 'fail').map((check) => check.id)).toEqual(['trust'])
  })

  it('claims no more than the signer may: not the author, not his own review, not a release without the role', async () => {
    const folder = await signed()
    const refused = async (key: KeyObject, meaning: DecisionText['meaning'], given: BundleTrust = trust) =>
      expect(countersign(folder, { ...approval, meaning, key, trust: given })).rejects.toMatchObject({
        code: 'FORBIDDEN',
        message: expect.stringContaining('Nothing was signed.')
      })
    await refused(reviewer, 'author')
    await refused(author, 'reviewer')
    await refused(author, 'release')
    const person = (name: string, role: TrustRole, key: KeyObject) => ({
      name,
      roles: [role],
      keys: [Sha256.parse(sha256(publicPem(key)))]
    })
    const people = (role: TrustRole): BundleTrust => ({
      document: { name: 'T', people: [person('Ada', 'author', author), person('Rae', role, reviewer)], roots: [] }
    })
    await refused(reviewer, 'release', people('reviewer'))
    await refused(newKey(), 'approver', people('approver'))
    await countersign(folder, { ...approval, key: reviewer, trust: people('reviewer') })
    await countersign(folder, { ...approval, meaning: 'release', key: reviewer, trust: people('approver') })
    await countersign(folder, { ...approval, decision: 'reject', key: author, trust })
    expect((await verifyBundle(folder, people('approver'))).decisions).toMatchObject({
      releasedBy: ['Rae'],
      rejectedBy: ['Ada, the author']
    })
  })

  it.each([
    ['hours', new Date(Date.now() + 20 * 3600_000).toISOString()],
    ['years', '2099-01-01T00:00:00.000Z']
  ])('that rejects is never answered with "holds", although the same person approved under a time %s from now', async (_what, time) => {
    const folder = await signed()
    const trusting = { ...trust, reviewerPems: [publicPem(reviewer)] }
    const { verifier, properties } = { verifier: { id: 'x', policies: [] }, properties: ['DRYDOCK_REVIEWER_APPROVED'] }
    const record = { ...approval, time, clock: 'untrusted', signer: { publicKey: publicPem(reviewer) } }
    attest(folder, 'later.dsse.json', reviewer, {
      hash: 'sha512',
      predicate: { verifier, properties, timeCreated: time, drydockSignature: record }
    })
    const { report } = await countersign(folder, { ...approval, decision: 'reject', key: reviewer, trust: trusting })
    expect(report).toMatchObject({ verdict: 'rejected', decisions: { approvedBy: [], rejectedBy: [expect.stringContaining('Ada')] } })
    expect(report.decisions.remarks.join()).toContain(time)
    // On the day after, the time alone would be no reason any more; that the rejection knew the approval still is.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(time) + 3600_000 })
    try {
      expect(await verifyBundle(folder, trusting, { question: { approvals: 1 } })).toMatchObject({ verdict: 'rejected' })
    } finally {
      vi.useRealTimers()
    }
  })

  it('that rejects is never answered with "holds" where nothing that was given names the signer', async () => {
    const { report } = await countersign(await signed(), { ...approval, decision: 'reject', key: reviewer, trust })
    expect(report).toMatchObject({ verdict: 'rejected', decisions: { rejectedBy: ['you (Ada Reviewer)'] } })
  })
})
