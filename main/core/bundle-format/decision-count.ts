import type { Attestation, DecisionCount, SignatureMeaning, SignerIdentity } from '../../model/bundle'
import { countOf } from '../../model/count-of'
import { personOf, rolesFor, rolesOf, type TrustAnchors } from './trust-anchors'
import { foldName } from './trust-document'

/** A decision whose signature holds, with all that a decision has. */
interface Heard {
  sha256: string | null
  /** Digests of the decisions that lay in the bundle when this one was signed, which are older than it by whatever clock. */
  knows: ReadonlySet<string>
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
/** How far ahead the clock of a signer may be of the reader's for an approval to count: wrong time zones and drift, not another year. */
const clockTolerance = 24 * 3600_000

/** Of each file that holds, the digests of the decisions that its signer knew. */
export type KnownTo = ReadonlyMap<string, ReadonlySet<string>>

/**
 * Counts the decisions by person. Only whom the reader trusts is counted; a rejection stands until the same person decides otherwise at a
 * later time, which is not still to come at `now` and not that of a decision that the rejection knew; the author approves nothing, but his own rejection counts. Keys that signed under one name are one person
 * unless the reader's trust says otherwise, for a second key must not make a second person.
 */
export function countDecisions(
  attestations: readonly Attestation[],
  author: SignerIdentity | null,
  anchors: TrustAnchors,
  { knownTo = new Map(), now = new Date() }: { knownTo?: KnownTo; now?: Date } = {}
): DecisionCount {
  const all = attestations.flatMap((attestation) => heardFrom(attestation, knownTo))
  const isTrusted = (heard: Heard) => rolesOf(heard.signer, anchors).size > 0
  const others = all.filter((heard) => !isTrusted(heard))
  const isOwn = ({ signer }: Heard) => anchors.own?.has(signer.keyFingerprint) ?? false
  const own = others.filter(isOwn).map((heard) => ({ ...heard, name: anchors.own!.get(heard.signer.keyFingerprint)! }))
  const remarks: string[] = []
  const voters = gather(all.filter(isTrusted))
  const rejectedBy = voters
    .filter(({ heard }) => standingRejection(heard, now) !== null)
    .map(({ label, isAuthor }) => (isAuthor ? `${label}, the author` : label))
  const authorNames = new Set([...voters.filter(({ isAuthor }) => isAuthor).flatMap(({ names }) => [...names]), ...namesOf(author)])
  const approving: { voter: Voter; releases: boolean }[] = []
  const counted = new Set<string>()
  // Whom the reader named first: a key that signs under such a name adds no person.
  for (const voter of [...voters].sort((a, b) => Number(b.isNamed) - Number(a.isNamed))) {
    const standing = standingApprovals(voter.heard, now)
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
  remarks.push(
    ...voters.flatMap((voter) => remarksOnTimes(voter, now)),
    ...voters.flatMap(remarksOnPerson),
    ...remarksOnNames(all),
    ...earlierRejections(attestations, anchors)
  )
  return {
    approvedBy: approving.map(({ voter }) => voter.label),
    rejectedBy: [...rejectedBy, ...ownRejections(own, now)],
    releasedBy: approving.filter(({ releases }) => releases).map(({ voter }) => voter.label),
    unknown: others.filter((heard) => !isOwn(heard)).map(toVoice),
    ...(own.length > 0 && { own: own.map(toVoice) }),
    remarks:
      remarks.length > mostRemarks
        ? [...remarks.slice(0, mostRemarks), `And ${countOf(remarks.length - mostRemarks, 'other remark')} of this kind.`]
        : remarks
  }
}

const toVoice = ({ decision, name, meaning, signer }: Heard) => ({ decision, name, meaning, keyFingerprint: signer.keyFingerprint })

/** To whom it rejects, a bundle does not hold, also where nothing that was given says who that is. */
const ownRejections = (own: readonly Heard[], now: Date): string[] =>
  [...new Set(own.map(({ name }) => name))]
    .filter((name) =>
      standingRejection(
        own.filter((each) => each.name === name),
        now
      )
    )
    .map((name) => `you (${name})`)

function heardFrom({ file, sha256, valid, decision, meaning, name, time, signer, signedByAuthor }: Attestation, knownTo: KnownTo): Heard[] {
  if (!valid || !decision || !meaning || name === null || time === null || !signer) return []
  return [{ sha256, knows: knownTo.get(file) ?? new Set(), decision, meaning, name, time, signer, signedByAuthor }]
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

/** What it takes to order the decisions of one person. */
export type Ordered = Pick<Heard, 'sha256' | 'knows' | 'decision' | 'time'>

const rejectionsOf = <T extends Ordered>(heard: readonly T[]): T[] => heard.filter(({ decision }) => decision === 'reject')

/** What a person approved and did not take back since. Of the same or a doubtful time the rejection wins: a clock alone turns none off. */
function standingApprovals<T extends Ordered>(heard: readonly T[], now: Date): T[] {
  const rejections = rejectionsOf(heard)
  const last = rejections.reduce((latest, { time }) => (time > latest ? time : latest), '')
  const older = new Set(rejections.flatMap(({ knows }) => [...knows]))
  return heard.filter(({ decision, time, sha256 }) => {
    if (decision !== 'approve' || isBeyond(time, now)) return false
    return rejections.length === 0 || (time > last && !isToCome(time, now) && !(sha256 !== null && older.has(sha256)))
  })
}

/** The latest rejection among the decisions of one person, unless that person decided otherwise since. */
export function standingRejection<T extends Ordered>(heard: readonly T[], now: Date = new Date()): T | null {
  const [first, ...others] = rejectionsOf(heard)
  if (first === undefined || standingApprovals(heard, now).length > 0) return null
  return others.reduce((latest, each) => (each.time > latest.time ? each : latest), first)
}

const isToCome = (time: string, now: Date): boolean => Date.parse(time) > now.getTime()
const isBeyond = (time: string, now: Date): boolean => Date.parse(time) > now.getTime() + clockTolerance

/** Decisions from the future, by the clock of the reader. */
function remarksOnTimes(voter: Voter, now: Date): string[] {
  const rejects = rejectionsOf(voter.heard).length > 0
  return voter.heard
    .filter(({ time }) => isBeyond(time, now) || (rejects && isToCome(time, now)))
    .map(({ decision, time }) => {
      const comes = `${voter.label} signed "${decision}" under the time ${time}, which is still to come by the clock of this computer;`
      if (decision === 'reject') return `${comes} the rejection counts all the same.`
      return `${comes} it lifts no rejection${isBeyond(time, now) ? ' and is not counted as an approval' : ''}.`
    })
}

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
