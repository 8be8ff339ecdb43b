import type { FileProblem, VerificationReport } from '../../../main/model/bundle'
import type { Status, TrustState } from '../../ui'

export interface VerdictWords {
  status: Status
  word: string
  trust: TrustState
}

/** Word, colour role and trust state of a verdict. A bundle without a signature is unsigned, a file that is no bundle unreadable, not changed. */
export function describeVerdict(report: VerificationReport): VerdictWords {
  if (report.verdict === 'verified') return { status: 'ok', word: 'Verified', trust: 'signed' }
  if (report.verdict === 'untrusted') return { status: 'warn', word: 'Untrusted signer', trust: 'unverifiable' }
  const format = report.checks.find((check) => check.id === 'signature-format')
  const unsigned = format?.files.some((file) => file.problem === 'missing') ?? false
  const unreadable = report.checks.some((check) => check.id === 'container' && check.status === 'fail' && check.files.length === 0)
  return { status: 'error', word: 'Failed', trust: unreadable ? 'unverifiable' : unsigned ? 'unsigned' : 'changed' }
}

export const problemWords: Record<FileProblem['problem'], string> = {
  changed: 'Changed',
  added: 'Added',
  missing: 'Missing',
  refused: 'Refused'
}

/** Every file that some check names, once, changed ones first. */
export function collectFileProblems(report: VerificationReport): FileProblem[] {
  const order = ['changed', 'missing', 'added', 'refused']
  const found = new Map<string, FileProblem>()
  for (const check of report.checks) for (const file of check.files) if (!found.has(file.name)) found.set(file.name, file)
  return [...found.values()].sort((a, b) => order.indexOf(a.problem) - order.indexOf(b.problem) || a.name.localeCompare(b.name))
}
