import { WorkbenchError } from '../model/errors'

/** The value of an option that counts something. Throws INVALID_INPUT for what is no whole number above 0. */
export function wholeNumber(option: string, text: unknown): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw new WorkbenchError('INVALID_INPUT', `${option} must be a whole number above 0, not "${String(text)}".`)
  return value
}
