import { WorkbenchError } from '../../model/errors'
import { printable } from '../../model/plain-text'

/** Far deeper than any document that decides about trust; a bomb of brackets costs memory and stack instead of being read. */
const deepest = 100

/**
 * Parses UTF-8 JSON that decides about trust: invalid UTF-8, a byte order mark and a name that occurs twice in one object are refused,
 * because two readers could understand such a text differently.
 * @throws WorkbenchError INVALID_INPUT
 */
export function parseStrictJson(bytes: Uint8Array, what: string): unknown {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw refuse(what, 'is not valid UTF-8 text', cause)
  }
  if (isNestedDeeperThan(text, deepest)) throw refuse(what, `is nested more than ${deepest} levels deep`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw refuse(what, 'is not valid JSON', cause)
  }
  const twice = findDuplicateName(text)
  if (twice !== null)
    throw refuse(what, `has the name ${printable(JSON.stringify(twice))} twice in one object, so readers could disagree about it`)
  return value
}

function refuse(what: string, problem: string, cause?: unknown): WorkbenchError {
  return new WorkbenchError('INVALID_INPUT', `${what} ${problem}. It cannot be judged. Ask the sender for an unaltered copy.`, { cause })
}

/** Counts brackets outside of strings; the text need not be valid. */
function isNestedDeeperThan(text: string, most: number): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]
    if (sign === '"') for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === '\\') at++
    if (sign === '{' || sign === '[') depth++
    else if (sign === '}' || sign === ']') depth--
    if (depth > most) return true
  }
  return false
}

/** Only called on text that JSON.parse accepted, so the scan needs no syntax checks of its own. */
function findDuplicateName(text: string): string | null {
  const objects: (Set<string> | null)[] = []
  let nameNext = false
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]
    if (sign === '{') {
      objects.push(new Set())
      nameNext = true
    } else if (sign === '[') {
      objects.push(null)
      nameNext = false
    } else if (sign === '}' || sign === ']') {
      objects.pop()
      nameNext = false
    } else if (sign === ',') nameNext = objects[objects.length - 1] !== null
    else if (sign === '"') {
      const start = at
      for (at++; text[at] !== '"'; at++) if (text[at] === '\\') at++
      const names = objects[objects.length - 1]
      if (!nameNext || !names) continue
      const name: string = JSON.parse(text.slice(start, at + 1))
      if (names.has(name)) return name
      names.add(name)
      nameNext = false
    }
  }
  return null
}
