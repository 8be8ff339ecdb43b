import { groupFolds } from './by-group'
import { randomFolds, stratifiedFolds } from './by-chance'
import { timeFolds } from './by-time'
import type { Divided, Fold } from './fold'

export type { Divided, Fold } from './fold'
export { readSpan } from './span'

/**
 * The folds of all repeats, in order. The same rows, design and seed give the same folds on every machine.
 * @throws WorkbenchError INVALID_INPUT where the rows cannot be divided so, naming column, cause and next step
 */
export function planFolds(divided: Divided): Fold[] {
  const { design } = divided
  if (design.by === 'time') return timeFolds(divided)
  const make = design.by === 'group' ? groupFolds : design.by === 'stratified' ? stratifiedFolds : randomFolds
  return Array.from({ length: design.repeats }, (_, repeat) => make(divided, repeat)).flat()
}
