import type { Dialect } from '../../model/dataset'

const DELIMITERS = [',', ';', '\t', '|']
const QUOTES = ['"', "'"]

/** Records of a text with quoted fields; lenient, for looking at the head of a file. A record cut off at the end is dropped unless `complete`. */
export function parseRecords(text: string, delimiter: string, quote: string, limit: number, complete: boolean): string[][] {
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
      if (c !== quote) field += c
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

/**
 * Finds how a text table is written: the delimiter and quote that give the most even records, a header when the first record is
 * text over typed columns or all different words, and a decimal comma. Deterministic; `fixed` wins over what is found.
 */
export function detectDialect(text: string, complete: boolean, fixed: Partial<Dialect>, preferTab: boolean): Omit<Dialect, 'encoding'> {
  let best = { score: -1, delimiter: preferTab ? '\t' : ',', quote: '"' }
  for (const delimiter of fixed.delimiter !== undefined ? [fixed.delimiter] : preferTab ? ['\t', ...DELIMITERS] : DELIMITERS)
    for (const quote of fixed.quote !== undefined ? [fixed.quote] : QUOTES) {
      if (quote === "'" && !new RegExp(`(^|[\\n\\r${delimiter === '|' ? '\\|' : delimiter}])'`).test(text)) continue
      const score = evenness(parseRecords(text, delimiter, quote, 1_000, complete))
      if (score > best.score + (quote === "'" ? 0.05 : 0)) best = { score, delimiter, quote }
    }
  const records = parseRecords(text, best.delimiter, best.quote, 1_000, complete)
  const skipLines = fixed.skipLines ?? leadingNotes(records)
  const table = records.slice(skipLines).filter((r) => !isBlank(r))
  const header = fixed.header ?? hasHeader(table)
  const decimal = fixed.decimal ?? (best.delimiter !== ',' && usesDecimalComma(header ? table.slice(1) : table) ? ',' : '.')
  return { delimiter: best.delimiter, quote: best.quote, header, decimal, skipLines }
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
