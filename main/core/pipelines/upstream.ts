import type { Ledger } from '../../storage/ledger/ledger'
import { areSeparated, learnedFrom, splitSources } from './ancestry'
import type { Ancestry } from './define-step'
import type { LiveInput, LiveStep } from './live-run'

/** What the journal says of where things come from. */
export const ancestryOf = (ledger: Ledger): Ancestry => ({
  splitSources: (one, other) => splitSources(ledger, one, other),
  areSeparated: (one, other) => areSeparated(ledger, one, other),
  learnedFrom: ({ from }) => (from ? learnedFrom(ledger, from) : [])
})

/** What a step is handed beside its inputs and parameters: what was looked up when the run started, and where its inputs come from. */
export function fixedFor(ledger: Ledger, { definition, frozen }: LiveStep, inputs: readonly LiveInput[]): Record<string, unknown> {
  if (!definition.upstream) return frozen
  const placed = Object.fromEntries(inputs.map(({ port, file, from }) => [port, { sha256: file.sha256, from }]))
  return { ...frozen, ...definition.upstream(placed as never, ancestryOf(ledger)) }
}
