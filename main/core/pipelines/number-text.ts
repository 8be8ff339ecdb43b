/** A number as JSON and YAML write it, and nothing else: no hexadecimal, no units, no empty text. */
const NUMBER = /^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$/
const DIGITS = /^[-+]?\d+$/

/** Whether a whole number written with these digits is another one as a number: above 2^53 not all are there. */
export function losesDigits(text: string): boolean {
  if (!DIGITS.test(text)) return false
  const value = Number(text)
  // What a number is printed as says which one it is, also where that one is not written out.
  return !Number.isFinite(value) || (BigInt(text.replace('+', '')) !== BigInt(value) && String(value) !== text.replace('+', ''))
}

/** The number that a text says; the text itself where it says none, or a whole number that would lose digits. */
export function readNumber(text: string): number | string {
  const trimmed = text.trim()
  const value = NUMBER.test(trimmed) ? Number(trimmed) : NaN
  return Number.isFinite(value) && !losesDigits(trimmed) ? value : text
}
