import { z } from 'zod'

/** Fewer say nothing: the key file is protected by PBKDF2 with 600,000 rounds, but a short word still falls to a list. */
const SHORTEST = 8
const FEWEST_DIFFERENT = 5
const tooShort = `The passphrase needs at least ${SHORTEST} characters.`

/** Why a text is no passphrase for a new key, as a sentence; null when it will do. Keys that are there open with what they have. */
export function passphraseWeakness(text: string): string | null {
  const signs = [...text]
  if (signs.length < SHORTEST) return tooShort
  if (new Set(signs).size < FEWEST_DIFFERENT)
    return `The passphrase has fewer than ${FEWEST_DIFFERENT} different characters, which is guessed at once. Take several words.`
  if (isRepeated(signs)) return 'The passphrase is the same few characters again and again, which is guessed at once. Take several words.'
  return isRow(signs) ? 'The passphrase is a row of neighbours such as 12345678, which is guessed at once. Take several words.' : null
}

/** A unit of at most half of the text, repeated to its end: `abcdeabcde`. */
function isRepeated(signs: readonly string[]): boolean {
  for (let period = 1; period <= signs.length / 2; period++)
    if (signs.every((sign, at) => at < period || sign === signs[at - period])) return true
  return false
}

/** Each character is the next one, or each the one before. */
function isRow(signs: readonly string[]): boolean {
  const step = (at: number): number => signs[at].codePointAt(0)! - signs[at - 1].codePointAt(0)!
  return Math.abs(step(1)) === 1 && signs.every((_, at) => at === 0 || step(at) === step(1))
}

/** A passphrase for a new key. */
export const Passphrase = z
  .string()
  .min(SHORTEST, { abort: true, error: tooShort })
  .max(1024)
  .superRefine((text, context) => {
    const message = passphraseWeakness(text)
    if (message !== null) context.addIssue({ code: 'custom', message })
  })
  .meta({ examples: ['seven words of my own'] })
