import { createHash } from 'node:crypto'
import type { Attestation, FileProblem } from '../../model/bundle'
import { WorkbenchError } from '../../model/errors'
import type { AnyStatement } from './attestation-statement'
import { AnyStatement as AnyStatementSchema, clockNote, findDecisionConflict } from './attestation-statement'
import type { KnownTo } from './decision-count'
import { DsseEnvelope, isSignatureValid, openEnvelope, parseDocument } from './dsse'
import { attestationFolder, signatureFile } from './file-names'
import type { OpenBundle } from './open-bundle'
import type { KnownSigner } from './signer-identity'
import { describeChain, describeKey } from './signer-identity'
import { loadPublicKey } from './signing-key'
import type { KnownDecision } from './known-decisions'
import { rolesOf, type TrustAnchors } from './trust-anchors'
import { parseStrictJson } from './strict-json'
import { readUnreadRejection, type UnreadRejection } from './unread-rejections'
import type { Sha256 } from '../../model/reference'
import { sha256 } from '../../storage/objects/durable-files'

const largestAttestation = 4 * 1024 * 1024
const attestationName = /^attestations\/[A-Za-z0-9._-]+\.dsse\.json$/

/** What an attestation must be bound to. */
export interface AttestationTarget {
  root: Sha256
  bundleDigest: Sha256
  /** Null where only the fingerprint of the author's key is known. */
  author: KnownSigner | null
  anchors: TrustAnchors
  /** Decisions that the author lists: those about an earlier export are kept for the record. */
  index: readonly KnownDecision[] | null
}

/** All that lies under attestations/, judged. */
export interface JudgedAttestations {
  attestations: Attestation[]
  problems: FileProblem[]
  lists: (readonly KnownDecision[])[]
  knownTo: KnownTo
  /** Rejections of trusted persons among what is set aside, in words. */
  unread: string[]
}

/** What holds the files: an open bundle, or files that came without one. */
type Holder = Pick<OpenBundle, 'list' | 'read'>

/** Judges every file under attestations/; what is not an attestation of this bundle is named, so that it can be set aside. */
export async function verifyAttestations(bundle: Holder, target: AttestationTarget): Promise<JudgedAttestations> {
  const attestations: Attestation[] = []
  const lists: (readonly KnownDecision[])[] = target.index ? [target.index] : []
  const listed = new Set(target.index?.map(({ sha256 }) => sha256))
  const problems: FileProblem[] = []
  const seen = new Map<string, string>()
  const knownTo = new Map<string, ReadonlySet<string>>()
  const rejections: { name: string; found: UnreadRejection }[] = []
  // Thousands may lie here, laid by anybody: each is read once, and nothing of it is kept but what it says.
  const setAside = (name: string, bytes: Buffer | null): void => {
    problems.push({ name, problem: 'set-aside', expected: null, actual: null })
    const found = bytes && readUnreadRejection(bytes, name, target.anchors)
    if (found && bindsBundle(found, target)) rejections.push({ name, found })
  }
  for (const { name, bytes: size } of bundle.list()) {
    if (!name.startsWith(`${attestationFolder}/`)) continue
    const read = () => bundle.read(name, largestAttestation)
    if (!attestationName.test(name)) {
      setAside(name, size > largestAttestation ? null : await read())
      continue
    }
    const { bytes, judged } = await verifyOne(read, name, target, { seen, listed })
    const { known, ...attestation } = judged
    attestations.push(attestation)
    // A stranger's list would let anybody say that something is missing.
    if (known && attestation.valid && attestation.signer && rolesOf(attestation.signer, target.anchors).size > 0) {
      lists.push(known)
      knownTo.set(name, new Set(known.map((each) => each.sha256)))
    }
    if (!attestation.valid && !attestation.earlier) setAside(name, size > largestAttestation ? null : (bytes ?? (await read())))
  }
  const reasons = new Map(attestations.map(({ file, problem }) => [file, problem]))
  const unread: string[] = []
  for (const { name, found } of rejections) {
    if (seen.has(contentOf(found.payload, found.signer))) continue
    const who = found.signer.identity.knownAs ?? `the key ${found.signer.identity.keyFingerprint.slice(0, 16)}`
    unread.push(
      `${who} signed ${name} about this bundle, and it is no approval. ${reasons.get(name) ?? 'It is not where a decision lies.'}`
    )
  }
  return { attestations, problems, lists, knownTo, unread }
}

interface Context {
  /** Signer and content of each statement, with the file in which it was first. */
  seen: Map<string, string>
  /** Digests of the files that the author lists. */
  listed: ReadonlySet<Sha256>
}
type Judged = Attestation & { known?: readonly KnownDecision[] }

/** The bytes are null where the file could not be read. */
async function verifyOne(
  read: () => Promise<Buffer>,
  file: string,
  target: AttestationTarget,
  context: Context
): Promise<{ bytes: Buffer | null; judged: Judged }> {
  try {
    const bytes = await read()
    return { bytes, judged: judge(bytes, file, target, context) }
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error
    return { bytes: null, judged: { ...unjudged(file), problem: error.message } }
  }
}

const unjudged = (file: string): Judged => ({
  file,
  sha256: null,
  valid: false,
  problem: null,
  predicateType: null,
  decision: null,
  meaning: null,
  name: null,
  statement: null,
  time: null,
  clock: 'untrusted',
  clockNote,
  signer: null,
  earlier: false,
  signedByAuthor: false
})

function judge(bytes: Buffer, file: string, target: AttestationTarget, { seen, listed }: Context): Judged {
  const judged: Judged = { ...unjudged(file), sha256: sha256(bytes) }
  try {
    const envelope = parseDocument(DsseEnvelope, parseStrictJson(bytes, file), file)
    const { payload, signed, signature } = openEnvelope(envelope)
    const statement = parseDocument(AnyStatementSchema, parseStrictJson(payload, `The statement in ${file}`), `The statement in ${file}`)
    const signer = findSigner(statement, envelope.signatures[0]?.keyid ?? '', target)
    if (signer === null) return { ...judged, problem: 'It does not say who signed it, so its signature cannot be checked.' }
    if (!isSignatureValid(signer.key, signed, signature))
      return { ...judged, problem: 'Its signature does not fit its content: one of them was changed.' }
    Object.assign(judged, describe(statement), { signer: signer.identity, signedByAuthor: isAuthor(signer, target) })
    const isOther = !bindsBundle(statement, target)
    if (isOther && listed.has(judged.sha256!))
      return { ...judged, earlier: true, problem: 'It is about an earlier export of this version and decides nothing about this bundle.' }
    const problem = findProblem(statement, signer, isOther) ?? findRepetition(payload, signer, file, seen)
    return { ...judged, valid: problem === null, problem, known: statement.predicate.drydockSignature?.known }
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error
    return { ...judged, problem: error.message }
  }
}

function describe(statement: AnyStatement): Pick<Attestation, 'predicateType' | 'decision' | 'meaning' | 'name' | 'statement' | 'time'> {
  const record = statement.predicate.drydockSignature
  return {
    predicateType: statement.predicateType,
    decision: record?.decision ?? null,
    meaning: record?.meaning ?? null,
    name: record?.name ?? null,
    statement: record?.statement ?? null,
    time: record?.time ?? null
  }
}

/** The key comes from the signed statement, or is the author's when the key id says so; the key id must fit in both cases. */
function findSigner(statement: AnyStatement, keyid: string, target: AttestationTarget): KnownSigner | null {
  const named = statement.predicate.drydockSignature?.signer
  const signer = !named
    ? target.author
    : 'publicKey' in named
      ? describeKey(loadPublicKey(named.publicKey), target.anchors)
      : describeChain(named.certificates, target.anchors)
  return signer?.identity.keyFingerprint === keyid ? signer : null
}

function bindsBundle(statement: Pick<UnreadRejection, 'subject'>, target: AttestationTarget): boolean {
  const binds = (digest: string, name?: string) =>
    statement.subject.some((subject) => subject.digest.sha256 === digest && (name === undefined || subject.name === name))
  return binds(target.root) && binds(target.bundleDigest, signatureFile)
}

function findProblem(statement: AnyStatement, signer: KnownSigner, isOther: boolean): string | null {
  if (isOther) return 'It was made for another bundle: its subjects are not the files and the signature of this one.'
  if (signer.problems.length) return `Its signer's certificates do not hold: ${signer.problems.join('; ')}.`
  const conflict = findDecisionConflict(statement)
  return conflict && `It contradicts itself: ${conflict}.`
}

/** One decision copied under a second name must not count twice; ECDSA allows a second signature, so the content is compared. */
function findRepetition(payload: Buffer, signer: KnownSigner, file: string, seen: Map<string, string>): string | null {
  const identity = contentOf(payload, signer)
  const first = seen.get(identity)
  seen.set(identity, first ?? file)
  return first ? `It repeats ${first}.` : null
}

const contentOf = (payload: Buffer, { identity }: KnownSigner): string =>
  `${identity.keyFingerprint} ${createHash('sha256').update(payload).digest('hex')}`

function isAuthor(signer: KnownSigner, target: AttestationTarget): boolean {
  if (!target.author) return false
  const own = signer.identity
  const author = target.author.identity
  if (own.keyFingerprint === author.keyFingerprint) return true
  if (own.knownAs !== null && own.knownAs === author.knownAs) return true
  return own.certificate !== null && author.certificate !== null && own.certificate.subject === author.certificate.subject
}
