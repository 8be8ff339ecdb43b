import type { Certificate } from './certificate'
import type { RevocationList } from './revocation'
import { stateOf } from './revocation'
import { signingParameters } from './signing-key'

const codeSigning = '1.3.6.1.5.5.7.3.3'
export const timeStamping = '1.3.6.1.5.5.7.3.8'
const anyUsage = '2.5.29.37.0'
const digitalSignature = 0
const nonRepudiation = 1
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
  /** Why the lists that were given do not say whether the leaf is revoked; null when they do, or none was given. */
  unsure: string | null
}

export interface ChainQuestion {
  /** What the leaf is for; signing code unless told. */
  purpose?: typeof codeSigning | typeof timeStamping
  /** Lists of revoked certificates. */
  lists?: readonly RevocationList[]
  /** When the lists must be the latest ones; the judged moment unless told. */
  listsAt?: Date
}

/**
 * Judges a chain at a moment (RFC 5280, section 6). Revocation is judged by the lists that were given, and by nothing else.
 * @param chain leaf first, each certificate issued by the next; a trusted root at its end is allowed
 */
export function judgeChain(
  chain: readonly Certificate[],
  roots: readonly Certificate[],
  at: Date,
  question: ChainQuestion = {}
): ChainJudgement {
  const [leaf] = chain
  if (!leaf) return { problems: ['the chain is empty'], root: null, unsure: null }
  const { purpose = codeSigning, lists = [], listsAt = at } = question
  const problems = purpose === codeSigning ? judgeLeaf(leaf) : judgeStamper(leaf)
  for (const certificate of chain) problems.push(...judgeValidity(certificate, at))
  for (let index = 1; index < chain.length; index++) {
    const issuer = chain[index]
    const subject = chain[index - 1]
    if (!issuer || !subject) continue
    problems.push(...judgeIssuer(issuer, index - 1, purpose))
    if (!isIssuedBy(subject, issuer)) problems.push(`${title(subject)} was not issued by ${title(issuer)}, which follows it in the chain`)
  }
  const last = chain[chain.length - 1] ?? leaf
  const root =
    roots.find((candidate) => candidate.x509.raw.equals(last.x509.raw)) ?? roots.find((candidate) => isIssuedBy(last, candidate)) ?? null
  if (root && !root.x509.raw.equals(last.x509.raw)) {
    problems.push(...judgeValidity(root, at), ...judgeIssuer(root, chain.length - 1, purpose))
  } else if (root && chain.length === 1) problems.push(...judgeIssuer(root, 0, purpose))
  const whole = root && !root.x509.raw.equals(last.x509.raw) ? [...chain, root] : chain
  const revocation = judgeRevocation(whole, lists, at, listsAt)
  return { problems: [...problems, ...revocation.problems], root, unsure: root && revocation.unsure }
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

/** RFC 3161, section 2.3: a certificate for time stamps is for nothing else and says so in a way that cannot be passed over. */
function judgeStamper(leaf: Certificate): string[] {
  const isFor = leaf.isUsageCritical && leaf.extendedKeyUsage?.length === 1 && leaf.extendedKeyUsage[0] === timeStamping
  const problems = isFor ? [] : [`${title(leaf)} is not for time stamps alone (extended key usage)`]
  if (leaf.keyUsage && !leaf.keyUsage.has(digitalSignature) && !leaf.keyUsage.has(nonRepudiation))
    problems.push(`${title(leaf)} is not for digital signatures (key usage)`)
  return problems
}

/**
 * @param chain whole, up to the root, which nobody but its owner can revoke
 * @param at a certificate that was revoked later was good then
 */
function judgeRevocation(
  chain: readonly Certificate[],
  lists: readonly RevocationList[],
  at: Date,
  listsAt: Date
): Pick<ChainJudgement, 'problems' | 'unsure'> {
  const problems: string[] = []
  let unsure: string | null = null
  for (const [index, certificate] of lists.length > 0 ? chain.entries() : []) {
    const issuer = chain[index + 1]
    if (!issuer) {
      if (index === 0) unsure = `no list that you gave is by the issuer of ${title(certificate)}`
      continue
    }
    const state = stateOf(certificate, issuer, lists, listsAt)
    if (state.kind === 'revoked' && state.since <= at) problems.push(`${title(certificate)} was revoked at ${state.since.toISOString()}`)
    if (index > 0) continue
    if (state.kind === 'unknown') unsure = `no list that you gave is by the issuer of ${title(certificate)}`
    if (state.kind === 'stale')
      unsure = `the list of the issuer of ${title(certificate)} was to be replaced at ${state.nextUpdate.toISOString()}`
  }
  return { problems, unsure }
}

/** Orders what a signature encloses into a chain from its signer up to where it leads, a trusted root if it can. */
export function buildChain(leaf: Certificate, enclosed: readonly Certificate[], roots: readonly Certificate[]): Certificate[] {
  const chain = [leaf]
  for (let last = leaf; chain.length < 10 && !roots.some((root) => isIssuedBy(last, root)); last = chain[chain.length - 1] ?? leaf) {
    const next = enclosed.find((candidate) => !chain.includes(candidate) && isIssuedBy(last, candidate))
    if (!next) break
    chain.push(next)
  }
  return chain
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
function judgeIssuer(issuer: Certificate, below: number, purpose: string): string[] {
  const problems: string[] = []
  if (!issuer.isAuthority) problems.push(`${title(issuer)} is not a certificate authority (basic constraints)`)
  if (issuer.keyUsage && !issuer.keyUsage.has(signsCertificates)) problems.push(`${title(issuer)} may not sign certificates (key usage)`)
  if (issuer.pathLength !== null && below > issuer.pathLength)
    problems.push(`${title(issuer)} allows only ${issuer.pathLength} authorities below it`)
  const usage = issuer.extendedKeyUsage
  if (usage && !usage.includes(purpose) && !usage.includes(anyUsage))
    problems.push(`${title(issuer)} may not issue ${purpose === codeSigning ? 'code-signing' : 'time-stamping'} certificates`)
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
