import { z } from 'zod'
import type { StageSignature } from '../../model/registry'
import { DsseEnvelope, isSignatureValid, loadPublicKey, openEnvelope, signStatement, statementType } from '../bundle-format'
import type { People } from '../people'
import type { KeyObject } from 'node:crypto'
import type { StageRow, VersionRow } from './tables'

const predicateType = 'urn:drydock:stage-decision:1'

/** What is signed: which model by its digest, from which stage to which, who, when, why, and which gate result it rested on. */
export type Decision = Omit<StageRow, 'signature'> & Pick<VersionRow, 'run_id' | 'model_sha256'>

const statementOf = ({ name, version, model_sha256, run_id, ...move }: Decision, more: { person: string; gate: string | null }) => ({
  _type: statementType,
  subject: [{ name: `${name}@${version}`, digest: { sha256: model_sha256 } }],
  predicateType,
  predicate: { run: run_id, from: move.from_stage, to: move.to_stage, at: move.at, by: move.by, reason: move.reason, ...more }
})

/** Signs a decision; the envelope as JSON, as it is stored. */
export const signDecision = (
  decision: Decision,
  more: { person: string; gate: string | null },
  { key, fingerprint }: { key: KeyObject; fingerprint: string }
): string => JSON.stringify(signStatement(statementOf(decision, more), key, fingerprint))

const Signed = z.object({ predicate: z.object({ person: z.string(), gate: z.string().nullable() }) })

/**
 * Whether the stored signature is one over exactly this decision, by a key of the person whom it names. A key that was retired afterwards
 * changes nothing; what was decided before decisions were signed is unsigned.
 */
export function checkDecision(decision: Decision, stored: string | null, people: Pick<People, 'holderOf'>): StageSignature {
  if (stored === null) return { state: 'unsigned' }
  try {
    const envelope = DsseEnvelope.parse(JSON.parse(stored))
    const { payload, signed, signature } = openEnvelope(envelope)
    const { predicate } = Signed.parse(JSON.parse(payload.toString('utf8')))
    const holder = people.holderOf(envelope.signatures[0].keyid ?? '')
    if (!holder || holder.person.id !== predicate.person) return { state: 'altered' }
    const isSame = payload.toString('utf8') === JSON.stringify(statementOf(decision, { person: predicate.person, gate: predicate.gate }))
    const holds = isSame && isSignatureValid(loadPublicKey(holder.key.publicPem), signed, signature)
    return holds ? { state: 'holds', fingerprint: holder.key.fingerprint } : { state: 'altered' }
  } catch {
    return { state: 'altered' }
  }
}
