import { describe, expect, it } from 'vitest'
import { AnyStatement, approvalPredicate, buildDecisionStatement, findDecisionConflict, rejectionPredicate } from './attestation-statement'
import type { SignatureRecord, SignerKey } from './attestation-statement'
import { statementType } from './dsse'
import { Sha256 } from '../../model/reference'

const digest = Sha256.parse('a'.repeat(64))
const record = (signer: SignerKey): SignatureRecord => ({
  name: 'Ada Reviewer',
  meaning: 'reviewer',
  decision: 'approve',
  statement: 'I agree.',
  time: '2026-03-04T05:06:07.089Z',
  clock: 'untrusted',
  signer
})
const decided = (signer: SignerKey) => buildDecisionStatement({ name: 'x', root: digest, bundleDigest: digest }, record(signer), digest)
const isTaken = (statement: unknown): boolean => AnyStatement.safeParse(statement).success

describe('the statement of a stranger', () => {
  it('carries a key or a chain of a size that a key or chain can have', () => {
    const certificates = (count: number, length: number): SignerKey => ({ certificates: Array<string>(count).fill('c'.repeat(length)) })
    const sizes: [SignerKey, boolean][] = [
      [{ publicKey: 'k'.repeat(2000) }, true],
      [{ publicKey: 'k'.repeat(2001) }, false],
      [certificates(0, 1), false],
      [certificates(1, 20_000), true],
      [certificates(1, 20_001), false],
      [certificates(10, 1), true],
      [certificates(11, 1), false]
    ]
    expect(sizes.map(([signer]) => isTaken(decided(signer)))).toEqual(sizes.map(([, taken]) => taken))
  })

  it('is about one to a thousand things, each with a name of one to 1,024 characters that hide nothing', () => {
    const about = (count: number, name: string) => ({
      _type: statementType,
      subject: Array.from({ length: count }, () => ({ name, digest: { sha256: digest } })),
      predicateType: approvalPredicate,
      predicate: {}
    })
    const cases: [number, string, boolean][] = [
      [0, 'a', false],
      [1, 'a', true],
      [1000, 'a', true],
      [1001, 'a', false],
      [1, '', false],
      [1, 'a'.repeat(1024), true],
      [1, 'a'.repeat(1025), false],
      [1, 'a\u202eb', false]
    ]
    expect(cases.map(([count, name]) => isTaken(about(count, name)))).toEqual(cases.map(([, , taken]) => taken))
  })

  it('may say more than is known here, and an approval of ours contradicts itself nowhere', () => {
    const statement = decided({ publicKey: 'k' })
    expect(AnyStatement.parse({ ...statement, later: 1 })).toMatchObject({ later: 1 })
    expect(findDecisionConflict(statement)).toBeNull()
  })
})

describe('a decision and the predicate that carries it', () => {
  const key: SignerKey = { publicKey: 'k' }
  const made = (change: Partial<SignatureRecord>, predicate: Record<string, unknown> = {}, predicateType?: string) => {
    const statement = buildDecisionStatement({ name: 'x', root: digest, bundleDigest: digest }, { ...record(key), ...change }, digest)
    return { ...statement, predicateType: predicateType ?? statement.predicateType, predicate: { ...statement.predicate, ...predicate } }
  }
  const noApproval = 'it says "approve" but is not a Simple Verification Result'
  const noRejection = 'it says "reject" but is not a Test Result'
  const notFailed = 'its result does not say that it failed'

  it('name the decision by its meaning', () => {
    expect(made({ meaning: 'author' }).predicate).toMatchObject({ properties: ['DRYDOCK_AUTHOR_APPROVED'] })
    expect(made({ decision: 'reject' }).predicate).toMatchObject({ result: 'FAILED', failedTests: ['DRYDOCK_REVIEWER_REVIEW'] })
    expect([made({}).predicateType, made({ decision: 'reject' }).predicateType]).toEqual([approvalPredicate, rejectionPredicate])
  })

  it.each<[string | null, Record<string, unknown>, string?]>([
    [null, {}],
    [null, { properties: ['MORE', 'DRYDOCK_REVIEWER_APPROVED'], more: 1 }],
    [noApproval, {}, rejectionPredicate],
    [noApproval, { verifier: undefined }],
    [noApproval, { verifier: { id: 'x' } }],
    [noApproval, { properties: 'DRYDOCK_REVIEWER_APPROVED' }],
    [noApproval, { timeCreated: undefined }],
    ['its verified properties do not name the approval', { properties: [] }],
    ['its verified properties do not name the approval', { properties: ['DRYDOCK_AUTHOR_APPROVED'] }],
    ['it states two times', { timeCreated: '2026-03-04T05:06:07.090Z' }]
  ])('say of an approval: %s', (conflict, predicate, type) => {
    expect(findDecisionConflict(made({}, predicate, type))).toBe(conflict)
  })

  it.each<[string | null, Record<string, unknown>, string?]>([
    [null, {}],
    [null, { failedTests: ['MORE', 'DRYDOCK_REVIEWER_REVIEW'] }],
    [noRejection, {}, approvalPredicate],
    [noRejection, { result: 'REJECTED' }],
    [noRejection, { configuration: undefined }],
    [notFailed, { result: 'PASSED' }],
    [notFailed, { result: 'WARNED' }],
    [notFailed, { failedTests: undefined }],
    [notFailed, { failedTests: ['DRYDOCK_AUTHOR_REVIEW'] }]
  ])('say of a rejection: %s', (conflict, predicate, type) => {
    expect(findDecisionConflict(made({ decision: 'reject' }, predicate, type))).toBe(conflict)
  })

  it('say nothing of what decides nothing', () => {
    expect(findDecisionConflict({ ...made({}, {}, rejectionPredicate), predicate: {} })).toBeNull()
  })

  it('have a time in milliseconds of a clock that nobody confirms', () => {
    const isRecord = (change: Record<string, unknown>) =>
      isTaken({ ...made({}), predicate: { ...made({}).predicate, drydockSignature: { ...record(key), ...change } } })
    expect(isRecord({})).toBe(true)
    for (const change of [{ time: '2026-03-04T05:06:07Z' }, { time: 'now' }, { clock: 'trusted' }, { signer: {} }, { decision: 'maybe' }])
      expect([change, isRecord(change)]).toEqual([change, false])
  })
})
