import { z } from 'zod'
import { AttestationDecision, type Attestation } from '../../model/bundle'
import { isPlainText } from '../../model/plain-text'
import { Sha256 } from '../../model/reference'

/** Where the author lists, under the signature, the decisions that were known when the bundle was signed. */
export const decisionIndexFile = 'log/decisions.json'
/** More are not listed: a list is there to make the taking out of a decision visible, not to repeat them all. */
export const mostKnown = 500

/** A decision as a signed list names it: by the digest of its file, with what the reader is told when that is gone. */
export const KnownDecision = z.object({
  sha256: Sha256,
  decision: AttestationDecision,
  name: z
    .string()
    .max(200)
    .refine((text) => isPlainText(text)),
  keyFingerprint: Sha256,
  time: z.iso.datetime({ precision: 3 })
})
export type KnownDecision = z.infer<typeof KnownDecision>

const DecisionIndex = z.object({
  schema: z.literal('drydock.decisions'),
  version: z.literal(1),
  decisions: z.array(KnownDecision).max(mostKnown)
})

/** The list as a document; the same decisions give the same bytes. */
export function writeDecisionIndex(decisions: readonly KnownDecision[]): string {
  const rule =
    'Each decision known when the bundle was signed, by the SHA-256 of its file under attestations/. One that is not there any more was taken out.'
  return `${JSON.stringify({ schema: 'drydock.decisions', version: 1, rule, decisions: decisions.slice(0, mostKnown) }, null, 2)}\n`
}

/** The list of a bundle as it was verified; null where there is none, or none that this program can read. */
export function readDecisionIndex(bytes: Buffer | undefined): readonly KnownDecision[] | null {
  if (!bytes) return null
  try {
    return DecisionIndex.parse(JSON.parse(bytes.toString('utf8'))).decisions
  } catch {
    return null
  }
}

/** What a list says of these decisions; what does not hold, or decides nothing, is in none. */
export function listKnown(attestations: readonly Attestation[]): KnownDecision[] {
  return attestations
    .flatMap(({ valid, sha256, decision, name, signer, time }) =>
      valid && sha256 && decision && name !== null && signer && time !== null
        ? [{ sha256, decision, name, keyFingerprint: signer.keyFingerprint, time }]
        : []
    )
    .slice(0, mostKnown)
}

/** The decisions of signed lists that are not among the files of the bundle, each once and in words; null without any list. */
export function findStripped(lists: readonly (readonly KnownDecision[])[], attestations: readonly Attestation[]): string[] | null {
  if (lists.length === 0) return null
  const present = new Set(attestations.map(({ sha256 }) => sha256))
  const gone = new Map(lists.flat().flatMap((known) => (present.has(known.sha256) ? [] : [[known.sha256, known] as const])))
  return [...gone.values()].map(
    ({ decision, name, keyFingerprint, time }) =>
      `${decision} under the name "${name}" (key ${keyFingerprint.slice(0, 8)}) of ${time} is not in the bundle any more.`
  )
}
