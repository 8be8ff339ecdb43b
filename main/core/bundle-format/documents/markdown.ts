/** Text as Markdown text: one line, nothing in it can become a heading, link, HTML or emphasis. */
export function markdownText(text: string): string {
  return singleLine(text).replace(/[\\`*_{}[\]<>()#+!|~&-]/g, (character) =>
    character === '-' || character === '(' || character === ')' ? character : `\\${character}`
  )
}

/** Text as an inline code span, whatever backticks it holds (CommonMark 6.1). */
export function inlineCode(text: string): string {
  const line = singleLine(text)
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  const pad = line.startsWith('`') || line.endsWith('`') || line.trim() === '' ? ' ' : ''
  return `${fence}${pad}${line}${pad}${fence}`
}

/** A fenced code block that its content cannot close. */
export function fenced(text: string, language = ''): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text}\n${fence}`
}

/** Line ends, control and direction characters would let a name change what the reader sees. */
function singleLine(text: string): string {
  return text
    .replace(/[\r\n\u2028\u2029\u0085]+/g, ' ')
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '\ufffd')
}
