/** What texts hold beside their meaning, told by their form alone. */

const email = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)*\.\p{L}{2,}/u
const phone = /(?<![\d.])(\+\d{1,3}[ /-]?(\(0?\d{1,5}\)|\d{1,5})([ /-]?\d{2,8}){1,4}|\(\d{3}\) ?\d{3}[ -]\d{4}|\d{3}-\d{3}-\d{4})(?![\d.])/
const socialSecurity = /(?<!\d)(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?!\d)/
const iban = /(?<![A-Z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Z0-9])/
const card = /(?<!\d)[3-6]\d{3}(?:[ -]?\d{4}){2}[ -]?\d{1,7}(?!\d)/

/** The kind of personal data in a text, if its form and its check digits tell. */
export function personalData(text: string): string | undefined {
  if (email.test(text)) return 'e-mail addresses'
  const account = iban.exec(text)
  if (account && isIban(account[0])) return 'bank accounts'
  const number = card.exec(text)
  if (number && isCard(number[0])) return 'card numbers'
  if (socialSecurity.test(text)) return 'social security numbers'
  return phone.test(text) ? 'phone numbers' : undefined
}

/** ISO 13616: the letters as numbers, the first four signs at the end, remainder 1 of 97. */
function isIban(text: string): boolean {
  const signs = text.replaceAll(' ', '')
  const digits = (signs.slice(4) + signs.slice(0, 4)).replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))
  let rest = 0
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97
  return rest === 1
}

/** The check digit of Luhn. */
function isCard(text: string): boolean {
  const digits = text.replace(/\D/g, '')
  if (digits.length < 13 || digits.length > 19 || /^(\d)\1+$/.test(digits)) return false
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    sum += i % 2 === 0 ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit
  }
  return sum % 10 === 0
}

export const hasMarkup = (text: string): boolean =>
  /&(amp|lt|gt|quot|apos|nbsp|[aeiou](uml|acute|grave|circ)|szlig|#\d{2,5}|#x[0-9a-f]{2,4});|<\/?(br|p|b|i|em|strong|div|span|a|li|ul|td|tr|font)(\s[^>]*)?\/?>/i.test(
    text
  )

/** Codes that a spreadsheet read as a day: SEPT2 became 2-Sep. */
export const isSpreadsheetDay = (text: string): boolean =>
  /^(\d{1,2}-(jan|feb|mar|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)|(jan|feb|mar|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)-\d{2})$/i.test(
    text.trim()
  )

export const isSpreadsheetError = (text: string): boolean => /^#(ref|value|div\/0|name|num|null|n\/a)[!?]?$/i.test(text.trim())

/** Words that only tests and templates have for a name. */
export const isTestEntry = (text: string): boolean =>
  /^(test(\s?\d+|ing|user)?|test test|asdf\w*|qwert\w*|foobar|dummy|lorem ipsum.*|john doe|jane doe|(max|erika) mustermann)$/i.test(
    text.trim()
  )

const yes = new Set(['yes', 'y', 'true', 't', '1', 'ja', 'j', 'oui', 'si', 'sí', 'on', 'wahr', 'x'])
const no = new Set(['no', 'n', 'false', 'f', '0', 'nein', 'non', 'off', 'falsch'])
/** A word for yes or no as one of both; undefined for any other. */
export const truthOf = (text: string): boolean | undefined => {
  const word = text.trim().toLowerCase()
  return yes.has(word) ? true : no.has(word) ? false : undefined
}
