import { z } from 'zod'
import { AttestationDecision, type Attestation } from '../../model/bundle'
import { countOf } from '../../model/count-of'
import { isPlainText } from '../../model/plain-text'
import { Sha256 } from '../../model/reference'

/** Where the author lists, under the signature, the decisions that were known when the bundle was signed. */
export const decisionIndexFile = 'log/decisions.json'
/** More are not listed: a list is there to make the taking out of a decision visible, not to repeat them all. */
export const mostKnown = 500
/** Approvals, and as many rejections, by one key that nobody here has: keys cost nothing, and neither does signing again and again. */
export const mostOfStranger = 5

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
  decisions: z.array(KnownDecision).max(mostKnown),
  /** Known as well, and not listed. */
  leftOut: z.int().positive().optional()
})
export type DecisionIndex = z.infer<typeof DecisionIndex>

/** The list as a document, with the number of those that it has no room for; the same decisions give the same bytes. */
export function writeDecisionIndex(decisions: readonly KnownDecision[], leftOut = 0): string {
  const rule =
    'Each decision known when the bundle was signed, by the SHA-256 of its file under attestations/. One that is not there any more was taken out.'
  return `${JSON.stringify({ schema: 'drydock.decisions', version: 1, rule, decisions, ...(leftOut > 0 && { leftOut }) }, null, 2)}\n`
}

/** The list of a bundle as it was verified; null where there is none, or none that this program can read. */
export function readDecisionIndex(bytes: Buffer | undefined): DecisionIndex | null {
  if (!bytes) return null
  try {
    return DecisionIndex.parse(JSON.parse(bytes.toString('utf8')))
  } catch {
    return null
  }
}

/** What a list says of these decisions; what does not hold, or decides nothing, is in none. */
export function listKnown(attestations: readonly Attestation[]): KnownDecision[] {
  return attestations.flatMap(({ valid, sha256, decision, name, signer, time }) =>
    valid && sha256 && decision && name !== null && signer && time !== null
      ? [{ sha256, decision, name, keyFingerprint: signer.keyFingerprint, time }]
      : []
  )
}

/** Decisions that were not kept or listed, each with what kept it out. */
export type LeftOut = ReadonlyMap<Sha256, 'key' | 'room'>
/** Who counts as known here, by the fingerprint of a key, and how much there is room for. */
export interface Room {
  isKept: (fingerprint: Sha256) => boolean
  most?: number
  ofStranger?: number
}

/**
 * Of more decisions than there is room for, those that weigh most, in the order in which they were given: whoever lays many beside a
 * rejection must not push it out. First those by keys that are known here, then rejections by others, then the rest. Of each key the newest
 * comes first and all newest ones come before any second one, a rejection before an approval; the clocks of strangers decide among strangers.
 */
export function weighDecisions<T extends { known: KnownDecision; bundle?: Sha256 }>(
  all: readonly T[],
  { isKept, most = mostKnown, ofStranger = mostOfStranger }: Room
): { chosen: T[]; leftOut: LeftOut } {
  const ranks = new Map<string, number>()
  const weighed = [...all]
    .sort((a, b) => newestFirst(a.known, b.known))
    .map((each) => {
      const { decision, keyFingerprint } = each.known
      const own = `${each.bundle ?? ''} ${keyFingerprint} ${decision}`
      const rank = ranks.get(own) ?? 0
      ranks.set(own, rank + 1)
      const approves = decision === 'reject' ? 0 : 1
      return { each, rank, approves, group: isKept(keyFingerprint) ? 0 : 1 + approves }
    })
  const leftOut = new Map<Sha256, 'key' | 'room'>()
  const chosen = new Set<T>()
  for (const { each, group, rank } of weighed.sort((a, b) => a.group - b.group || a.rank - b.rank || a.approves - b.approves)) {
    if (group > 0 && rank >= ofStranger) leftOut.set(each.known.sha256, 'key')
    else if (chosen.size >= most) leftOut.set(each.known.sha256, 'room')
    else chosen.add(each)
  }
  return { chosen: all.filter((each) => chosen.has(each)), leftOut }
}

const newestFirst = (a: KnownDecision, b: KnownDecision): number =>
  a.time === b.time ? (a.sha256 < b.sha256 ? -1 : 1) : a.time < b.time ? 1 : -1

/** Why decisions were left out, with how many; empty when none was. */
export function describeLeftOut(leftOut: LeftOut): string {
  const by = (reason: 'key' | 'room') => [...leftOut.values()].filter((each) => each === reason).length
  const [ofKeys, beyond] = [by('key'), by('room')]
  const ofNobody = `${countOf(ofKeys, 'decision')} by keys of nobody here, of each of which the newest ${mostOfStranger} approvals and ${mostOfStranger} rejections are taken`
  const noRoom = `${countOf(beyond, 'decision')} beyond ${mostKnown}, of which those by people of this workspace come first, then rejections by others`
  return [...(ofKeys > 0 ? [ofNobody] : []), ...(beyond > 0 ? [noRoom] : [])].join('; ')
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
