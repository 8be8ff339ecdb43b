import type { Attestation, DecisionCount, SignatureMeaning, SignerIdentity } from '../../model/bundle'
import { countOf } from '../../model/count-of'
import { personOf, rolesFor, rolesOf, type TrustAnchors } from './trust-anchors'
import { foldName } from './trust-document'

/** A decision whose signature holds, with all that a decision has. */
interface Heard {
  decision: 'approve' | 'reject'
  meaning: SignatureMeaning
  name: string
  time: string
  signer: SignerIdentity
  signedByAuthor: boolean
}

/** The decisions of one person, or of one key that the reader named nobody for. */
interface Voter {
  heard: Heard[]
  label: string
  names: Set<string>
  isNamed: boolean
  isAuthor: boolean
}

const mostRemarks = 20

/**
 * Counts the decisions by person. Only whom the reader trusts is counted; a rejection stands until the same person decides otherwise at a
 * later time of his own clock; the author approves nothing, but his own rejection counts. Keys that signed under one name are one person
 * unless the reader's trust says otherwise, for a second key must not make a second person.
 */
export function countDecisions(attestations: readonly Attestation[], author: SignerIdentity | null, anchors: TrustAnchors): DecisionCount {
  const all = attestations.flatMap(heardFrom)
  const isTrusted = (heard: Heard) => rolesOf(heard.signer, anchors).size > 0
  const remarks: string[] = []
  const voters = gather(all.filter(isTrusted))
  const rejectedBy = voters.filter(stillRejects).map(({ label, isAuthor }) => (isAuthor ? `${label}, the author` : label))
  const authorNames = new Set([...voters.filter(({ isAuthor }) => isAuthor).flatMap(({ names }) => [...names]), ...namesOf(author)])
  const approving: { voter: Voter; releases: boolean }[] = []
  const counted = new Set<string>()
  // Whom the reader named first: a key that signs under such a name adds no person.
  for (const voter of [...voters].sort((a, b) => Number(b.isNamed) - Number(a.isNamed))) {
    const standing = standingApprovals(voter)
    if (standing.length === 0) continue
    if (voter.isAuthor) {
      remarks.push(`${voter.label} approves as the author of the bundle, which is no independent review.`)
      continue
    }
    const allowed = standing.filter(({ meaning, signer }) => rolesFor[meaning].some((role) => rolesOf(signer, anchors).has(role)))
    for (const { meaning } of standing.filter((each) => !allowed.includes(each)))
      remarks.push(`${voter.label} signed as ${meaning}, which the roles that you gave do not allow; it is not counted.`)
    if (allowed.length === 0) continue
    const names = [...voter.names]
    if (!voter.isNamed && names.some((name) => authorNames.has(name)))
      remarks.push(`${voter.label} signs under the name of the author; it is not counted as an independent review.`)
    else if (!voter.isNamed && names.some((name) => counted.has(name)))
      remarks.push(`${voter.label} signs under a name that is counted already; two keys of one name are one person.`)
    else approving.push({ voter, releases: allowed.some(({ meaning }) => meaning === 'release') })
    for (const name of names) counted.add(name)
  }
  remarks.push(...voters.flatMap(remarksOnPerson), ...remarksOnNames(all), ...earlierRejections(attestations, anchors))
  return {
    approvedBy: approving.map(({ voter }) => voter.label),
    rejectedBy,
    releasedBy: approving.filter(({ releases }) => releases).map(({ voter }) => voter.label),
    unknown: all
      .filter((heard) => !isTrusted(heard))
      .map(({ decision, name, meaning, signer }) => ({ decision, name, meaning, keyFingerprint: signer.keyFingerprint })),
    remarks:
      remarks.length > mostRemarks
        ? [...remarks.slice(0, mostRemarks), `And ${countOf(remarks.length - mostRemarks, 'other remark')} of this kind.`]
        : remarks
  }
}

function heardFrom({ valid, decision, meaning, name, time, signer, signedByAuthor }: Attestation): Heard[] {
  if (!valid || !decision || !meaning || name === null || time === null || !signer) return []
  return [{ decision, meaning, name, time, signer, signedByAuthor }]
}

function gather(heard: readonly Heard[]): Voter[] {
  const voters = new Map<string, Voter>()
  for (const each of heard) {
    const { signer, name, signedByAuthor } = each
    const id = personOf(signer)
    const voter: Voter = voters.get(id) ?? {
      heard: [],
      label: signer.knownAs ?? `"${name}" (key ${signer.keyFingerprint.slice(0, 8)})`,
      names: new Set(signer.knownAs === null ? [] : [foldName(signer.knownAs)]),
      isNamed: signer.knownAs !== null,
      isAuthor: false
    }
    voter.heard.push(each)
    if (!voter.isNamed) voter.names.add(foldName(name))
    voter.isAuthor ||= signedByAuthor
    voters.set(id, voter)
  }
  return [...voters.values()]
}

/** The moment of the last rejection; an approval at the same moment does not lift it. */
function lastRejection({ heard }: Voter): string | null {
  return heard.reduce<string | null>((last, { decision, time }) => (decision === 'reject' && time > (last ?? '') ? time : last), null)
}

/** What a person approved and did not take back since. */
function standingApprovals(voter: Voter): Heard[] {
  const rejected = lastRejection(voter)
  return voter.heard.filter(({ decision, time }) => decision === 'approve' && time > (rejected ?? ''))
}

const stillRejects = (voter: Voter): boolean => lastRejection(voter) !== null && standingApprovals(voter).length === 0

const namesOf = (author: SignerIdentity | null): string[] => (author?.knownAs ? [foldName(author.knownAs)] : [])

/** A person whom the reader named, with several keys or under another name. */
function remarksOnPerson({ label, heard, names }: Voter): string[] {
  const ofPerson = heard.filter(({ signer }) => signer.anchoredBy === 'person' && signer.knownAs !== null)
  const keys = new Set(ofPerson.map(({ signer }) => signer.keyFingerprint)).size
  const others = new Set(ofPerson.map(({ name }) => name).filter((name) => !names.has(foldName(name))))
  return [
    ...(keys > 1 ? [`${label} signed with ${keys} keys and is one person.`] : []),
    ...(others.size > 0
      ? [
          `${label} signed under the name ${[...others]
            .slice(0, 5)
            .map((name) => `"${name}"`)
            .join('; ')}.`
        ]
      : [])
  ]
}

/** Said, for it was somebody whom the reader trusts; not counted, for the author may have mended what was rejected. */
function earlierRejections(attestations: readonly Attestation[], anchors: TrustAnchors): string[] {
  return attestations.flatMap(({ earlier, decision, signer, name, file }) =>
    earlier && decision === 'reject' && signer && rolesOf(signer, anchors).size > 0
      ? [`${signer.knownAs ?? `"${name}"`} rejected an earlier export of this version, which decides nothing about this one (${file}).`]
      : []
  )
}

/** One key under several names, several keys under one: said whoever it is, for names are what a reader looks at. */
function remarksOnNames(all: readonly Heard[]): string[] {
  const names = new Map<string, Map<string, string>>()
  const keys = new Map<string, { shown: string; fingerprints: Set<string> }>()
  for (const { name, signer } of all) {
    const folded = foldName(name)
    const ofKey = names.get(signer.keyFingerprint) ?? new Map<string, string>()
    names.set(signer.keyFingerprint, ofKey.set(folded, name))
    const ofName = keys.get(folded) ?? { shown: name, fingerprints: new Set<string>() }
    ofName.fingerprints.add(signer.keyFingerprint)
    keys.set(folded, ofName)
  }
  const said = (list: Iterable<string>) => [...list].slice(0, 5).join('; ')
  return [
    ...[...names]
      .filter(([, ofKey]) => ofKey.size > 1)
      .map(
        ([key, ofKey]) =>
          `The key ${key.slice(0, 16)} signed under ${ofKey.size} names: ${said([...ofKey.values()].map((name) => `"${name}"`))}.`
      ),
    ...[...keys.values()]
      .filter(({ fingerprints }) => fingerprints.size > 1)
      .map(
        ({ shown, fingerprints }) =>
          `${fingerprints.size} keys signed under the name "${shown}": ${said([...fingerprints].map((key) => key.slice(0, 16)))}.`
      )
  ]
}
