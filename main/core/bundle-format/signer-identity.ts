import type { KeyObject } from 'node:crypto'
import type { SignerIdentity } from '../../model/bundle'
import type { Certificate } from './certificate'
import { readCertificate, readCertificatesPem } from './certificate'
import { judgeChain } from './certificate-chain'
import { exportPublicKey, fingerprintOf, loadPublicKey, signingParameters } from './signing-key'

/** What the reader trusts; all fields absent means nobody. */
export interface BundleTrust {
  publicKeyPem?: string
  /** One or several trusted roots, PEM. */
  rootCertificatePem?: string
  /** SHA-256 (hex) over the signer's public PEM text, for instance read out over the telephone. */
  expectedKeyFingerprint?: string
  /** The moment at which certificates must be valid; now unless told. */
  at?: Date
}

/** The reader's trust, parsed. */
export interface TrustAnchors {
  given: boolean
  key: KeyObject | null
  keyFingerprint: string | null
  roots: Certificate[]
  expected: string | null
  at: Date
}

/** Parses the trust first, so that a wrong file of the reader is not taken for a fault of the bundle. @throws WorkbenchError INVALID_INPUT */
export function readTrust(trust: BundleTrust = {}): TrustAnchors {
  const key = trust.publicKeyPem === undefined ? null : loadPublicKey(trust.publicKeyPem)
  const roots = trust.rootCertificatePem === undefined ? [] : readCertificatesPem(trust.rootCertificatePem)
  const expected = trust.expectedKeyFingerprint?.toLowerCase() ?? null
  return {
    given: key !== null || roots.length > 0 || expected !== null,
    key,
    keyFingerprint: key && fingerprintOf(key),
    roots,
    expected,
    at: trust.at ?? new Date()
  }
}

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
      anchoredBy: anchorOfKey(keyFingerprint, anchors)
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
      anchoredBy: root && problems.length === 0 ? 'root-certificate' : anchorOfKey(keyFingerprint, anchors)
    }
  }
}

function anchorOfKey(fingerprint: string, anchors: TrustAnchors): SignerIdentity['anchoredBy'] {
  if (fingerprint === anchors.keyFingerprint) return 'public-key'
  return fingerprint === anchors.expected ? 'fingerprint' : 'none'
}

function curveOf(key: KeyObject): SignerIdentity['curve'] {
  try {
    return signingParameters(key).curve
  } catch {
    return null
  }
}
