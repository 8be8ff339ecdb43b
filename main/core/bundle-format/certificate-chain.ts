import type { Certificate } from './certificate'
import { signingParameters } from './signing-key'

const codeSigning = '1.3.6.1.5.5.7.3.3'
const anyUsage = '2.5.29.37.0'
const digitalSignature = 0
const signsCertificates = 5

/** Signature algorithms without SHA-1 and MD5: RSA and ECDSA with SHA-2, RSA-PSS, Ed25519. */
const strongSignatures = new Set([
  '1.2.840.113549.1.1.10 2.16.840.1.101.3.4.2.1',
  '1.2.840.113549.1.1.10 2.16.840.1.101.3.4.2.2',
  '1.2.840.113549.1.1.10 2.16.840.1.101.3.4.2.3',
  '1.2.840.113549.1.1.11',
  '1.2.840.113549.1.1.12',
  '1.2.840.113549.1.1.13',
  '1.2.840.10045.4.3.2',
  '1.2.840.10045.4.3.3',
  '1.2.840.10045.4.3.4',
  '1.3.101.112'
])

export interface ChainJudgement {
  /** What does not hold in the chain itself, whoever is trusted. */
  problems: string[]
  /** The trusted root that the chain reaches; null when there is none. */
  root: Certificate | null
}

/**
 * Judges a code-signing chain at a moment (RFC 5280, section 6, without revocation, which needs a network or a fresh list).
 * @param chain leaf first, each certificate issued by the next; a trusted root at its end is allowed
 */
export function judgeChain(chain: readonly Certificate[], roots: readonly Certificate[], at: Date): ChainJudgement {
  const [leaf] = chain
  if (!leaf) return { problems: ['the chain is empty'], root: null }
  const problems = judgeLeaf(leaf)
  for (const certificate of chain) problems.push(...judgeValidity(certificate, at))
  for (let index = 1; index < chain.length; index++) {
    const issuer = chain[index]
    const subject = chain[index - 1]
    if (!issuer || !subject) continue
    problems.push(...judgeIssuer(issuer, index - 1))
    if (!isIssuedBy(subject, issuer)) problems.push(`${title(subject)} was not issued by ${title(issuer)}, which follows it in the chain`)
  }
  const last = chain[chain.length - 1] ?? leaf
  const root =
    roots.find((candidate) => candidate.x509.raw.equals(last.x509.raw)) ?? roots.find((candidate) => isIssuedBy(last, candidate)) ?? null
  if (root && !root.x509.raw.equals(last.x509.raw)) {
    problems.push(...judgeValidity(root, at), ...judgeIssuer(root, chain.length - 1))
  } else if (root && chain.length === 1) problems.push(...judgeIssuer(root, 0))
  return { problems, root }
}

function judgeLeaf(leaf: Certificate): string[] {
  const problems: string[] = []
  try {
    signingParameters(leaf.x509.publicKey)
  } catch {
    problems.push(`${title(leaf)} has a key that is not ECDSA on P-256, P-384 or P-521`)
  }
  if (!leaf.keyUsage?.has(digitalSignature)) problems.push(`${title(leaf)} is not for digital signatures (key usage)`)
  if (!leaf.extendedKeyUsage?.includes(codeSigning)) problems.push(`${title(leaf)} is not for code signing (extended key usage)`)
  return problems
}

function judgeValidity(certificate: Certificate, at: Date): string[] {
  const problems: string[] = []
  if (at < certificate.validFrom) problems.push(`${title(certificate)} is valid only from ${certificate.facts.validFrom}`)
  if (at > certificate.validTo) problems.push(`${title(certificate)} expired at ${certificate.facts.validTo}`)
  if (certificate.unknownCritical.length)
    problems.push(`${title(certificate)} has a critical extension that is not understood (${certificate.unknownCritical.join(', ')})`)
  return problems
}

/** @param below how many authorities stand between this one and the leaf */
function judgeIssuer(issuer: Certificate, below: number): string[] {
  const problems: string[] = []
  if (!issuer.isAuthority) problems.push(`${title(issuer)} is not a certificate authority (basic constraints)`)
  if (issuer.keyUsage && !issuer.keyUsage.has(signsCertificates)) problems.push(`${title(issuer)} may not sign certificates (key usage)`)
  if (issuer.pathLength !== null && below > issuer.pathLength)
    problems.push(`${title(issuer)} allows only ${issuer.pathLength} authorities below it`)
  const usage = issuer.extendedKeyUsage
  if (usage && !usage.includes(codeSigning) && !usage.includes(anyUsage))
    problems.push(`${title(issuer)} may not issue code-signing certificates`)
  const key = issuer.x509.publicKey
  if (key.asymmetricKeyType?.startsWith('rsa') && (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048)
    problems.push(`${title(issuer)} has an RSA key under 2048 bits`)
  return problems
}

function isIssuedBy(subject: Certificate, issuer: Certificate): boolean {
  if (!subject.issuerDer.equals(issuer.subjectDer) || !strongSignatures.has(subject.signatureAlgorithm)) return false
  try {
    return subject.x509.verify(issuer.x509.publicKey)
  } catch {
    return false
  }
}

function title(certificate: Certificate): string {
  return `the certificate "${certificate.facts.subject}"`
}
