import { WorkbenchError } from '../../model/errors'
import { didYouMean } from '../../model/near-names'

const noTable = /Table with name "?([^"!]+?)"? does not exist(?: because schema "[^"]*" does not exist\.?|!)(?: Did you mean "[^"]*"\??)?/
const noColumn =
  /(?:Referenced column|(?:Table|Values list) "[^"]*" does not have a column named) "([^"]*)"(?: not found in FROM clause!)?(?: Candidate bindings: (?:"[^"]*"(?:, )?)+)?/

/**
 * Of a table or column that there is not the engine offers what it has itself: its own tables, and of those of the workspace only what the
 * text named. This offers those that the workspace has. Other errors stay as they are.
 */
export function withNearNames(error: unknown, tables: () => string[], columns: readonly string[]): unknown {
  if (!(error instanceof WorkbenchError) || error.code !== 'INVALID_INPUT') return error
  const message = error.message
    .replace(noTable, (_, name: string) => `There is no table "${name}".${didYouMean(name, tables())}`)
    .replace(noColumn, (_, name: string) => `There is no column "${name}" in the tables of the query.${didYouMean(name, columns)}`)
  return message === error.message ? error : new WorkbenchError(error.code, tidy(message), { details: error.details, cause: error })
}

/** A question is a sentence of its own; the class of the engine's error says no more than ours. */
const tidy = (message: string): string =>
  message
    .replace(/^(Catalog|Binder) Error: /, '')
    .replaceAll('?.', '?')
    .replaceAll('..', '.')
