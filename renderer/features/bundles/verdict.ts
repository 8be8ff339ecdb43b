import { verdictWord, type DecisionCount, type FileProblem, type VerificationReport } from '../../../main/model/bundle'
import type { TrustState } from '../../evidence'
import type { Status } from '../../ui'

export interface VerdictWords {
  status: Status
  word: string
  trust: TrustState
}

/**
 * Word, colour role and trust state of a verdict. Only a bundle whose bytes differ from what was signed is called changed: one without a
 * signature is unsigned; one that cannot be read or whose certificates do not hold cannot be verified.
 */
export function describeVerdict(report: VerificationReport): VerdictWords {
  const isTrusted = isAuthorTrusted(report)
  const trust = isTrusted ? 'signed' : 'unverifiable'
  switch (report.verdict) {
    case 'holds':
      return { status: 'ok', word: 'Holds', trust }
    case 'rejected':
      return { status: 'error', word: 'Rejected', trust }
    case 'insufficient':
      return { status: 'warn', word: isTrusted ? 'Insufficient: not all that was asked' : 'Insufficient: untrusted signer', trust }
    case 'altered':
      return describeFailure(report)
  }
}

/** What the reader gave vouches for the author. */
export const isAuthorTrusted = ({ checks }: Pick<VerificationReport, 'checks'>): boolean =>
  checks.some(({ id, status }) => id === 'trust' && status === 'pass')

function describeFailure(report: VerificationReport): VerdictWords {
  const format = report.checks.find((check) => check.id === 'signature-format')
  const isUnsigned = format?.files.some((file) => file.problem === 'missing')
  if (isUnsigned) return { status: 'error', word: 'Not authentic: nobody signed this', trust: 'unsigned' }
  const ofCertificate = report.checks.some(({ id, status }) => id === 'certificate' && status === 'fail')
  const words = ofCertificate ? 'cannot be verified' : 'another signer than you trust'
  if (verdictWord(report) === 'not authentic') return { status: 'error', word: `Not authentic: ${words}`, trust: 'unverifiable' }
  if (collectFileProblems(report).length > 0) return { status: 'error', word: 'Altered: not what was signed', trust: 'changed' }
  return { status: 'error', word: 'Altered: cannot be verified', trust: 'unverifiable' }
}

export const problemWords: Record<FileProblem['problem'], string> = {
  changed: 'Changed',
  added: 'Added',
  missing: 'Missing',
  refused: 'Refused',
  'set-aside': 'Set aside'
}

/** Every file that differs from what was signed, once, changed ones first. Neither a certificate nor what lies among the attestations alters a file. */
export function collectFileProblems(report: VerificationReport): FileProblem[] {
  const order = ['changed', 'missing', 'added', 'refused']
  const found = new Map<string, FileProblem>()
  for (const check of report.checks)
    if (check.id !== 'certificate' && check.id !== 'attestations')
      for (const file of check.files) if (!found.has(file.name)) found.set(file.name, file)
  return [...found.values()].sort((a, b) => order.indexOf(a.problem) - order.indexOf(b.problem) || a.name.localeCompare(b.name))
}

export interface DecisionLine {
  decision: 'approve' | 'reject'
  text: string
  /** Nobody whom the reader trusts vouches for the names: they stand apart and in no headline. */
  unknown: boolean
}

/** Who approved and who rejected, as one line each: only whom the reader trusts, and apart from them what strangers say. */
export function decisionLines({
  approvedBy,
  rejectedBy,
  unknown,
  own = []
}: Pick<DecisionCount, 'approvedBy' | 'rejectedBy' | 'unknown' | 'own'>): DecisionLine[] {
  const line = (decision: DecisionLine['decision'], word: string, names: readonly string[], isUnknown: boolean): DecisionLine[] =>
    names.length > 0 ? [{ decision, text: `${word} ${listed(names)}`, unknown: isUnknown }] : []
  const says = (decision: DecisionLine['decision']) => unknown.filter((each) => each.decision === decision).map(({ name }) => `"${name}"`)
  return [
    ...line('reject', 'Rejected by', rejectedBy, false),
    ...line('approve', 'Approved by', approvedBy, false),
    ...ownApprovals(own, rejectedBy),
    ...line('reject', 'An unknown signer says: rejected, under the name', says('reject'), true),
    ...line('approve', 'An unknown signer says: approved, under the name', says('approve'), true)
  ]
}

/** The reader's rejections are among those that count; approvals stand apart, because nobody reviews for themselves. */
const ownApprovals = (own: NonNullable<DecisionCount['own']>, rejectedBy: readonly string[]): DecisionLine[] => {
  const approving = own.filter(({ decision, name }) => decision === 'approve' && !rejectedBy.includes(`you (${name})`))
  const names = [...new Set(approving.map(({ name }) => name))]
  if (names.length === 0) return []
  return [{ decision: 'approve', text: `Approved by you (${listed(names)}), which is no independent review`, unknown: true }]
}

const listed = (names: readonly string[]): string =>
  `${names.slice(0, 5).join('; ')}${names.length > 5 ? `; and ${names.length - 5} more` : ''}`
