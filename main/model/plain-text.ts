/**
 * Characters that make a reader see something else than what is there: control characters, line and paragraph separators, direction
 * overrides and isolates (CVE-2021-42574), zero-width marks, tag characters and unpaired surrogates. Tab and line feed are handled apart.
 */
const deceptive = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]|\p{Surrogate}/u
const everywhere = new RegExp(deceptive.source, 'gu')

/** True when the text shows what it holds. Tabs and line feeds are only allowed in text of several lines. */
export function isPlainText(text: string, { lines = false } = {}): boolean {
  return !deceptive.test(text) && (lines || !/[\t\n]/.test(text))
}

/** Text of a stranger made safe for a terminal, a log or a sentence: deceptive characters become their escapes. */
export function printable(text: string): string {
  return text.replace(everywhere, escape).replace(/[\t\n]/g, escape)
}

/** Text of several lines made safe in the same way: its lines, however they end, and tabs stay, as in what a command prints or a log keeps. */
export function printableLines(text: string): string {
  return text.replace(everywhere, (sign, at: number) => (sign === '\r' && text[at + 1] === '\n' ? sign : escape(sign)))
}

/** JSON text with the same values, in which what deceives a terminal stands as its escape. JSON itself lets C1 and direction overrides through. */
export function asciiControls(json: string): string {
  return json.replace(everywhere, (sign) => [...Array(sign.length).keys()].map((at) => escape(sign[at])).join(''))
}

function escape(sign: string): string {
  const code = sign.codePointAt(0) ?? 0
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`
}
