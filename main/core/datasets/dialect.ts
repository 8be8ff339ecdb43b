import type { Dialect } from '../../model/dataset'

const DELIMITERS = [',', ';', '\t', '|']
const QUOTES = ['"', "'"]

/** Records of a text with quoted fields; lenient, for looking at the head of a file. A record cut off at the end is dropped unless `complete`. */
export function parseRecords(
  text: string,
  { delimiter, quote, escape }: Pick<Dialect, 'delimiter' | 'quote' | 'escape'>,
  limit: number,
  complete: boolean
): string[][] {
  const records: string[][] = []
  let record: string[] = []
  let field = ''
  let quoted = false
  let i = 0
  const endRecord = (): void => {
    record.push(field)
    field = ''
    records.push(record)
    record = []
  }
  for (; i < text.length && records.length < limit; i++) {
    const c = text[i]
    if (quoted) {
      if (escape === 'backslash' && c === '\\' && (text[i + 1] === quote || text[i + 1] === '\\')) field += text[++i]
      else if (c !== quote) field += c
      else if (text[i + 1] === quote) field += text[++i]
      else quoted = false
    } else if (quote !== '' && c === quote && field === '') quoted = true
    else if (c === delimiter) {
      record.push(field)
      field = ''
    } else if (c === '\n' || c === '\r') {
      if (c === '\r' && text[i + 1] === '\n') i++
      endRecord()
    } else field += c
  }
  if (complete && records.length < limit && (field !== '' || record.length > 0)) endRecord()
  return records
}

const isBlank = (record: string[]): boolean => record.length === 1 && record[0].trim() === ''
const looksTyped = (value: string): boolean =>
  /^\s*[-+]?[\d.,]+([eE][-+]?\d+)?%?\s*$/.test(value) || /^\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}/.test(value)

export interface DetectedDialect extends Omit<Dialect, 'encoding'> {
  /** The names of the columns stand in the last of several lines that begin with `#`. */
  commentHeader: boolean
}

/**
 * Finds how a text table is written: the delimiter and quote that give the most even records, a header when the first record is
 * text over typed columns or all different words, and a decimal comma. Deterministic; `fixed` wins over what is found.
 */
export function detectDialect(text: string, complete: boolean, fixed: Partial<Dialect>, preferTab: boolean): DetectedDialect {
  const preamble = findPreamble(text)
  const body = text.slice(preamble.length)
  const given = fixed.delimiter ?? preamble.delimiter
  let best = { score: -1, delimiter: given ?? (preferTab ? '\t' : ','), quote: fixed.quote ?? '"' }
  for (const delimiter of given !== undefined ? [given] : preferTab ? ['\t', ...DELIMITERS] : DELIMITERS)
    for (const quote of fixed.quote !== undefined ? [fixed.quote] : QUOTES) {
      if (quote === "'" && !new RegExp(`(^|[\\n\\r${delimiter === '|' ? '\\|' : delimiter}])'`).test(body)) continue
      const score = evenness(parseRecords(body, { delimiter, quote, escape: fixed.escape }, 1_000, complete))
      if (score > best.score + (quote === "'" ? 0.05 : 0)) best = { score, delimiter, quote }
    }
  const { delimiter, quote } = best
  const escape = fixed.escape ?? (usesBackslash(body, delimiter, quote, complete) ? 'backslash' : undefined)
  const written = { delimiter, quote, ...(escape && { escape }) }
  const records = parseRecords(body, written, 1_000, complete)
  const notes = leadingNotes(records)
  const rows = records.slice(notes).filter((r) => !isBlank(r))
  const names = preamble.comments > 0 && notes === 0 && !hasHeader(rows) ? parseRecords(preamble.last, written, 1, true)[0] : undefined
  const isHeader = names !== undefined && names.length > 1 && names.length === rows[0]?.length
  const skipLines = fixed.skipLines ?? preamble.lines + notes - (isHeader ? 1 : 0)
  const namedByComment = isHeader && skipLines === preamble.lines - 1
  const commentHeader = namedByComment && preamble.comments > 1
  const table =
    fixed.skipLines === undefined
      ? rows
      : parseRecords(text, written, 1_000, complete)
          .slice(skipLines)
          .filter((r) => !isBlank(r))
  const header = fixed.header ?? (namedByComment || hasHeader(table))
  const decimal = fixed.decimal ?? (delimiter !== ',' && usesDecimalComma(header && !namedByComment ? table.slice(1) : table) ? ',' : '.')
  return { ...written, header, decimal, skipLines, commentHeader }
}

interface Preamble {
  /** Characters and lines of it. */
  length: number
  lines: number
  /** Said by a line `sep=;`, which spreadsheets read. */
  delimiter?: string
  /** How many of the lines begin with `#`, and the last of them without it. */
  comments: number
  last: string
}

/** Lines before the table that say so themselves. */
function findPreamble(text: string): Preamble {
  const found: Preamble = { length: 0, lines: 0, comments: 0, last: '' }
  const sep = /^\uFEFF?"?sep=(.)"?[,;\t|]*(\r\n|\r|\n)/i.exec(text)
  if (sep) {
    found.delimiter = sep[1]
    found.length = sep[0].length
    found.lines = 1
  }
  const line = /(#?)([^\r\n]*)(\r\n|\r|\n)/y
  let at = found.length
  for (let blank = 0; ;) {
    line.lastIndex = at
    const next = line.exec(text)
    if (!next || (next[1] === '' && next[2].trim() !== '')) return found
    at = line.lastIndex
    if (next[1] === '') blank++
    else {
      found.lines += blank + 1
      blank = 0
      found.length = at
      found.comments++
      found.last = next[2].trim()
    }
  }
}

/** Whether quotes within quotes stand behind a backslash. A backslash before the end of a field can be the end of a path. */
function usesBackslash(text: string, delimiter: string, quote: string, complete: boolean): boolean {
  if (quote === '' || !text.includes(`\\${quote}`)) return false
  const count = (escape?: 'backslash'): number => evenness(parseRecords(text, { delimiter, quote, escape }, 1_000, complete))
  const q = quote === '"' ? '"' : "'"
  const within = new RegExp(`[^\\\\](\\\\\\\\)*\\\\${q}(?![${delimiter === '\t' ? '\\t' : `\\${delimiter}`}\\r\\n]|$)`).test(text)
  const doubled = new RegExp(`[^${delimiter === '\t' ? '\\t' : `\\${delimiter}`}\\r\\n${q}]${q}${q}[^${q}]`).test(text)
  return within && (!doubled || count('backslash') > count())
}

function evenness(all: string[][]): number {
  const records = all.filter((r) => !isBlank(r))
  if (records.length === 0) return 0
  const widths = new Map<number, number>()
  for (const r of records) widths.set(r.length, (widths.get(r.length) ?? 0) + 1)
  const [width, count] = [...widths].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]
  const share = count / records.length
  return width === 1 ? share * 0.1 : share + Math.min(width, 20) / 200
}

/** Title and note lines before the table: shorter than the table is wide. */
function leadingNotes(records: string[][]): number {
  if (records.length < 4) return 0
  const widths = records.slice(10).map((r) => r.length)
  const width = widths.length > 0 ? widths.sort((a, b) => a - b)[Math.floor(widths.length / 2)] : records.at(-1)!.length
  if (width < 3) return 0
  const first = records.findIndex((r) => r.length === width)
  return first > 0 && first <= 10 && records.slice(0, first).every((r) => r.filter((f) => f.trim() !== '').length <= 1) ? first : 0
}

function hasHeader(table: string[][]): boolean {
  const [first, ...rest] = table
  if (!first) return false
  const names = first.map((f) => f.trim())
  if (names.some((name) => name !== '' && looksTyped(name))) return false
  if (names.every((name) => name === '')) return false
  if (rest.length === 0) return true
  const typedBelow = names.some((_, i) => rest.slice(0, 200).some((r) => r[i] !== undefined && looksTyped(r[i])))
  if (typedBelow) return true
  const repeated = rest.some((r) => r.length === first.length && r.every((f, i) => f === first[i]))
  return (
    !repeated &&
    new Set(names).size === names.length &&
    names.every((name, i) => !rest.slice(0, 200).some((r) => r[i]?.trim() === name && name !== ''))
  )
}

function usesDecimalComma(rows: string[][]): boolean {
  let comma = 0
  let point = 0
  for (const row of rows.slice(0, 500))
    for (const cell of row) {
      if (/^\s*[-+]?\d+,(\d{1,2}|\d{4,})\s*$/.test(cell) || /^\s*[-+]?\d{1,3}(\.\d{3})+,\d+\s*$/.test(cell)) comma++
      else if (/^\s*[-+]?\d+\.\d+\s*$/.test(cell) && !/^\s*[-+]?[1-9]\d{0,2}\.\d{3}\s*$/.test(cell)) point++
    }
  return comma > 0 && comma > point
}
