import type { ColumnProfile, QualityFinding } from '../../model/quality'
import type { AnalysisColumn } from './analysis-table'
import { valueExamples, type DistinctValue } from './examples'
import { countOf, createFinding, percent, type FindingInput } from './finding'
import { hasMarkup, isSpreadsheetDay, isTestEntry, personalData } from './text-contents'

const sumOf = (values: readonly DistinctValue[]): number => values.reduce((n, v) => n + v.count, 0)
type Words = Pick<FindingInput, 'kind' | 'title' | 'what' | 'meaning' | 'next'>

/** What should not stand in a column of texts: people's data, markup, cut texts, lists, test entries, what a spreadsheet made of codes. */
export function checkContents(column: AnalysisColumn, p: ColumnProfile, values: readonly DistinctValue[], rows: number): QualityFinding[] {
  const say = (hit: readonly DistinctValue[], words: Words): QualityFinding[] => [
    createFinding({ ...words, severity: 'warning', columns: [column.name], count: sumOf(hit), of: rows, examples: valueExamples(hit) })
  ]
  const name = `"${column.name}"`
  return [
    ...checkPersonal(values, name, say),
    ...checkMarkup(values, name, say),
    ...checkTruncated(p, values, name, say),
    ...checkLists(p, values, name, say),
    ...checkSpreadsheetDays(p, values, name, say),
    ...checkLostZeros(p, values, name, say),
    ...checkTests(p, values, name, say)
  ]
}
type Say = (hit: readonly DistinctValue[], words: Words) => QualityFinding[]

function checkPersonal(values: readonly DistinctValue[], name: string, say: Say): QualityFinding[] {
  const kinds = new Set<string>()
  const hit = values.filter(({ value }) => {
    const kind = personalData(value)
    if (kind) kinds.add(kind)
    return kind !== undefined
  })
  if (hit.length === 0) return []
  return say(hit, {
    kind: 'personal-data',
    title: `${name} holds personal data`,
    what: `${countOf(sumOf(hit), 'value')} look like ${[...kinds].join(', ')}.`,
    meaning: 'They name people, go into every copy of the data, and a model may learn them by heart.',
    next: 'Leave them out or replace them before the table is shared, unless there is a right and a need to keep them.'
  })
}

function checkMarkup(values: readonly DistinctValue[], name: string, say: Say): QualityFinding[] {
  const hit = values.filter(({ value }) => hasMarkup(value))
  if (hit.length === 0) return []
  return say(hit, {
    kind: 'markup',
    title: `HTML is left in ${name}`,
    what: `${countOf(sumOf(hit), 'value')} hold escaped signs or tags of a web page, such as ${JSON.stringify(hit[0]!.value.slice(0, 60))}.`,
    meaning: 'The same text with and without them counts as two values.',
    next: 'Turn the escaped signs back into letters and drop the tags.'
  })
}

/** Lengths of texts vary; where many end at exactly the greatest length, they were cut. */
function checkTruncated(p: ColumnProfile, values: readonly DistinctValue[], name: string, say: Say): QualityFinding[] {
  const longest = p.text!.maxLength
  if (longest < 10 || longest >= 400 || longest - p.text!.minLength < 5) return []
  const ofLength = (length: number): DistinctValue[] => values.filter(({ value }) => value.length === length)
  const hit = ofLength(longest)
  // Codes and dates have one length by nature: texts of several words do not.
  const lengths = new Set(values.map(({ value }) => value.length))
  if (lengths.size < 6 || hit.filter(({ value }) => value.trim().includes(' ')).length < 0.7 * hit.length) return []
  const beside = Math.max(...[1, 2, 3].map((less) => ofLength(longest - less).length))
  if (hit.length < 8 || hit.length < 3 * beside || sumOf(hit) < 0.05 * p.count) return []
  return say(hit, {
    kind: 'truncated',
    title: `Texts of ${name} are cut at ${longest} characters`,
    what: `${countOf(sumOf(hit), 'value')} (${percent(sumOf(hit) / p.count)}) have exactly this length, and none is longer.`,
    meaning: 'The end of these texts is lost, and texts that differ only there are one now.',
    next: 'Export the column again with its full length.'
  })
}

/** Several values in one cell, which occur in other cells by themselves. */
function checkLists(p: ColumnProfile, values: readonly DistinctValue[], name: string, say: Say): QualityFinding[] {
  const all = new Set(values.map(({ value }) => value.trim()))
  for (const sign of [';', '|', ',', '/']) {
    const hit = values.filter(({ value }) => value.includes(sign))
    if (hit.length < 3 || sumOf(hit) < 0.02 * p.count) continue
    const parts = new Set(hit.flatMap(({ value }) => value.split(sign).map((part) => part.trim())))
    const known = [...parts].filter((part) => all.has(part)).length
    if (parts.size < 2 || parts.size > hit.length + 5 || known < 0.8 * parts.size) continue
    return say(hit, {
      kind: 'several-values',
      title: `Cells of ${name} hold several values`,
      what: `${countOf(sumOf(hit), 'cell')} (${percent(sumOf(hit) / p.count)}) are lists with "${sign}" between ${countOf(parts.size, 'value')} that also stand alone.`,
      meaning: 'Each combination counts as a category of its own, and what the rows have in common is hidden.',
      next: 'Make a column for each value that says whether the row has it.'
    })
  }
  return []
}

function checkSpreadsheetDays(p: ColumnProfile, values: readonly DistinctValue[], name: string, say: Say): QualityFinding[] {
  const hit = values.filter(({ value }) => isSpreadsheetDay(value))
  if (hit.length === 0 || sumOf(hit) > 0.3 * p.count) return []
  return say(hit, {
    kind: 'spreadsheet-damage',
    title: `A spreadsheet turned codes of ${name} into dates`,
    what: `${countOf(sumOf(hit), 'value')} read as a day and month, such as ${JSON.stringify(hit[0]!.value)}; the others do not.`,
    meaning: 'A code such as SEPT2 became 2-Sep: it does not match the same code elsewhere, and two codes may be one now.',
    next: 'Get the column from its source as text, or map the days back to their codes.'
  })
}

/** Codes of digits, some of which have leading zeros and others are shorter by as many digits. */
function checkLostZeros(p: ColumnProfile, values: readonly DistinctValue[], name: string, say: Say): QualityFinding[] {
  const codes = values.filter(({ value }) => /^\d{1,12}$/.test(value.trim()))
  if (codes.length < 10 || sumOf(codes) < 0.95 * p.count) return []
  const widths = new Map<number, number>()
  for (const { value, count } of codes) widths.set(value.trim().length, (widths.get(value.trim().length) ?? 0) + count)
  const [width, usual] = [...widths].sort((a, b) => b[1] - a[1])[0]!
  const hit = codes.filter(({ value }) => value.trim().length < width && !value.trim().startsWith('0'))
  const kept = codes.some(({ value }) => value.trim().length === width && value.trim().startsWith('0'))
  if (width < 3 || usual < 0.6 * p.count || !kept || hit.length < 2) return []
  return say(hit, {
    kind: 'lost-zeros',
    title: `Codes of ${name} have lost their leading zeros`,
    what: `${countOf(sumOf(hit), 'value')} have fewer than ${width} digits, where others of ${width} digits begin with a zero.`,
    meaning: 'The same code with and without its zero counts as two, and joins miss rows.',
    next: `Fill the codes up to ${width} digits with zeros, and import such columns as text.`
  })
}

function checkTests(p: ColumnProfile, values: readonly DistinctValue[], name: string, say: Say): QualityFinding[] {
  const hit = values.filter(({ value }) => isTestEntry(value))
  // Where it is frequent, it is a category such as the test part of a split.
  if (hit.length === 0 || sumOf(hit) > 0.05 * p.count || p.distinct < 8) return []
  return say(hit, {
    kind: 'test-entries',
    title: `${name} holds entries of a test`,
    what: `${countOf(sumOf(hit), 'row')} have ${hit
      .slice(0, 3)
      .map(({ value }) => JSON.stringify(value))
      .join(', ')}.`,
    meaning: 'Rows that somebody entered to try the form are no data.',
    next: 'Leave these rows out by a written rule.'
  })
}
