import { isPlainText } from './plain-text'

/**
 * What two names are compared by: compatibility forms, case, invisible characters and kinds of space make no difference, because no reader
 * sees it. Letters of different scripts that look alike stay different; see `lookOfName`.
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

/** Letters of Greek and Cyrillic that look like Latin ones, small or as capitals. */
const LATIN_LOOKS: Readonly<Record<string, string>> = Object.fromEntries(
  ['аa вb сc ԁd еe һh нh іi јj кk ӏl мm оo рp ԛq ѕs тt уy ѵv ԝw хx', 'αa βb ϲc εe ηh ιi κk μm νv οo ρp τt υy χx ζz']
    .join(' ')
    .split(' ')
    .map(([letter, latin]) => [letter, latin])
)

/** What two names look like to a reader: as `foldName`, and letters of Greek and Cyrillic count as the Latin ones that they look like. */
export const lookOfName = (name: string): string => [...foldName(name)].map((letter) => LATIN_LOOKS[letter] ?? letter).join('')

const scripts = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u]

/** A word that mixes letters of Latin, Cyrillic and Greek, which no name does and which looks like another; undefined for none. */
export const mixedWord = (name: string): string | undefined =>
  foldName(name)
    .split(/[^\p{L}\p{M}]+/u)
    .find((word) => scripts.filter((script) => script.test(word)).length > 1)

/** Names that the program itself gives to whoever it does not know. */
const isReserved = (folded: string): boolean => folded === 'unknown person' || /^key [0-9a-f]{8}$/.test(folded)

/** Why nobody can be called so, as a sentence; null for a name that will do. */
export function nameProblem(name: string): string | null {
  if (!isPlainText(name)) return `A name holds no control, direction or invisible characters.`
  const mixed = mixedWord(name)
  if (mixed !== undefined) return `"${mixed}" mixes letters of Latin, Cyrillic or Greek in one word, and so looks like another name.`
  return foldName(name) === '' || isReserved(foldName(name)) ? `"${name}" is what is written for somebody who is not known.` : null
}
