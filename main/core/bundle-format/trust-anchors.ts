import type { KeyObject } from 'node:crypto'
import type { SignatureMeaning, SignerIdentity, TrustRole } from '../../model/bundle'
import type { Sha256 } from '../../model/reference'
import type { Certificate } from './certificate'
import { readCertificatesPem } from './certificate'
import { readRevocationLists, type RevocationList } from './revocation'
import { fingerprintOf, loadPublicKey } from './signing-key'
import type { TrustDocument } from './trust-document'
import { readPersonKey } from './trust-document'

/** What the reader trusts; all fields absent means nobody. */
export interface BundleTrust {
  /** The author's. */
  publicKeyPem?: string
  /** One or several trusted roots, PEM; every certificate under them is trusted, of authors and of reviewers. */
  rootCertificatePem?: string
  /** SHA-256 (hex) over the author's public PEM text, for instance read out over the telephone. */
  expectedKeyFingerprint?: string
  /** Public keys or certificates (PEM) of reviewers, each of another person; what they decide counts, and they author nothing. */
  reviewerPems?: readonly string[]
  /** People with their roles, and roots. */
  document?: TrustDocument
  /** Whose private half the reader has: the reader is no stranger, and reviews nothing independently. */
  own?: readonly OwnKey[]
  /** Whose certificates count: a subject, an organisation, or an alternative name; those of everybody under the roots unless told. */
  identities?: readonly string[]
  /** One or several roots of time-stamping authorities, PEM. */
  tsaRootPem?: string
  /** Files of revoked certificates, PEM or DER. */
  revocationLists?: readonly Buffer[]
  /** The moment at which certificates must be valid; now unless told. */
  at?: Date
}

/** A key of the reader, under the name that they gave it. */
export interface OwnKey {
  name: string
  fingerprint: Sha256
}

/** A person whom the reader named, or a reviewer's key that stands for one. */
export interface TrustedPerson {
  /** Null for a key that was given without a name. */
  name: string | null
  roles: ReadonlySet<TrustRole>
}

/** The reader's trust, parsed. */
export interface TrustAnchors {
  /** Something was given that could vouch for an author. */
  given: boolean
  key: KeyObject | null
  keyFingerprint: Sha256 | null
  roots: Certificate[]
  expected: string | null
  /** By the fingerprint of each key. */
  people: ReadonlyMap<string, TrustedPerson>
  /** Names of the reader's own keys by their fingerprints. */
  own?: ReadonlyMap<string, string>
  /** The trust says who has which role, so that who is not in it has none. */
  namesPeople: boolean
  /** Whose certificates count under a root; empty for everybody's. */
  identities?: readonly string[]
  /** Roots of time-stamping authorities. */
  tsaRoots?: readonly Certificate[]
  lists?: readonly RevocationList[]
  at: Date
}

const everyRole: ReadonlySet<TrustRole> = new Set(['author', 'reviewer', 'approver', 'operator'])
const authorOnly: ReadonlySet<TrustRole> = new Set(['author'])
const nobody: ReadonlySet<TrustRole> = new Set()

/** Parses the trust, so that a wrong file of the reader is not taken for a fault of the bundle. @throws WorkbenchError INVALID_INPUT */
export function readTrust(trust: BundleTrust = {}): TrustAnchors {
  const key = trust.publicKeyPem === undefined ? null : loadPublicKey(trust.publicKeyPem)
  const roots = [
    ...(trust.rootCertificatePem === undefined ? [] : readCertificatesPem(trust.rootCertificatePem)),
    ...(trust.document?.roots ?? [])
  ]
  const expected = trust.expectedKeyFingerprint?.toLowerCase() ?? null
  const people = new Map<string, TrustedPerson>()
  for (const { name, roles, keys } of trust.document?.people ?? []) {
    const person = { name, roles: new Set(roles) }
    for (const fingerprint of keys) people.set(fingerprint, person)
  }
  for (const pem of trust.reviewerPems ?? []) {
    const fingerprint = fingerprintOf(readPersonKey(pem))
    const known = people.get(fingerprint)
    people.set(fingerprint, { name: known?.name ?? null, roles: new Set([...(known?.roles ?? []), 'reviewer', 'approver']) })
  }
  const authors = trust.document?.people.some(({ roles }) => roles.includes('author')) ?? false
  return {
    given: key !== null || roots.length > 0 || expected !== null || authors,
    key,
    keyFingerprint: key && fingerprintOf(key),
    roots,
    expected,
    people,
    own: new Map(trust.own?.map(({ name, fingerprint }) => [fingerprint, name])),
    namesPeople: (trust.document?.people.length ?? 0) > 0,
    identities: trust.identities ?? [],
    tsaRoots: trust.tsaRootPem === undefined ? [] : readCertificatesPem(trust.tsaRootPem),
    lists: trust.revocationLists?.flatMap(readRevocationLists) ?? [],
    at: trust.at ?? new Date()
  }
}

/** What the signer may do by the reader's trust; empty for a stranger. Whom the reader named has the roles that stand there, also under a root. */
export function rolesOf(signer: SignerIdentity, anchors: TrustAnchors): ReadonlySet<TrustRole> {
  const isGivenKey = signer.keyFingerprint === anchors.keyFingerprint || signer.keyFingerprint === anchors.expected
  const named = anchors.people.get(signer.keyFingerprint)?.roles
  if (named) return isGivenKey ? new Set([...named, 'author']) : named
  if (signer.anchoredBy === 'root-certificate') return everyRole
  return isGivenKey ? authorOnly : nobody
}

/** Which role lets somebody sign as what; nobody approves as an author. */
export const rolesFor: Record<SignatureMeaning, readonly TrustRole[]> = {
  author: [],
  reviewer: ['reviewer', 'approver'],
  approver: ['approver'],
  release: ['approver']
}

/** Two signatures with one answer are of one person, as far as the reader's trust can tell. */
export function personOf(signer: SignerIdentity): string {
  if (signer.knownAs !== null) return `person ${signer.knownAs}`
  return `key ${signer.keyFingerprint}`
}
