import { WorkbenchError } from '../../model/errors'
import { listed } from '../frames'
import type { FeatureEncoding } from './features'

/** Which way what is predicted may go as a number grows; null: both. */
export type Direction = 'rising' | 'falling' | null

/** Column names in a text with commas between them; a name that has commas itself is found as well. */
function namesIn(text: string, known: ReadonlySet<string>): string[] {
  if (known.has(text.trim())) return [text.trim()]
  const parts = text.split(',')
  const names: string[] = []
  for (let from = 0; from < parts.length;) {
    let to = parts.length
    while (to > from + 1 && !known.has(parts.slice(from, to).join(',').trim())) to--
    names.push(parts.slice(from, to).join(',').trim())
    from = to
  }
  return names.filter((name) => name !== '')
}

/**
 * Which way each feature may move what is predicted, from the columns that were named.
 * @throws WorkbenchError INVALID_INPUT for a name that is no feature, a text column, or one named for both
 */
export function directionsOf(rising: string, falling: string, features: readonly FeatureEncoding[]): Direction[] {
  const known = new Set(features.map(({ name }) => name))
  const [up, down] = [namesIn(rising, known), namesIn(falling, known)]
  const fail = (what: string, names: string[], next: string): never => {
    throw new WorkbenchError('INVALID_INPUT', `${what}: ${listed(names)}. ${next}`, { details: { columns: names } })
  }
  const asked = [...up, ...down]
  const strange = asked.filter((name) => !known.has(name))
  if (strange.length > 0)
    fail('No feature has the name that should only rise or fall', strange, 'Correct the name, or add the column to the features.')
  const texts = features.filter(({ kind, name }) => kind === 'category' && asked.includes(name)).map(({ name }) => name)
  if (texts.length > 0) fail('A text has no order in which it could rise or fall', texts, 'Name only columns of numbers.')
  const both = up.filter((name) => down.includes(name))
  if (both.length > 0) fail('A column cannot only rise and only fall', both, 'Name it once.')
  return features.map(({ name }) => (up.includes(name) ? 'rising' : down.includes(name) ? 'falling' : null))
}
