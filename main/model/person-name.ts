import { isPlainText } from './plain-text'

/**
 * What two names are compared by: compatibility forms, case, invisible characters and kinds of space make no difference, because no reader
 * sees it. Letters of different scripts that look alike stay different.
 */
export const foldName = (name: string): string =>
  name
    .normalize('NFKC')
    .replace(/\p{White_Space}+/gu, ' ')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .trim()
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC')

/** Names that the program itself gives to whoever it does not know. */
const isReserved = (folded: string): boolean => folded === 'unknown person' || /^key [0-9a-f]{8}$/.test(folded)

/** Why nobody can be called so, as a sentence; null for a name that will do. */
export function nameProblem(name: string): string | null {
  if (!isPlainText(name)) return `A name holds no control, direction or invisible characters.`
  return foldName(name) === '' || isReserved(foldName(name)) ? `"${name}" is what is written for somebody who is not known.` : null
}
