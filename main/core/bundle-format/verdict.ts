import type {
  DecisionCount,
  SignerIdentity,
  VerdictQuestion,
  VerificationCheck,
  VerificationCheckId,
  VerificationReport
} from '../../model/bundle'
import { countOf } from '../../model/count-of'

/** What the enclosed policy comes to over the enclosed evidence. */
export interface GateJudgement {
  outcome: 'pass' | 'fail'
  /** The policy with its version; null when the bundle has none. */
  policy: string | null
  /** Why it is not a pass, one sentence each. */
  reasons: readonly string[]
  /** What a pass leaves open, to follow "not checked". */
  remarks?: readonly string[]
}

/** All that the verdict rests on. */
export interface VerdictFacts {
  checks: readonly VerificationCheck[]
  signer: SignerIdentity | null
  decisions: DecisionCount
  /** Null when it was not asked for, or could not be judged because the bundle does not hold. */
  gate: GateJudgement | null
  /** Decisions on a list that the author or a trusted person signed, which are not in the bundle now; null without any such list. */
  stripped: readonly string[] | null
  /** Rejections of trusted persons in a form that is set aside, in words. */
  unread?: readonly string[]
  /** Decisions that the author knew of and the signed list has no room for. */
  unlisted?: number
  /** What lies in the folder of the bundle and no signature ever covers. */
  uncovered?: readonly string[]
  /** A root was given and not whose certificate it must be. */
  asksForNobody?: boolean
}

type Decided = Pick<VerificationReport, 'verdict' | 'summary' | 'missing' | 'notChecked'>

/** A bare key has no certificate, and not every bundle says what its gate judged. */
const mayBeAbsent: ReadonlySet<VerificationCheckId> = new Set(['certificate', 'evidence'])
/** Anybody may add files under attestations/, and only the reader's trust says who the author is. */
const besides: ReadonlySet<VerificationCheckId> = new Set(['attestations', 'trust'])

/**
 * The one verdict on a bundle, for window, command line, `--json` and the papers: what the checks found, who decided, what was asked.
 * An altered bundle answers nothing else; a rejection by a trusted person stands above all that is there or missing.
 */
export function decideVerdict(facts: VerdictFacts, question: VerdictQuestion): Decided {
  const { checks, signer, decisions } = facts
  const broken = findBroken(checks)
  if (broken)
    return {
      verdict: 'altered',
      summary: broken.id === 'trust' ? `Not authentic. ${broken.detail}` : `Do not use this bundle. ${broken.detail}`.trim(),
      missing: [],
      notChecked: ['anything beyond that: what does not hold answers no other question']
    }
  const missing = findMissing(facts, question)
  const notChecked = listNotChecked(facts, question)
  const unsupported = checks.some(({ status }) => status === 'unsupported')
  const whole = unsupported
    ? 'This program cannot tell whether the bundle is as it was signed.'
    : `Every file is as ${signerName(signer)} signed it`
  if (decisions.rejectedBy.length > 0)
    return {
      verdict: 'rejected',
      summary: `${unsupported ? whole : `${whole}.`} Rejected by ${listNames(decisions.rejectedBy)}. Do not use it while that stands.`,
      missing,
      notChecked
    }
  if (missing.length === 0) return { verdict: 'holds', summary: `${whole}, and you trust this signer.`, missing, notChecked }
  const lacks =
    missing.length === 1 ? 'what was asked of it is not all there' : `${countOf(missing.length, 'thing')} that it needs are not there`
  const summary = unsupported
    ? whole
    : isTrusted(checks)
      ? `${whole}, and you trust this signer, but ${lacks}.`
      : `${whole}, but nothing you gave says that this signer is the right one.`
  return { verdict: 'insufficient', summary, missing, notChecked }
}

/** The check that condemns the bundle; null when it is intact, or this program cannot judge it. */
function findBroken(checks: readonly VerificationCheck[]): VerificationCheck | null {
  const failed = checks.find(({ id, status }) => status === 'fail' && !besides.has(id))
  if (failed) return failed
  if (checks.some(({ status }) => status === 'unsupported')) return null
  const open = checks.find(({ id, status }) => status !== 'pass' && !besides.has(id) && !(mayBeAbsent.has(id) && status === 'skipped'))
  return open ?? checks.find(({ id, status }) => id === 'trust' && status === 'fail') ?? null
}

const isTrusted = (checks: readonly VerificationCheck[]): boolean => checks.some(({ id, status }) => id === 'trust' && status === 'pass')

function findMissing(
  { checks, decisions, gate, stripped, unread = [] }: VerdictFacts,
  { approvals, gate: gateAsked, stage }: VerdictQuestion
): string[] {
  const { approvedBy, releasedBy } = decisions
  const missing = checks.filter(({ status }) => status === 'unsupported').map(({ detail }) => `A judgement of the signature: ${detail}`)
  const trust = checks.find(({ id }) => id === 'trust')
  if (!isTrusted(checks) && missing.length === 0) missing.push(`Trust in the author: ${trust?.detail ?? ''}`)
  if (approvals !== undefined && approvedBy.length < approvals)
    missing.push(
      `Approvals: ${countOf(approvals, 'person', 'persons')} whom you trust, besides the author, must approve; ${approvedBy.length === 0 ? 'nobody did' : `${listNames(approvedBy)} did`}.`
    )
  if (gateAsked && gate?.outcome !== 'pass')
    missing.push(...(gate?.reasons ?? ['the evidence could not be judged.']).map((reason) => `The gate: ${reason}`))
  if (stage === 'released' && releasedBy.length === 0)
    missing.push('The release: nobody whom you trust signed a release approval of this bundle.')
  for (const each of stripped ?? []) missing.push(`A decision on a signed list: ${each}`)
  for (const each of unread) missing.push(`A decision that can be read: ${each}`)
  return missing
}

function listNotChecked(
  { signer, decisions, gate, stripped, unlisted = 0, uncovered = [], asksForNobody = false }: VerdictFacts,
  question: VerdictQuestion
): string[] {
  return [
    ...(question.approvals === undefined ? ['whether others approve it'] : []),
    ...(question.gate === undefined ? ['whether the evidence meets the enclosed policy'] : []),
    ...(gate?.policy ? [`whether ${gate.policy} is the policy that you want`] : []),
    ...(gate?.remarks ?? []),
    ...(question.stage === undefined ? ['whether it is released'] : []),
    stripped === null
      ? 'decisions that are not in the bundle, for anybody can take one out and the bundle has no list of them'
      : 'decisions made since the last signed list of them, for anybody can take one out',
    ...(unlisted > 0
      ? [
          `${countOf(unlisted, 'decision')} known when the bundle was signed, which the signed list leaves out: it names those that weigh most`
        ]
      : []),
    ...(uncovered.length > 0 ? [`${uncovered.join(', ')}: no signature covers what git uses, so do not use git in this folder`] : []),
    ...(signer?.anchoredBy === 'root-certificate' && asksForNobody ? ['whose certificate it is: any certificate of this CA would do'] : []),
    ...(signer?.certificate && signer.revocation !== 'checked' ? ['revocation of certificates'] : []),
    ...(decisions.approvedBy.length + decisions.rejectedBy.length > 0
      ? ["the times of decisions, which are those of the signers' clocks"]
      : [])
  ]
}

/** Whose signature it is, by the reader's trust or the certificate; a bare key has no name. */
export function signerName(signer: SignerIdentity | null): string {
  if (!signer) return 'the signer'
  const name = signer.knownAs ?? signer.certificate?.subject
  return name ? `"${name}"` : `the key ${signer.keyFingerprint.slice(0, 16)}`
}

/** Names for a sentence, the first few in full. */
export function listNames(names: readonly string[]): string {
  const rest = names.length - 5
  return `${names.slice(0, 5).join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`
}
