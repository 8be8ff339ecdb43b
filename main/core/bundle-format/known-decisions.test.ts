import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { TrustRole } from '../../model/bundle'
import { Sha256 } from '../../model/reference'
import { countersign, decisionIndexFile, readDecisions, signDirectory, verifyBundle, writeDecisionIndex, type BundleTrust } from './index'
import { approval, attest } from './made-attestation.fixture'
import { newKey, publicPem, removeFolders, sampleFiles, sha256, writeFiles } from './sample-bundle.fixture'

afterAll(removeFolders)

const [author, vera, omar, stranger] = [newKey(), newKey(), newKey(), newKey()]
const person = (name: string, roles: TrustRole[], key: typeof author) => ({ name, roles, keys: [Sha256.parse(sha256(publicPem(key)))] })
const trust: BundleTrust = {
  document: {
    name: 'T',
    people: [person('Ada', ['author'], author), person('Vera', ['reviewer'], vera), person('Omar', ['approver'], omar)],
    roots: []
  }
}

async function signed(files = sampleFiles): Promise<string> {
  const folder = writeFiles(files)
  await signDirectory(folder, { key: author })
  return folder
}
const attestationsOf = (folder: string) =>
  existsSync(join(folder, 'attestations'))
    ? readdirSync(join(folder, 'attestations')).map((name) => join(folder, 'attestations', name))
    : []

describe('a decision that is taken out of a bundle', () => {
  it('is missing where somebody whom the reader trusts signed after it, and is not known of otherwise', async () => {
    const folder = await signed()
    await countersign(folder, { ...approval, decision: 'reject', key: vera, trust })
    const [rejection] = attestationsOf(folder)
    await countersign(folder, { ...approval, key: omar, trust })
    expect(await verifyBundle(folder, trust)).toMatchObject({ verdict: 'rejected', missing: [] })
    rmSync(rejection!)
    const stripped = await verifyBundle(folder, trust, { question: { approvals: 1 } })
    expect(stripped).toMatchObject({
      verdict: 'insufficient',
      missing: [
        expect.stringMatching(/^A decision on a signed list: reject under the name "Ada Reviewer" .* is not in the bundle any more\.$/)
      ]
    })
    expect(stripped.notChecked.join()).toContain('since the last signed list')
    // The list of somebody whom nobody trusts says nothing, and without a list absence proves nothing.
    const alone = await verifyBundle(folder, { publicKeyPem: publicPem(author) })
    expect(alone).toMatchObject({ verdict: 'holds', missing: [] })
    expect(alone.notChecked.join()).toContain('the bundle has no list of them')
  })

  it('is missing where the author lists it, which also says of an earlier export what it was about', async () => {
    const first = await signed()
    await countersign(first, { ...approval, decision: 'reject', key: vera, trust })
    attest(first, 'forged.dsse.json', stranger, { keyid: 'x' })
    const known = (await readDecisions(first))!.decisions
    expect(known.map(({ known: { decision, name } }) => [decision, name])).toEqual([['reject', 'Ada Reviewer']])
    const next = await signed({ ...sampleFiles, [decisionIndexFile]: writeDecisionIndex(known.map((each) => each.known)) })
    const without = await verifyBundle(next, trust)
    expect(without).toMatchObject({ verdict: 'insufficient', missing: [expect.stringContaining('reject under the name "Ada Reviewer"')] })
    for (const { file, bytes } of known) writeFiles({ [file]: bytes.toString() }, next)
    const whole = await verifyBundle(next, trust)
    expect(whole).toMatchObject({
      verdict: 'holds',
      attestations: [{ earlier: true, valid: false, problem: expect.stringContaining('an earlier export') }],
      decisions: { rejectedBy: [], remarks: [expect.stringContaining('Vera rejected an earlier export of this version')] }
    })
    expect(whole.checks.find(({ id }) => id === 'attestations')).toMatchObject({ status: 'pass', files: [] })
  })

  it('of a bundle that cannot be read is nothing that is known', async () => {
    expect(await readDecisions(join(writeFiles(), 'absent'))).toBeNull()
    expect(await readDecisions(writeFiles())).toBeNull()
  })
})
