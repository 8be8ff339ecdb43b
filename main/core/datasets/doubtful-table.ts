import type { Dialect, Notice } from '../../model/dataset'

const LOOKED_AT = 200
const isMarkup = (text: string): boolean => /^\s*<(!doctype|\?xml|html|head|body|table)\b/i.test(text)
const isSentence = (text: string): boolean => /\p{L}[.,;:!?…]["'”’)]?\s*$/u.test(text)

/**
 * What makes it doubtful that a text is the table it was read as: sentences or markup that came in as one column, and a first line of
 * values that was taken for data. `values` are the first texts of the first column.
 */
export function doubtsOf(
  dialect: Dialect,
  isHeaderChosen: boolean,
  sources: readonly string[],
  values: readonly string[],
  head: string
): Notice[] {
  const doubts: Notice[] = []
  const warn = (severity: Notice['severity'], title: string, detail: string): void => {
    doubts.push({ severity, title, detail, column: null, line: dialect.skipLines + 1 })
  }
  const firstLine = head.split(/\r\n|\r|\n/, dialect.skipLines + 1)[dialect.skipLines] ?? ''
  const shown = JSON.stringify(firstLine.replace(/^\uFEFF/, '').slice(0, 60))
  if (sources.length === 1 && isProse(dialect.header ? [sources[0], ...values] : values))
    warn(
      'warning',
      'Probably no table',
      `The file begins with ${shown} and reads like a letter or a page, not like a table, so each of its lines became a row of one column. If the table stands elsewhere (an attachment, a link), import that file; if it stands further down, say how many lines come before it.`
    )
  else if (!dialect.header && !isHeaderChosen)
    warn(
      'info',
      'No line of names',
      `The first line, ${shown}, reads like values or like the lines below it, so it is a row and the columns are called ${sources.length === 1 ? sources[0] : `${sources[0]} to ${sources.at(-1)}`}. If it holds the names, say that the file has a header.`
    )
  return doubts
}

/** A list of one column can hold sentences, but its name is none. */
function isProse(texts: readonly string[]): boolean {
  const lines = texts.slice(0, LOOKED_AT).filter((text) => text.trim() !== '')
  if (lines.length === 0) return false
  if (isMarkup(lines[0])) return true
  const worded = lines.filter((line) => /\p{L}\s+\p{L}/u.test(line))
  return isSentence(lines[0]) && worded.length >= lines.length / 2 && lines.filter(isSentence).length >= lines.length / 3
}
