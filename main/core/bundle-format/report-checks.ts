import type { CheckStatus, FileProblem, SignerIdentity, VerificationCheck, VerificationCheckId } from '../../model/bundle'
import { verificationCheckIds } from '../../model/bundle'
import { rolesOf, type TrustAnchors } from './trust-anchors'
import { signerName } from './verdict'

const titles: Record<VerificationCheckId, string> = {
  container: 'The container is safe to read',
  layout: 'Every file can be covered by a signature',
  'signature-format': 'The signature has the standard form',
  signature: 'The signature fits the signed list',
  certificate: "The signer's certificates hold",
  files: 'Every file is as it was signed',
  root: 'The root digest fits the signed list',
  evidence: 'The evidence is about the model, and what the gate judged',
  attestations: 'Every attestation holds and belongs to this bundle',
  trust: 'The signer is somebody you trust'
}

/** Collects the outcome of each check; a check that was never reached is reported as skipped. */
export function createChecks() {
  const outcomes = new Map<VerificationCheckId, VerificationCheck>()
  return {
    set(id: VerificationCheckId, status: CheckStatus, detail: string, files: FileProblem[] = []): void {
      outcomes.set(id, { id, title: titles[id], status, detail, files })
    },
    list: (): VerificationCheck[] =>
      verificationCheckIds.map(
        (id) =>
          outcomes.get(id) ?? {
            id,
            title: titles[id],
            status: 'skipped',
            detail: 'Not looked at, because an earlier check does not hold.',
            files: []
          }
      )
  }
}
export type Checks = ReturnType<typeof createChecks>

/** Lists names for a sentence, the first few in full. */
export function nameFiles(files: readonly FileProblem[]): string {
  const words = { missing: 'is missing', added: 'was added', changed: 'was changed', refused: 'was refused', 'set-aside': 'is set aside' }
  const shown = files.slice(0, 5).map((file) => `${file.name} ${words[file.problem]}`)
  const rest = files.length - shown.length
  return `${shown.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}.`
}

/** Judges whether the author is one whom the reader trusts as an author. */
export function judgeTrust(checks: Checks, signer: SignerIdentity, anchors: TrustAnchors): void {
  const words = {
    'public-key': 'the public key you gave',
    fingerprint: 'the fingerprint you gave',
    'root-certificate': 'the root certificate you gave',
    person: 'the people you gave',
    none: ''
  }
  const contradictions = [
    anchors.keyFingerprint !== null &&
      anchors.keyFingerprint !== signer.keyFingerprint &&
      `the key you gave has the fingerprint ${anchors.keyFingerprint}`,
    anchors.expected !== null && anchors.expected !== signer.keyFingerprint && `you expected the fingerprint ${anchors.expected}`
  ].filter((text) => text !== false)
  if (contradictions.length)
    checks.set('trust', 'fail', `The bundle was signed by the key ${signer.keyFingerprint}, but ${contradictions.join(' and ')}.`)
  else if (rolesOf(signer, anchors).has('author'))
    checks.set(
      'trust',
      'pass',
      `The signer is ${signerName(signer)}, known by ${words[signer.anchoredBy]}.${anyCertificate(signer, anchors)}`
    )
  else if (!anchors.given)
    checks.set(
      'trust',
      'warn',
      `Nobody vouches for ${signerName(signer)}. Compare the fingerprint with the signer, or give a public key, a root certificate or a trust document.`
    )
  else if (signer.anchoredBy === 'person')
    checks.set('trust', 'fail', `The bundle was signed by ${signerName(signer)}, whom you trust, but not as an author.`)
  else if (anchors.people.size > 0)
    checks.set('trust', 'fail', `The bundle was signed by ${signerName(signer)}, who is not among the authors you trust.`)
  else if (signer.kind === 'key')
    checks.set(
      'trust',
      'fail',
      'The bundle was signed with a bare key, for which a root certificate cannot vouch. Give the public key of the signer.'
    )
  else if (signer.isUnderRoot)
    checks.set(
      'trust',
      'fail',
      `The certificate of ${signerName(signer)} is under the root certificate you gave, but it says none of: ${(anchors.identities ?? []).map((name) => `"${name}"`).join(', ')}.`
    )
  else checks.set('trust', 'fail', `The certificates of ${signerName(signer)} do not lead to the root certificate you gave.`)
}

/** A root alone vouches for everybody to whom it gave a certificate. */
function anyCertificate({ anchoredBy }: SignerIdentity, { identities = [] }: TrustAnchors): string {
  if (anchoredBy !== 'root-certificate' || identities.length > 0) return ''
  return ' You asked for no identity (--identity), so any certificate of this CA would do.'
}
