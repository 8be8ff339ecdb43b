import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { TrustRole } from '../../model/bundle'
import { Sha256 } from '../../model/reference'
import {
  countersign,
  decisionIndexFile,
  describeLeftOut,
  readDecisions,
  signDirectory,
  verifyBundle,
  weighDecisions,
  writeDecisionIndex,
  type BundleTrust
} from './index'
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

describe('more decisions than there is room for', () => {
  const keys = { vera: sha256('vera'), omar: sha256('omar') }
  let made = 0
  const decided = (who: string, decision: 'approve' | 'reject', day: number) => ({
    known: {
      ...{ sha256: Sha256.parse(sha256(`${who} ${made++}`)), decision, name: who },
      ...{ keyFingerprint: Sha256.parse(sha256(who)), time: `2026-01-${String(day).padStart(2, '0')}T00:00:00.000Z` }
    }
  })
  const isKept = (fingerprint: string) => Object.values(keys).includes(fingerprint)
  const said = (all: readonly ReturnType<typeof decided>[], most: number, ofStranger = 3) => {
    const { chosen, leftOut } = weighDecisions(all, { isKept, most, ofStranger })
    expect(chosen.length + leftOut.size).toBe(all.length)
    return { chosen: chosen.map(({ known: { name, decision, time } }) => `${name} ${decision} ${Number(time.slice(8, 10))}`), leftOut }
  }
  const strangers = Array.from({ length: 12 }, (_, at) => decided(`stranger ${at}`, 'approve', 28))

  it('keep those of people known here wherever they lie, then rejections, then the newest, in the order given', () => {
    const all = [...strangers, decided('stranger x', 'reject', 1), decided('vera', 'approve', 2), decided('omar', 'reject', 1)]
    expect(said(all, 1).chosen).toEqual(['omar reject 1'])
    expect(said(all, 2).chosen).toEqual(['vera approve 2', 'omar reject 1'])
    expect(said(all, 3).chosen).toEqual(['stranger x reject 1', 'vera approve 2', 'omar reject 1'])
    expect(said(all, 15)).toEqual({ chosen: expect.objectContaining({ length: 15 }), leftOut: new Map() })
    const [late, early] = [decided('late', 'approve', 9), decided('early', 'approve', 3)]
    expect(said([early, late], 1).chosen).toEqual(['late approve 9'])
  })

  it('let nobody crowd out another: neither a stranger by signing often, nor somebody who is known here', () => {
    const often = Array.from({ length: 9 }, (_, at) => decided('often', 'reject', at + 10))
    const { chosen, leftOut } = said([...often, decided('other', 'approve', 1)], 5)
    expect(chosen).toEqual(['often reject 16', 'often reject 17', 'often reject 18', 'other approve 1'])
    expect(describeLeftOut(leftOut)).toMatch(/^6 decisions by keys of nobody here/)
    const own = Array.from({ length: 9 }, (_, at) => decided('omar', 'reject', at + 10))
    const crowded = said([...own, decided('vera', 'reject', 1), decided('vera', 'approve', 3)], 4)
    expect(crowded.chosen).toEqual(['omar reject 17', 'omar reject 18', 'vera reject 1', 'vera approve 3'])
    expect(describeLeftOut(crowded.leftOut)).toMatch(/^7 decisions beyond 500/)
  })

  it('are said to a reader by the signed list, which has their number', async () => {
    const index = writeDecisionIndex([], 21)
    const report = await verifyBundle(await signed({ ...sampleFiles, [decisionIndexFile]: index }), trust)
    expect(report).toMatchObject({ verdict: 'holds', missing: [] })
    expect(report.notChecked.join()).toContain('21 decisions known when the bundle was signed')
    expect(writeDecisionIndex([])).not.toContain('leftOut')
  })
})
