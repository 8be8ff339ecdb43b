import type { ColumnProfile, QualityFinding, TableProfile } from '../../model/quality'
import { quoteText } from '../../model/sql-quoting'
import type { AnalysisColumn, AnalysisTable } from './analysis-table'
import { distinctValues, examplesWhere, valueExamples, type DistinctValue } from './examples'
import { countOf, createFinding, percent } from './finding'
import { checkMisspelt, checkMojibake, repairedText } from './check-spelling'
import { checkContents } from './check-contents'
import { checkWords, headerFinding } from './check-words'
import { isTestEntry } from './text-contents'
import { dateText, isPlaceholder, numberText, spellingKey } from './text-patterns'

/** What is wrong inside text columns: other types in disguise, blanks, spelling variants, marks, units, words for "unknown". */
export async function checkText(table: AnalysisTable, profile: TableProfile): Promise<QualityFinding[]> {
  const found: QualityFinding[] = []
  const headers: { column: AnalysisColumn; name: DistinctValue }[] = []
  for (const [i, column] of table.columns.entries()) {
    const p = profile.columns[i]
    if (column.kind === 'integer') found.push(...(await checkDateNumbers(table, column, p)))
    if (!column.isText || p.count === 0) continue
    const values = await distinctValues(table, column)
    found.push(...(await checkDisguisedTypes(table, column, p, values)), ...(await checkBlanks(table, column, p)))
    found.push(...checkVariants(column, p, values, table.rows), ...checkMarks(column, values, table.rows))
    found.push(...checkMojibake(column, values, table.rows), ...checkMisspelt(column, p.count, values, table.rows))
    found.push(...checkUnits(column, p, values, table.rows), ...checkPlaceholders(column, values, table.rows))
    found.push(...checkContents(column, p, values, table.rows), ...checkWords(column, p, values, table.rows))
    const name = values.find(({ value }) => value.trim() === column.name)
    if (name) headers.push({ column, name })
  }
  return [...found, ...headerFinding(table, headers)]
}

const sumOf = (values: readonly DistinctValue[]): number => values.reduce((n, v) => n + v.count, 0)

async function checkDisguisedTypes(
  table: AnalysisTable,
  column: AnalysisColumn,
  p: ColumnProfile,
  values: DistinctValue[]
): Promise<QualityFinding[]> {
  const text = p.text!
  const base = { columns: [p.name], of: table.rows }
  const numberShare = text.numeric / p.count
  const dateShare = text.dates / p.count
  const isCode = values.some((v) => /^\s*0[0-9]+\s*$/.test(v.value))
  if (dateShare >= 0.9) return [dateFinding(p, values, table.rows)]
  if (numberShare >= 0.9 && !isCode && text.numeric > text.dates)
    return [
      createFinding({
        ...base,
        kind: 'number-as-text',
        severity: 'warning',
        title: `"${p.name}" holds numbers stored as text`,
        what: `${percent(numberShare)} of the values read as numbers. ${whyText(values)}`,
        meaning: 'As text, 9 sorts after 10, and a model sees categories and no amounts.',
        next: 'Import the column as a number; the values that do not parse will be listed.',
        count: text.numeric,
        examples: await examplesWhere(
          table,
          `${column.id} IS NOT NULL AND NOT regexp_full_match(trim(${column.id}), ${quoteText(numberText)})`,
          column.id
        )
      })
    ]
  const mixed = Math.max(text.numeric, text.dates)
  if (mixed >= 3 && mixed / p.count >= 0.02 && !isCode && p.distinct > 10)
    return [
      createFinding({
        ...base,
        kind: 'mixed-types',
        // Where most are numbers, it is a column of numbers that words keep from being one.
        severity: numberShare >= 0.5 ? 'warning' : 'info',
        title: `"${p.name}" mixes text with ${text.numeric >= text.dates ? 'numbers' : 'dates'}`,
        what: `${countOf(mixed, 'value')} (${percent(mixed / p.count)}) read as ${text.numeric >= text.dates ? 'a number' : 'a date'}, the others do not.`,
        meaning: 'Two kinds of content in one column usually come from shifted cells or a field used for two purposes.',
        next: 'Look at the examples. Split the column, or correct the source.',
        count: mixed,
        examples: await examplesWhere(
          table,
          `regexp_full_match(trim(${column.id}), ${quoteText(text.numeric >= text.dates ? numberText : dateText)})`,
          column.id
        )
      })
    ]
  return []
}

/** What keeps a column of numbers from being one: limits, decimal commas among points, words, signs round the number. */
function whyText(values: readonly DistinctValue[]): string {
  const kinds: [RegExp, (count: number, example: string) => string][] = [
    [/^\s*[<>≤≥]\s*[-+]?\d/, (n, e) => `${countOf(n, 'value')} are limits of detection, such as ${e}`],
    [/^[-+]?\d+,\d+$/, (n, e) => `${countOf(n, 'value')} have a decimal comma, such as ${e}`],
    [/^[-+]?\d+\.\d+$/, (n, e) => `${countOf(n, 'value')} have a decimal point, such as ${e}`],
    [/^#/, (n, e) => `${countOf(n, 'value')} are error words of a spreadsheet, such as ${e}`],
    [/[$€£%\p{L}].*\d|\d.*[$€£%\p{L}]/u, (n, e) => `${countOf(n, 'value')} carry a sign or unit, such as ${e}`],
    [/^[^\d]+$/, (n, e) => `${countOf(n, 'value')} are words for a missing value, such as ${e}`]
  ]
  const parts = kinds.flatMap(([pattern, say]) => {
    const hit = values.filter(({ value }) => kinds.find(([own]) => own.test(value.trim()))?.[0] === pattern)
    return hit.length > 0 ? [{ count: sumOf(hit), text: say(sumOf(hit), JSON.stringify(hit[0]!.value.trim().slice(0, 20))) }] : []
  })
  return parts.length > 0 ? `Of the values ${parts.map(({ text }) => text).join('; ')}.` : 'They are kept as text.'
}

function dateFinding(p: ColumnProfile, values: DistinctValue[], rows: number): QualityFinding {
  const parts = values.map((v) => /^\s*(\d{1,2})[-/.](\d{1,2})[-/.]\d{2,4}/.exec(v.value)).filter((m) => m !== null)
  const dayFirst = parts.some((m) => Number(m[1]) > 12)
  const monthFirst = parts.some((m) => Number(m[2]) > 12)
  const ambiguous = parts.length > 0 && dayFirst === monthFirst
  return createFinding({
    kind: ambiguous ? 'ambiguous-date' : 'date-as-text',
    severity: 'warning',
    columns: [p.name],
    title: ambiguous ? `The dates in "${p.name}" are ambiguous` : `"${p.name}" holds dates stored as text`,
    what: ambiguous
      ? dayFirst
        ? 'Some values have the day first and others the month first.'
        : 'No value tells whether the day or the month comes first.'
      : `${percent(p.text!.dates / p.count)} of the values read as dates.`,
    meaning: 'Text dates do not sort by time; a wrong guess of day and month silently moves events by months.',
    next: 'Import the column as a date and state its format, such as %d/%m/%Y.',
    count: p.text!.dates,
    of: rows,
    examples: valueExamples(values)
  })
}

/** Dates that are written as numbers, such as 20240131: sums and distances of them mean nothing. */
async function checkDateNumbers(table: AnalysisTable, column: AnalysisColumn, p: ColumnProfile): Promise<QualityFinding[]> {
  const { min, max } = p.numeric!
  if (min === null || max === null || min < 19_000_101 || max > 21_001_231 || p.distinct < 5) return []
  const { sorted, values } = await table.numbers(column)
  const isDay = (n: number): boolean => {
    const [year, month, date] = [Math.floor(n / 10_000), Math.floor(n / 100) % 100, n % 100]
    return month >= 1 && date >= 1 && new Date(Date.UTC(year, month - 1, date)).getUTCMonth() === month - 1
  }
  if (!sorted.every(isDay)) return []
  const first = [...values.subarray(0, 10)].flatMap((value, row) => (value === value ? [{ row: row + 1, value: String(value) }] : []))
  return [
    createFinding({
      kind: 'date-as-text',
      severity: 'warning',
      columns: [p.name],
      title: `"${p.name}" holds dates written as numbers`,
      what: `All ${countOf(p.count, 'value')} read as year, month and day.`,
      meaning: 'As numbers, the last day of a month lies seventy away from the first of the next; means and distances are wrong.',
      next: 'Import the column as a date with the format %Y%m%d.',
      count: p.count,
      of: table.rows,
      examples: first
    })
  ]
}

async function checkBlanks(table: AnalysisTable, column: AnalysisColumn, p: ColumnProfile): Promise<QualityFinding[]> {
  if (p.text!.padded === 0) return []
  const condition = `${column.id} <> trim(${column.id}) OR contains(trim(${column.id}), '  ')`
  return [
    createFinding({
      kind: 'blanks',
      severity: p.text!.padded / p.count >= 0.01 ? 'warning' : 'info',
      columns: [p.name],
      title: `Stray blanks in "${p.name}"`,
      what: `${countOf(p.text!.padded, 'value')} begin or end with a blank or have two in a row.`,
      meaning: 'Values that look equal are not equal, so groups fall apart and joins miss rows.',
      next: 'Trim the column and make runs of blanks one.',
      count: p.text!.padded,
      of: table.rows,
      examples: await examplesWhere(table, condition, `'"' || ${column.id} || '"'`)
    })
  ]
}

function checkVariants(column: AnalysisColumn, p: ColumnProfile, values: DistinctValue[], rows: number): QualityFinding[] {
  if (p.distinct > p.count * 0.8 && p.count > 50) return []
  const groups = new Map<string, DistinctValue[]>()
  for (const v of values) {
    if (repairedText(v.value) !== undefined) continue
    const key = spellingKey(v.value)
    if (key.length < 2 || /^\d+$/.test(key) || isTestEntry(v.value)) continue
    const group = groups.get(key)
    if (group) group.push(v)
    else groups.set(key, [v])
  }
  // Those that differ in blanks alone are said elsewhere.
  const variants = [...groups.values()].filter((g) => new Set(g.map((v) => v.value.trim().replace(/ +/g, ' '))).size > 1)
  if (variants.length === 0) return []
  const minor = variants.reduce((n, g) => n + sumOf(g.slice(1)), 0)
  // An accent tells some names apart: Müller is not always Muller.
  const isAccents = variants.every((g) => new Set(g.map((v) => plainLetters(v.value))).size === 1 && sumOf(g.slice(1)) > 0.1 * g[0]!.count)
  return [
    createFinding({
      kind: 'case-variants',
      severity: isAccents ? 'info' : 'warning',
      columns: [column.name],
      title: `"${column.name}" spells ${countOf(variants.length, 'category', 'categories')} in several ways`,
      what: `They differ only in letter case, blanks, accents or punctuation; ${countOf(minor, 'row')} use another spelling than the most frequent one.`,
      meaning: 'One thing counts as several, which splits its statistics and hides patterns.',
      next: 'Map the variants to one spelling.',
      count: minor,
      of: rows,
      examples: variants
        .slice(0, 10)
        .map((g) => ({ row: g[1].firstRow, value: g.map((v) => `${JSON.stringify(v.value)} (${v.count}x)`).join(', ') })),
      evidence: { groups: variants.slice(0, 50).map((g) => g.map((v) => v.value)) }
    })
  ]
}

const plainLetters = (text: string): string =>
  text
    .trim()
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')

function checkMarks(column: AnalysisColumn, values: DistinctValue[], rows: number): QualityFinding[] {
  const marked = values.filter((v) => /[\p{L}\p{N})]\s?([*†‡§¹²³]+|\(\d\)|\[\d\])$/u.test(v.value.trim()))
  if (marked.length === 0 || marked.length > Math.max(5, values.length / 5)) return []
  return [
    createFinding({
      kind: 'footnote-marks',
      severity: 'info',
      columns: [column.name],
      title: `Footnote marks in "${column.name}"`,
      what: `${countOf(marked.length, 'value ends', 'values end')} with a mark such as an asterisk, in ${countOf(sumOf(marked), 'row')}.`,
      meaning: 'The mark refers to a note that did not come with the file, and the marked name does not match the same name elsewhere.',
      next: 'Find out what the mark stands for, then remove it or move it to a column of its own.',
      count: sumOf(marked),
      of: rows,
      examples: valueExamples(marked)
    })
  ]
}

function checkUnits(column: AnalysisColumn, p: ColumnProfile, values: DistinctValue[], rows: number): QualityFinding[] {
  const units = new Map<string, number>()
  for (const v of values) {
    const match = /^\s*[-+]?\d+(?:[.,]\d+)?\s*([\p{L}°%"'µ/²³]{1,12})\.?\s*$/u.exec(v.value)
    if (match) units.set(match[1].toLowerCase(), (units.get(match[1].toLowerCase()) ?? 0) + v.count)
  }
  const matched = [...units.values()].reduce((a, b) => a + b, 0)
  if (units.size < 2 || units.size > 12 || matched < p.count * 0.8) return []
  const list = [...units].sort((a, b) => b[1] - a[1])
  return [
    createFinding({
      kind: 'mixed-units',
      severity: 'error',
      columns: [column.name],
      title: `"${column.name}" mixes units`,
      what: `Its numbers carry ${list.length} different units: ${list.map(([u, n]) => `${u} (${n}x)`).join(', ')}.`,
      meaning: 'Compared without conversion the amounts are wrong by the factor between the units.',
      next: 'Convert all to one unit, store plain numbers and note the unit on the column.',
      count: matched - list[0][1],
      of: rows,
      examples: valueExamples(values),
      evidence: { units: Object.fromEntries(list) }
    })
  ]
}

function checkPlaceholders(column: AnalysisColumn, values: DistinctValue[], rows: number): QualityFinding[] {
  const unknown = values.filter((v) => isPlaceholder(v.value))
  if (unknown.length === 0) return []
  const count = sumOf(unknown)
  return [
    createFinding({
      kind: 'placeholder',
      severity: count / rows >= 0.01 ? 'warning' : 'info',
      columns: [column.name],
      title: `"${column.name}" says "unknown" in ${percent(count / rows)} of the rows`,
      what: `${countOf(unknown.length, 'value stands', 'values stand')} for something not known, in ${countOf(count, 'row')}.`,
      meaning: 'They look like categories but are missing values; the column is less complete than its count of missing values says.',
      next: 'Decide whether "unknown" is a category of its own or a missing value, and treat all of them the same.',
      count,
      of: rows,
      examples: valueExamples(unknown),
      evidence: { values: Object.fromEntries(unknown.slice(0, 50).map((v) => [v.value, v.count])) }
    })
  ]
}
