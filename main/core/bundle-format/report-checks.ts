import type {
  Attestation,
  CheckStatus,
  FileProblem,
  SignerIdentity,
  Verdict,
  VerificationCheck,
  VerificationCheckId
} from '../../model/bundle'
import { verificationCheckIds } from '../../model/bundle'
import type { TrustAnchors } from './signer-identity'

const titles: Record<VerificationCheckId, string> = {
  container: 'The container is safe to read',
  layout: 'Every file can be covered by a signature',
  'signature-format': 'The signature has the standard form',
  signature: 'The signature fits the signed list',
  certificate: "The signer's certificates hold",
  files: 'Every file is as it was signed',
  root: 'The root digest fits the signed list',
  evidence: 'The evidence is what the gate judged',
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

/** A bare key has no certificate, and not every bundle says what its gate judged. */
const mayBeAbsent: ReadonlySet<VerificationCheckId> = new Set(['certificate', 'evidence'])

/** The verdict over all checks: only the check of trust may fail without the bundle itself being at fault. */
export function deriveVerdict(checks: readonly VerificationCheck[]): Verdict {
  const required = checks.filter((check) => check.id !== 'trust' && !(mayBeAbsent.has(check.id) && check.status === 'skipped'))
  if (required.some((check) => check.status !== 'pass')) return 'failed'
  return checks.some((check) => check.id === 'trust' && check.status === 'pass') ? 'verified' : 'untrusted'
}

/** One sentence that says what the verdict rests on. */
export function summarize(verdict: Verdict, checks: readonly VerificationCheck[], signer: SignerIdentity | null): string {
  if (verdict === 'verified') return `Every file is as ${signerName(signer)} signed it, and you trust this signer.`
  if (verdict === 'untrusted')
    return `Every file is as ${signerName(signer)} signed it, but nothing you gave says that this signer is the right one.`
  const failed = checks.find((check) => check.status === 'fail' && check.id !== 'trust') ?? checks.find((check) => check.status !== 'pass')
  return `Do not use this bundle. ${failed?.detail ?? ''}`.trim()
}

/**
 * Says in one sentence who decided. Each key counts once however often it signed, one that approves and rejects counts as rejecting, and the
 * author does not count: otherwise one person could look like many.
 */
export function describeDecisions(attestations: readonly Attestation[]): string {
  const decided = new Map<string, { rejects: boolean; trusted: boolean }>()
  for (const { valid, decision, signer, signedByAuthor } of attestations) {
    if (!valid || decision === null || !signer || signedByAuthor) continue
    const before = decided.get(signer.keyFingerprint)
    decided.set(signer.keyFingerprint, {
      rejects: decision === 'reject' || before?.rejects === true,
      trusted: signer.anchoredBy !== 'none' || before?.trusted === true
    })
  }
  const all = [...decided.values()]
  const rejecting = all.filter((key) => key.rejects).length
  const held =
    attestations.length === 0
      ? 'There is no attestation yet.'
      : attestations.length === 1
        ? '1 attestation holds and belongs to this bundle.'
        : `${attestations.length} attestations hold and belong to this bundle.`
  if (all.length === 0) return attestations.some((item) => item.decision) ? `${held} Nobody but the author decided.` : held
  const trusted = all.filter((key) => key.trusted).length
  return `${held} Besides the author, ${plural(all.length - rejecting, 'key approves', 'keys approve')} and ${plural(rejecting, 'key rejects', 'keys reject')}; ${trusted === 0 ? 'none' : trusted} of them ${trusted > 1 ? 'are' : 'is'} among those you trust.`
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}

/** Lists names for a sentence, the first few in full. */
export function nameFiles(files: readonly FileProblem[]): string {
  const words = { missing: 'is missing', added: 'was added', changed: 'was changed', refused: 'was refused' }
  const shown = files.slice(0, 5).map((file) => `${file.name} ${words[file.problem]}`)
  const rest = files.length - shown.length
  return `${shown.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}.`
}

/** Judges whether the signer is anchored in what the reader gave. */
export function judgeTrust(checks: Checks, signer: SignerIdentity, anchors: TrustAnchors): void {
  const words = {
    'public-key': 'the public key you gave',
    fingerprint: 'the fingerprint you gave',
    'root-certificate': 'the root certificate you gave'
  }
  const contradictions = [
    anchors.keyFingerprint !== null &&
      anchors.keyFingerprint !== signer.keyFingerprint &&
      `the key you gave has the fingerprint ${anchors.keyFingerprint}`,
    anchors.expected !== null && anchors.expected !== signer.keyFingerprint && `you expected the fingerprint ${anchors.expected}`
  ].filter((text) => text !== false)
  if (contradictions.length)
    checks.set('trust', 'fail', `The bundle was signed by the key ${signer.keyFingerprint}, but ${contradictions.join(' and ')}.`)
  else if (signer.anchoredBy !== 'none')
    checks.set('trust', 'pass', `The signer is ${signerName(signer)}, known by ${words[signer.anchoredBy]}.`)
  else if (!anchors.given)
    checks.set(
      'trust',
      'warn',
      `Nobody vouches for ${signerName(signer)}. Compare the fingerprint with the signer, or give a public key or a root certificate.`
    )
  else if (signer.kind === 'key')
    checks.set(
      'trust',
      'fail',
      'The bundle was signed with a bare key, for which a root certificate cannot vouch. Give the public key of the signer.'
    )
  else checks.set('trust', 'fail', `The certificates of ${signerName(signer)} do not lead to the root certificate you gave.`)
}

function signerName(signer: SignerIdentity | null): string {
  if (!signer) return 'the signer'
  return signer.certificate ? `"${signer.certificate.subject}"` : `the key ${signer.keyFingerprint.slice(0, 16)}`
}
