import type { KeyObject } from 'node:crypto'
import type { SignerIdentity } from '../../model/bundle'
import { identitiesOf, readCertificate } from './certificate'
import { judgeChain } from './certificate-chain'
import { exportPublicKey, fingerprintOf, signingParameters } from './signing-key'
import { judgeTimestamps } from './timestamp'
import type { TrustAnchors } from './trust-anchors'

/** A signer whose key is known, and what is wrong with the certificates, if there are any. */
export interface KnownSigner {
  key: KeyObject
  identity: SignerIdentity
  problems: string[]
  /** The moment at which the certificates were judged: that of a trusted time stamp, else the reader's. */
  judgedAt: Date
  /** The authority behind that moment; null where it is the reader's. */
  stampedBy: string | null
  /** Why nothing that was given says whether the certificate is revoked; null when it is known, or was not asked. */
  unsure: string | null
}

/** What time-stamping authorities stamped, and their stamps (base64). */
export interface Stamped {
  signature: Buffer
  timestamps: readonly string[]
}

/** The identity of a bare key. */
export function describeKey(key: KeyObject, anchors: TrustAnchors): KnownSigner {
  const keyFingerprint = fingerprintOf(key)
  return {
    key,
    problems: [],
    judgedAt: anchors.at,
    stampedBy: null,
    unsure: null,
    identity: {
      kind: 'key',
      keyFingerprint,
      curve: signingParameters(key).curve,
      publicKeyPem: exportPublicKey(key),
      certificate: null,
      chain: [],
      ...anchorOfKey(keyFingerprint, anchors)
    }
  }
}

/**
 * The identity of a certificate chain (base64 DER, leaf first), judged at the moment that a trusted authority stamped the signature.
 * @throws WorkbenchError INVALID_INPUT when a certificate cannot be read
 */
export function describeChain(encoded: readonly string[], anchors: TrustAnchors, stamped?: Stamped): KnownSigner {
  const chain = encoded.map((text) => readCertificate(Buffer.from(text, 'base64')))
  const [leaf] = chain
  if (!leaf) throw new TypeError('a chain has at least one certificate')
  const { at, lists = [], tsaRoots = [], identities = [] } = anchors
  const stamp =
    stamped && tsaRoots.length > 0 ? judgeTimestamps(stamped.timestamps, stamped.signature, { roots: tsaRoots, lists, at }) : null
  const judgedAt = stamp?.time ?? at
  const { problems, root, unsure } = judgeChain(chain, anchors.roots, judgedAt, { lists, listsAt: at })
  if (problems.length > 0 && !stamp?.time) problems.push(...(stamp?.problems ?? hintOf(stamped)))
  const isUnderRoot = root !== null && problems.length === 0
  const isWanted = identities.length === 0 || identitiesOf(leaf).some((name) => identities.includes(name))
  const key = leaf.x509.publicKey
  const keyFingerprint = fingerprintOf(key)
  return {
    key,
    problems,
    judgedAt,
    stampedBy: stamp?.authority ?? null,
    unsure,
    identity: {
      kind: 'certificate',
      keyFingerprint,
      curve: curveOf(key),
      publicKeyPem: exportPublicKey(key),
      certificate: leaf.facts,
      chain: chain.map((certificate) => certificate.facts),
      isUnderRoot,
      revocation: lists.length === 0 ? 'not-checked' : unsure === null ? 'checked' : 'unknown',
      ...anchorOfChain(keyFingerprint, isUnderRoot && isWanted ? leaf.facts.subject : null, anchors)
    }
  }
}

function hintOf(stamped: Stamped | undefined): string[] {
  return stamped && stamped.timestamps.length > 0
    ? ['a time stamp stands with the signature and may prove an earlier moment: give the root of its authority (--tsa)']
    : []
}

type Anchor = Pick<SignerIdentity, 'anchoredBy' | 'knownAs'>

function anchorOfKey(fingerprint: string, anchors: TrustAnchors): Anchor {
  const person = anchors.people.get(fingerprint)
  const anchoredBy =
    fingerprint === anchors.keyFingerprint ? 'public-key' : fingerprint === anchors.expected ? 'fingerprint' : person ? 'person' : 'none'
  return { anchoredBy, knownAs: person?.name ?? null }
}

/** @param subject of a chain that holds and reaches a trusted root; null otherwise */
function anchorOfChain(fingerprint: string, subject: string | null, anchors: TrustAnchors): Anchor {
  const own = anchorOfKey(fingerprint, anchors)
  return subject === null ? own : { anchoredBy: 'root-certificate', knownAs: own.knownAs ?? subject }
}

function curveOf(key: KeyObject): SignerIdentity['curve'] {
  try {
    return signingParameters(key).curve
  } catch {
    return null
  }
}
