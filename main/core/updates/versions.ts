/** Versions of the program: three numbers, and for one before its release a word such as `rc.1`. */
const form = /^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})(-[0-9A-Za-z]+(\.[0-9A-Za-z]+)*)?$/

/** Whether a text is a version, and thereby safe as the name of a folder. */
export const isVersion = (text: string): boolean => text.length <= 60 && form.test(text)

/**
 * Negative where the first is the lower one, as the launcher and the package manager order them: a word after the numbers comes before the
 * release that has none. Both must be versions.
 */
export function compareVersions(one: string, other: string): number {
  const [first, second] = [one, other].map(partsOf)
  for (let at = 0; at < 3; at++) if (first.numbers[at] !== second.numbers[at]) return first.numbers[at] - second.numbers[at]
  if (first.word === '' || second.word === '') return second.word.length - first.word.length
  return compareWords(first.word, second.word)
}

function partsOf(version: string): { numbers: number[]; word: string } {
  const [numbers, word = ''] = version.split('-')
  return { numbers: numbers.split('.').map(Number), word }
}

/** Run by run of digits and of other signs. */
function compareWords(one: string, other: string): number {
  const [first, second] = [one, other].map((word) => word.match(/\d+|\D+/g) ?? [])
  for (let at = 0; at < Math.max(first.length, second.length); at++) {
    const [a, b] = [first[at], second[at]]
    if (a === undefined || b === undefined) return first.length - second.length
    const difference = /^\d/.test(a) && /^\d/.test(b) ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0
    if (difference !== 0) return difference
  }
  return 0
}
