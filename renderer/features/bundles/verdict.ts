import type { Attestation, FileProblem, VerificationReport } from '../../../main/model/bundle'
import type { TrustState } from '../../evidence'
import type { Status } from '../../ui'

export interface VerdictWords {
  status: Status
  word: string
  trust: TrustState
}

/**
 * Word, colour role and trust state of a verdict. Only a bundle whose bytes differ from what was signed is called changed: one without a
 * signature is unsigned; one that cannot be read, has a newer format or whose certificates do not hold cannot be verified.
 */
export function describeVerdict(report: VerificationReport): VerdictWords {
  if (report.verdict === 'verified') return { status: 'ok', word: 'Verified', trust: 'signed' }
  if (report.verdict === 'untrusted') return { status: 'warn', word: 'Untrusted signer', trust: 'unverifiable' }
  const format = report.checks.find((check) => check.id === 'signature-format')
  if (format?.files.some((file) => file.problem === 'missing'))
    return { status: 'error', word: 'Failed: nobody signed this', trust: 'unsigned' }
  if (collectFileProblems(report).length > 0) return { status: 'error', word: 'Failed: not what was signed', trust: 'changed' }
  return { status: 'error', word: 'Failed: cannot be verified', trust: 'unverifiable' }
}

export const problemWords: Record<FileProblem['problem'], string> = {
  changed: 'Changed',
  added: 'Added',
  missing: 'Missing',
  refused: 'Refused'
}

/** Every file that differs from what was signed, once, changed ones first. A certificate that does not hold alters no file. */
export function collectFileProblems(report: VerificationReport): FileProblem[] {
  const order = ['changed', 'missing', 'added', 'refused']
  const found = new Map<string, FileProblem>()
  for (const check of report.checks)
    if (check.id !== 'certificate') for (const file of check.files) if (!found.has(file.name)) found.set(file.name, file)
  return [...found.values()].sort((a, b) => order.indexOf(a.problem) - order.indexOf(b.problem) || a.name.localeCompare(b.name))
}

/** Who approved and who rejected, as one line each; only decisions whose signature holds count. */
export function decisionLines(attestations: readonly Attestation[]): { decision: 'approve' | 'reject'; text: string }[] {
  const named = (decision: 'approve' | 'reject') =>
    attestations
      .filter((each) => each.valid && each.decision === decision)
      .map((each) => `${each.name ?? 'somebody without a name'}${each.signedByAuthor ? ', the author' : ''}`)
  const line = (decision: 'approve' | 'reject', word: string) => {
    const names = named(decision)
    return names.length ? [{ decision, text: `${word} by ${names.join('; ')}` }] : []
  }
  return [...line('reject', 'Rejected'), ...line('approve', 'Approved')]
}
