import type { KeyObject } from 'node:crypto'
import type { SignerIdentity } from '../../model/bundle'
import { readCertificate } from './certificate'
import { judgeChain } from './certificate-chain'
import { exportPublicKey, fingerprintOf, signingParameters } from './signing-key'
import type { TrustAnchors } from './trust-anchors'

/** A signer whose key is known, and what is wrong with the certificates, if there are any. */
export interface KnownSigner {
  key: KeyObject
  identity: SignerIdentity
  problems: string[]
}

/** The identity of a bare key. */
export function describeKey(key: KeyObject, anchors: TrustAnchors): KnownSigner {
  const keyFingerprint = fingerprintOf(key)
  return {
    key,
    problems: [],
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
 * The identity of a certificate chain (base64 DER, leaf first).
 * @throws WorkbenchError INVALID_INPUT when a certificate cannot be read
 */
export function describeChain(encoded: readonly string[], anchors: TrustAnchors): KnownSigner {
  const chain = encoded.map((text) => readCertificate(Buffer.from(text, 'base64')))
  const [leaf] = chain
  if (!leaf) throw new TypeError('a chain has at least one certificate')
  const { problems, root } = judgeChain(chain, anchors.roots, anchors.at)
  const key = leaf.x509.publicKey
  const keyFingerprint = fingerprintOf(key)
  return {
    key,
    problems,
    identity: {
      kind: 'certificate',
      keyFingerprint,
      curve: curveOf(key),
      publicKeyPem: exportPublicKey(key),
      certificate: leaf.facts,
      chain: chain.map((certificate) => certificate.facts),
      ...anchorOfChain(keyFingerprint, root && problems.length === 0 ? leaf.facts.subject : null, anchors)
    }
  }
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
