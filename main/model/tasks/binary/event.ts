import { WorkbenchError } from '../../errors'
import type { TargetValue } from '../target-value'

const affirmative = new Set(['yes', 'y', 'true', 't', '1', 'positive'])

/** Values of a target for a message: the first 20, texts in quotes. */
export const listValues = (values: readonly TargetValue[]): string =>
  values
    .slice(0, 20)
    .map((value) => (typeof value === 'string' ? `"${value}"` : String(value)))
    .join(', ') + (values.length > 20 ? ` and ${values.length - 20} more` : '')

/**
 * Which of the different values of a target is the event where nobody named it: true of truth values, 1 of the numbers 0 and 1, the one yes
 * of at most two texts. The only place where that is guessed: reports on data, first models and trainings mean the same rows.
 * @throws WorkbenchError INVALID_INPUT, with the values, where it is not plain
 */
export function inferEvent(name: string, values: readonly TargetValue[]): TargetValue {
  const isNumeric = values.every((value) => typeof value === 'number')
  if (values.every((value) => typeof value === 'boolean')) return true
  if (isNumeric && values.every((value) => value === 0 || value === 1)) return 1
  if (!isNumeric && values.length <= 2) {
    const yes = values.filter((value) => affirmative.has(String(value).trim().toLowerCase()))
    if (yes.length === 1) return yes[0]!
  }
  throw new WorkbenchError(
    'INVALID_INPUT',
    isNumeric && values.length > 20
      ? `The target "${name}" is a number with ${values.length} different values, so no one of them is the event. Make a column of yes and no in an SQL step, such as ${name} > ${String(values[Math.floor(values.length / 2)])}, and predict that; or name the one value that counts as positive.`
      : `It is not clear which value of the target "${name}" counts as positive. It has ${values.length}: ${listValues(values)}. Name the positive one; all others count as negative.`,
    { details: { column: name, values: values.slice(0, 50) } }
  )
}
