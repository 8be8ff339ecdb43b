import type { Sha256 } from '../../../../model/reference'
import type { Ancestry, PlacedFile } from '../../define-step'

/** Where a model and the rows to judge it by come from. */
export interface Origins {
  /** Tables that the steps which made the model read. */
  learnedFrom: Sha256[]
  /** Whether the rows to judge were ever apart from them. */
  separated: boolean
}

/** Looks up in the journal what the model can have learned from. */
export function upstream({ model, test }: { model: PlacedFile; test: PlacedFile }, ancestry: Ancestry): { origins: Origins } {
  const learnedFrom = ancestry.learnedFrom(model).sort()
  return { origins: { learnedFrom, separated: learnedFrom.every((table) => ancestry.areSeparated(table, test.sha256)) } }
}
