/**
 * Whether a 64-bit number holds a decimal text: printed with as many digits as the text has, it gives the text again. So `0.1` and a
 * number that software printed with 20 digits are held, and `1234567890123456.78` is not.
 */
export function isHeldByDouble(text: string): boolean {
  const match = /^([+-]?)0*([0-9]*)[.]?([0-9]*)$/.exec(text)
  if (!match) return true
  const digits = (match[2] + match[3]).replace(/^0+/, '').replace(/0+$/, '')
  if (digits.length <= 15) return true
  if (digits.length > 100) return false
  const printed = Math.abs(Number(text)).toExponential(digits.length - 1)
  return printed.slice(0, printed.indexOf('e')).replace('.', '') === digits
}
