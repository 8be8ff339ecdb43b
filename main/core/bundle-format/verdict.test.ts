import { describe, expect, it } from 'vitest'
import type { SignerIdentity, VerdictQuestion, VerificationCheckId, CheckStatus } from '../../model/bundle'
import { verdictWord, verificationCheckIds } from '../../model/bundle'
import { Sha256 } from '../../model/reference'
import { createChecks } from './report-checks'
import { decideVerdict, listNames, type VerdictFacts } from './verdict'

const signer: SignerIdentity = {
  kind: 'key',
  keyFingerprint: Sha256.parse('a'.repeat(64)),
  curve: 'P-256',
  publicKeyPem: '',
  certificate: null,
  chain: [],
  anchoredBy: 'person',
  knownAs: 'Ada'
}
const nobody = { approvedBy: [], rejectedBy: [], releasedBy: [], unknown: [], remarks: [] }

/** All checks passed but for those that are named. */
function outcome(but: Partial<Record<VerificationCheckId, CheckStatus>> = {}) {
  const checks = createChecks()
  for (const id of verificationCheckIds) checks.set(id, but[id] ?? 'pass', `Of ${id}.`)
  return checks.list()
}
const decide = (facts: Partial<VerdictFacts> = {}, question: VerdictQuestion = {}) =>
  decideVerdict({ checks: outcome(), signer, decisions: nobody, gate: null, stripped: null, ...facts }, question)

describe('the verdict', () => {
  it('holds only with every check, but for a certificate that there is none of and a gate that names nothing', () => {
    expect(decide()).toMatchObject({
      verdict: 'holds',
      summary: 'Every file is as "Ada" signed it, and you trust this signer.',
      missing: []
    })
    expect(decide({ checks: outcome({ certificate: 'skipped', evidence: 'skipped', attestations: 'warn' }) }).verdict).toBe('holds')
    for (const id of verificationCheckIds)
      for (const status of ['fail', 'warn', 'skipped'] as const)
        if (id !== 'trust' && id !== 'attestations' && !((id === 'certificate' || id === 'evidence') && status === 'skipped'))
          expect([id, status, decide({ checks: outcome({ [id]: status }) }).verdict]).toEqual([id, status, 'altered'])
    expect(decide({ checks: createChecks().list() }).verdict).toBe('altered')
  })

  it('is insufficient without any trust, and not authentic with another one than the trusted author', () => {
    expect(decide({ checks: outcome({ trust: 'warn' }) })).toMatchObject({
      verdict: 'insufficient',
      missing: ['Trust in the author: Of trust.']
    })
    const other = { checks: outcome({ trust: 'fail' }) }
    expect(decide(other)).toMatchObject({ verdict: 'altered', summary: 'Not authentic. Of trust.', missing: [] })
    expect(verdictWord({ ...other, verdict: 'altered' })).toBe('not authentic')
    expect(verdictWord({ checks: outcome({ trust: 'fail', files: 'fail' }), verdict: 'altered' })).toBe('altered')
  })

  it('is rejected by whoever is trusted, whatever else is there or asked', () => {
    const decisions = { ...nobody, approvedBy: ['Omar', 'Kim'], releasedBy: ['Kim'], rejectedBy: ['Vera'] }
    const asked = { approvals: 2, stage: 'released' } as const
    expect(decide({ decisions }, asked)).toMatchObject({
      verdict: 'rejected',
      missing: [],
      summary: expect.stringContaining('Rejected by Vera.')
    })
    expect(decide({ decisions, checks: outcome({ trust: 'warn' }) }).verdict).toBe('rejected')
    expect(decide({ decisions, checks: outcome({ files: 'fail' }) }).verdict).toBe('altered')
  })

  it('does not call altered what it cannot judge', () => {
    const checks = outcome({ 'signature-format': 'unsupported', signature: 'skipped', files: 'skipped', root: 'skipped', trust: 'skipped' })
    expect(decide({ checks })).toMatchObject({ verdict: 'insufficient', missing: ['A judgement of the signature: Of signature-format.'] })
    expect(decide({ checks: outcome({ 'signature-format': 'unsupported', files: 'fail' }) }).verdict).toBe('altered')
  })

  it('says each thing that was asked and is not there', () => {
    const all = { approvals: 2, gate: 'pass', stage: 'released' } as const
    const gate = { outcome: 'fail', policy: 'p@1', reasons: ['the rule "A" does not hold.', 'the rule "B" cannot be decided.'] } as const
    const { verdict, missing } = decide({ decisions: { ...nobody, approvedBy: ['Vera'] }, gate, stripped: ['x is gone.'] }, all)
    expect(verdict).toBe('insufficient')
    expect(missing).toEqual([
      'Approvals: 2 persons whom you trust, besides the author, must approve; Vera did.',
      'The gate: the rule "A" does not hold.',
      'The gate: the rule "B" cannot be decided.',
      'The release: nobody whom you trust signed a release approval of this bundle.',
      'A decision on a signed list: x is gone.'
    ])
    // Never asked is not the same as passed: without a judgement the gate is missing.
    expect(decide({}, { gate: 'pass' }).missing).toEqual(['The gate: the evidence could not be judged.'])
    const met = {
      decisions: { ...nobody, approvedBy: ['Vera', 'Omar'], releasedBy: ['Omar'] },
      gate: { ...gate, outcome: 'pass' as const }
    }
    expect(decide({ ...met, stripped: [] }, all)).toMatchObject({ verdict: 'holds', missing: [] })
  })

  it('says what it says nothing about', () => {
    const { notChecked } = decide()
    for (const part of ['whether others approve it', 'the enclosed policy', 'whether it is released', 'anybody can take one out'])
      expect(notChecked.join('; ')).toContain(part)
    const asked = decide({ stripped: [] }, { approvals: 1, gate: 'pass', stage: 'released' })
    expect(asked.notChecked).toEqual(['decisions made since the last signed list of them, for anybody can take one out'])
    expect(decide({ checks: outcome({ files: 'fail' }) }).notChecked).toEqual([expect.stringContaining('answers no other question')])
  })

  it('names five people at most', () => {
    expect(listNames(['a', 'b', 'c', 'd', 'e', 'f', 'g'])).toBe('a; b; c; d; e; and 2 more')
  })
})
