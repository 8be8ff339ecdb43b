import { describe, expect, it } from 'vitest'
import { AnyStatement, approvalPredicate, buildDecisionStatement, findDecisionConflict } from './attestation-statement'
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
