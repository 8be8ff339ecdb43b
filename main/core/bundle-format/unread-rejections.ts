import { z } from 'zod'
import { WorkbenchError } from '../../model/errors'
import { rejectionPredicate, SignerKey } from './attestation-statement'
import { isSignatureValid, openEnvelope } from './dsse'
import type { KnownSigner } from './signer-identity'
import { describeChain, describeKey } from './signer-identity'
import { loadPublicKey } from './signing-key'
import { parseStrictJson } from './strict-json'
import { rolesOf, type TrustAnchors } from './trust-anchors'

/** What every decision has, whatever else of it this program does not take. */
const AnyEnvelope = z.looseObject({
  payload: z.string(),
  payloadType: z.literal('application/vnd.in-toto+json'),
  signatures: z.array(z.looseObject({ sig: z.string() })).min(1)
})
const AnyDecision = z.looseObject({
  subject: z.array(z.looseObject({ name: z.string().optional(), digest: z.looseObject({ sha256: z.string() }) })),
  predicateType: z.unknown().optional(),
  predicate: z.looseObject({
    result: z.unknown().optional(),
    drydockSignature: z.looseObject({ decision: z.unknown().optional(), signer: SignerKey })
  })
})

/** A decision that is no approval, with the signer and the signed text. */
export interface UnreadRejection {
  signer: KnownSigner
  payload: Buffer
  subject: readonly { name?: string; digest: { sha256: string } }[]
}

/**
 * What somebody whom the reader trusts signed, in a form that is set aside, and what is no approval: it must not be passed over, for who
 * wanted it unheard could have asked for just this form. Null for everything else, such as what strangers lay there.
 */
export function readUnreadRejection(bytes: Buffer, file: string, anchors: TrustAnchors): UnreadRejection | null {
  try {
    const envelope = AnyEnvelope.safeParse(parseStrictJson(bytes, file))
    if (!envelope.success) return null
    const { payload, signed, signature } = openEnvelope(envelope.data)
    const statement = AnyDecision.safeParse(parseStrictJson(payload, file))
    if (!statement.success) return null
    const { subject, predicateType, predicate } = statement.data
    const { decision, signer: named } = predicate.drydockSignature
    if (decision === 'approve' && predicateType !== rejectionPredicate && predicate.result === undefined) return null
    const signer = 'publicKey' in named ? describeKey(loadPublicKey(named.publicKey), anchors) : describeChain(named.certificates, anchors)
    if (rolesOf(signer.identity, anchors).size === 0 || !isSignatureValid(signer.key, signed, signature)) return null
    return { signer, payload, subject }
  } catch (error) {
    if (error instanceof WorkbenchError) return null
    throw error
  }
}
