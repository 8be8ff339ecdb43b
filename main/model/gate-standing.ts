import { z } from 'zod'
import { Sha256 } from './reference'

/**
 * Why a gate that is no pass is no plain failure either: no blocking rule is known to be broken and one could not be decided, or the policy has
 * no rule that blocks. Both count as failures.
 */
export const gateShortfall = z.enum(['undecided', 'no gate'])
export type GateShortfall = z.infer<typeof gateShortfall>

/** A policy that got another text after a gate that was no pass: what came under which text, and who put the later one in force. */
export const policyChange = z.object({
  was: z.enum(['failed', 'undecided']),
  /** SHA-256 of the text that did not pass, and of the one that passed. */
  before: Sha256,
  after: Sha256,
  by: z.string(),
  at: z.string(),
  /** Known, and not guessed: the very same evidence failed under the one text and passed under the other. */
  weakened: z.boolean()
})
export type PolicyChange = z.infer<typeof policyChange>

interface Standing {
  outcome: 'pass' | 'fail'
  shortfall?: GateShortfall
}
/** The worst first. */
export const gateWords = ['failed', 'undecided', 'no gate', 'passed'] as const
export const GateWord = z.enum(gateWords)
export type GateWord = z.infer<typeof GateWord>
export const worstGate = (words: readonly GateWord[]): GateWord | undefined => gateWords.find((word) => words.includes(word))

/** What a gate came to, in a word that does not claim a failure where nothing is known to be broken. */
export const gateWord = ({ outcome, shortfall }: Standing): GateWord => (outcome === 'pass' ? 'passed' : (shortfall ?? 'failed'))

/** `failed under 3f2a0b1c, passed under 9c1b2d3e, weakened by Ada on 2026-05-04`. */
export const describeChange = ({ was, before, after, by, at, weakened }: PolicyChange): string =>
  `${was} under ${before.slice(0, 8)}, passed under ${after.slice(0, 8)}, ${weakened ? 'weakened' : 'changed'} by ${by} on ${at.slice(0, 10)}`

/** The gate of a model version in words, with what became of its policy. */
export const describeGate = (gate: (Standing & { superseded?: true; changed?: PolicyChange }) | null): string =>
  gate === null
    ? 'none'
    : `${gateWord(gate)}${gate.changed ? ` (${describeChange(gate.changed)})` : gate.superseded ? ' (superseded policy)' : ''}`

/** A draft that no gate has let in: its stage says so wherever it is shown. */
export const isWithoutGate = ({ stage, gate }: { stage: string; gate: { outcome: string } | null }): boolean =>
  stage === 'draft' && gate?.outcome !== 'pass'
export const describeStage = (version: Parameters<typeof isWithoutGate>[0]): string =>
  isWithoutGate(version) ? 'draft without gate' : version.stage
