import { printable } from '../model/plain-text'
import type { NamedRelease } from './named-release'
import { verdictWord, type Attestation, type VerificationReport } from '../model/bundle'

const MARK = { pass: 'ok  ', fail: 'FAIL', warn: 'warn', skipped: '--  ', unsupported: '??  ' } as const
const mostUnknown = 20

/** What the verified files say of themselves, which the verdict is not about. */
export interface Besides {
  concern?: string
  release?: NamedRelease
}

/**
 * The report as a person reads it: verdict, checks, exact files, decisions, what is missing; the last line is what was not checked. Line
 * breaks in what the bundle says stand as their escapes, so that no text of a stranger can pass for a line of the report.
 */
export function describeReport(report: VerificationReport, { concern, release }: Besides = {}): string[] {
  const { checks, signer, root, decisions, missing, notChecked } = report
  const lines = [`${verdictWord(report).toUpperCase()}: ${report.summary}`, '']
  for (const check of checks) {
    lines.push(`[${MARK[check.status]}] ${check.title}: ${check.detail}`)
    for (const file of check.files) lines.push(`         ${file.problem.replace('-', ' ')}: ${file.name}`)
  }
  if (signer) lines.push('', `signer   ${signer.knownAs ?? signer.certificate?.subject ?? 'key'} ${signer.keyFingerprint}`)
  if (root) lines.push(`root     ${root}`)
  if (release) lines.push(`release  Drydock ${release.version} for ${release.platform}, commit ${release.commit.slice(0, 12)}`)
  lines.push(...describeDecisions(report))
  lines.push(...decisions.remarks.map((remark) => `note     ${remark}`))
  if (concern) lines.push(`concern  ${concern}`)
  if (missing.length > 0) lines.push('', ...missing.map((each) => `missing  ${each}`))
  lines.push('', `Not checked: ${notChecked.join('; ')}.`)
  return lines.map(printable)
}

/** Those of trusted signers and of the author first; what a stranger says stands apart, for anybody can sign under any name. */
function describeDecisions({ attestations, decisions }: VerificationReport): string[] {
  const ours = attestations.filter(
    ({ valid, decision, signer, signedByAuthor }) => valid && decision && (signedByAuthor || signer?.anchoredBy !== 'none')
  )
  const others = attestations.filter(
    ({ valid, decision, signer, signedByAuthor }) => valid && decision && !signedByAuthor && signer?.anchoredBy === 'none'
  )
  const own = new Map(decisions.own?.map(({ keyFingerprint, name }) => [keyFingerprint, name]))
  const unknown = others.filter(({ signer }) => !own.has(signer!.keyFingerprint))
  const lines = ours.flatMap((each) => describeOne('decision', each))
  if (decisions.approvedBy.length > 0) lines.push(`counted  approved by ${decisions.approvedBy.join('; ')}`)
  if (decisions.rejectedBy.length > 0) lines.push(`counted  REJECTED by ${decisions.rejectedBy.join('; ')}`)
  for (const each of others.filter((other) => !unknown.includes(other))) {
    const counts = each.decision === 'approve' ? '; not an independent review' : ''
    lines.push(...describeOne('you said:', each, `your own, ${own.get(each.signer!.keyFingerprint)}${counts}`))
  }
  lines.push(...unknown.slice(0, mostUnknown).flatMap((each) => describeOne('unknown signer says:', each)))
  if (unknown.length > mostUnknown) lines.push(`unknown signers say ${unknown.length - mostUnknown} more (--json lists all)`)
  return lines
}

function describeOne(
  head: string,
  { decision, name, meaning, time, statement, signer, signedByAuthor }: Attestation,
  said?: string
): string[] {
  const trusted = signedByAuthor
    ? 'the author of the bundle; not an independent review'
    : signer?.anchoredBy === 'none'
      ? 'not among those you trust'
      : 'trusted'
  const whose = said ?? trusted
  const known = signer?.knownAs ?? signer?.certificate?.subject
  return [
    `${head} ${decision} by ${name} (${meaning}) ${time} ${statement}`,
    `         key ${signer?.keyFingerprint}${known ? `, ${known}` : ''}: ${whose}`
  ]
}
