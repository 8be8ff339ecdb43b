import { WorkbenchError } from '../../model/errors'

/** What keeps a model from being taken in, with the tensor or column it is about. */
export const refuse = (message: string, details: Record<string, unknown> = {}): never => {
  throw new WorkbenchError('INVALID_INPUT', message, { details })
}

/** Names for a message: the first 30. */
export const listNames = (names: readonly string[]): string =>
  names
    .slice(0, 30)
    .map((name) => `"${name}"`)
    .join(', ') + (names.length > 30 ? ` and ${names.length - 30} more` : '')
