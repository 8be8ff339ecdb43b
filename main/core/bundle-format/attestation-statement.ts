import { z } from 'zod'
import type { AttestationDecision, SignatureMeaning } from '../../model/bundle'
import { DecisionText } from '../../model/bundle'
import { ShownText, statementType, Subject } from './dsse'
import { signatureFile } from './file-names'
import { KnownDecision, mostKnown } from './known-decisions'
import type { Sha256 } from '../../model/reference'

export const approvalPredicate = 'https://in-toto.io/attestation/svr/v0.2'
export const rejectionPredicate = 'https://in-toto.io/attestation/test-result/v0.1'

/** Says in every report that nobody but the signer vouches for the time. */
export const clockNote = "The time is what the signer's computer showed; no time-stamping authority confirms it."

/** The signer's key inside the signed statement, so that the file can be checked on its own. */
export const SignerKey = z.union([
  z.strictObject({ publicKey: z.string().max(2000) }),
  z.strictObject({ certificates: z.array(z.string().max(20_000)).min(1).max(10) })
])
export type SignerKey = z.infer<typeof SignerKey>

/** The fields of 21 CFR 11.50 and what the signer read, as an extension field of the predicate. */
const SignatureRecord = DecisionText.extend({
  time: z.iso.datetime({ precision: 3 }),
  clock: z.literal('untrusted'),
  signer: SignerKey,
  /** The decisions that were in the bundle when this one was signed, so that it is seen when one is taken out. */
  known: z.array(KnownDecision).max(mostKnown).optional()
})
export type SignatureRecord = z.infer<typeof SignatureRecord>

/** An in-toto Statement v1 with any predicate; fields that are not known here are allowed, as the specification demands. */
export const AnyStatement = z.looseObject({
  _type: z.literal(statementType),
  subject: z.array(Subject).min(1).max(1000),
  predicateType: ShownText,
  predicate: z.looseObject({ drydockSignature: SignatureRecord.optional() })
})
export type AnyStatement = z.infer<typeof AnyStatement>

/** Simple Verification Result v0.2. */
const Approval = z.looseObject({
  verifier: z.looseObject({ id: z.string(), policies: z.array(z.unknown()) }),
  timeCreated: z.string(),
  properties: z.array(z.string())
})
/** Test Result v0.1. */
const Rejection = z.looseObject({
  result: z.enum(['PASSED', 'WARNED', 'FAILED']),
  configuration: z.array(z.unknown()),
  failedTests: z.array(z.string()).optional()
})

/** The property or test that a decision is about, scoped by our name as both predicates ask. */
function decisionName(meaning: SignatureMeaning, decision: AttestationDecision): string {
  return `DRYDOCK_${meaning.toUpperCase()}_${decision === 'approve' ? 'APPROVED' : 'REVIEW'}`
}

/** The statement of one decision; it binds the files through ROOT and the names of the files through the digest of model.sig. */
export function buildDecisionStatement(
  target: { name: string; root: Sha256; bundleDigest: Sha256 },
  record: SignatureRecord,
  fingerprint: string
): AnyStatement {
  const named = decisionName(record.meaning, record.decision)
  const approved = record.decision === 'approve'
  return {
    _type: statementType,
    subject: [
      { name: target.name, digest: { sha256: target.root } },
      { name: signatureFile, digest: { sha256: target.bundleDigest } }
    ],
    predicateType: approved ? approvalPredicate : rejectionPredicate,
    predicate: approved
      ? {
          verifier: { id: `urn:drydock:countersign:v1:${fingerprint}`, policies: [] },
          timeCreated: record.time,
          properties: [named],
          drydockSignature: record
        }
      : { result: 'FAILED', configuration: [], passedTests: [], warnedTests: [], failedTests: [named], drydockSignature: record }
  }
}

/** What does not fit between the standard predicate and our record of the decision; null when both say the same. */
export function findDecisionConflict(statement: AnyStatement): string | null {
  const record = statement.predicate.drydockSignature
  if (!record) return null
  const named = decisionName(record.meaning, record.decision)
  if (record.decision === 'approve') {
    const approval = Approval.safeParse(statement.predicate)
    if (statement.predicateType !== approvalPredicate || !approval.success)
      return 'it says "approve" but is not a Simple Verification Result'
    if (!approval.data.properties.includes(named)) return 'its verified properties do not name the approval'
    return approval.data.timeCreated === record.time ? null : 'it states two times'
  }
  const rejection = Rejection.safeParse(statement.predicate)
  if (statement.predicateType !== rejectionPredicate || !rejection.success) return 'it says "reject" but is not a Test Result'
  return rejection.data.result === 'FAILED' && rejection.data.failedTests?.includes(named) ? null : 'its result does not say that it failed'
}
