import type { QualityFinding } from '../../model/quality'
import type { AnalysisColumn } from './analysis-table'
import { valueExamples, type DistinctValue } from './examples'
import { countOf, createFinding } from './finding'
import { isPlaceholder, spellingKey } from './text-patterns'

const sumOf = (values: readonly DistinctValue[]): number => values.reduce((n, v) => n + v.count, 0)

/** What the bytes 80 to 9F stand for in Windows-1252; those without a letter are left as they are. */
const windows =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178'
const strict = new TextDecoder('utf-8', { fatal: true })

/** The text that was meant, when UTF-8 was read as Latin-1 or Windows-1252 on its way; undefined for any other text. */
export function repairedText(text: string): string | undefined {
  if (!/[\u0080-\uffff]/.test(text)) return undefined
  const bytes: number[] = []
  for (const letter of text) {
    const code = letter.codePointAt(0)!
    const place = windows.indexOf(letter)
    if (code < 0x100) bytes.push(code)
    else if (place >= 0) bytes.push(0x80 + place)
    else return undefined
  }
  try {
    return strict.decode(Uint8Array.from(bytes))
  } catch {
    return undefined
  }
}

/** Letters that were read in the wrong encoding on the way, or replaced because they could not be read. */
export function checkMojibake(column: AnalysisColumn, values: readonly DistinctValue[], rows: number): QualityFinding[] {
  const broken = values.filter(({ value }) => value.includes('\ufffd') || repairedText(value) !== undefined)
  if (broken.length === 0) return []
  return [
    createFinding({
      kind: 'mojibake',
      severity: 'warning',
      columns: [column.name],
      title: `Garbled letters in "${column.name}"`,
      what: `${countOf(broken.length, 'value was', 'values were')} read in the wrong encoding before, in ${countOf(sumOf(broken), 'row')}: "${broken[0]!.value.slice(0, 60)}"${repairedText(broken[0]!.value) ? ` stands for "${repairedText(broken[0]!.value)!.slice(0, 60)}"` : ''}.`,
      meaning: 'Garbled values do not match the same value written right, so one category counts as two and joins miss rows.',
      next: 'Get the file anew in its own encoding, or map these values to what they stand for.',
      count: sumOf(broken),
      of: rows,
      examples: valueExamples(broken),
      evidence: { repaired: Object.fromEntries(broken.slice(0, 50).map(({ value }) => [value, repairedText(value) ?? null])) }
    })
  ]
}

const MAX_CATEGORIES = 1_000
const MIN_LETTERS = 4
/** A misspelling is rare beside what was meant. */
const TIMES_RARER = 8

/** Rare categories one or two letters away from a frequent one. */
export function checkMisspelt(column: AnalysisColumn, count: number, values: readonly DistinctValue[], rows: number): QualityFinding[] {
  if (values.length > MAX_CATEGORIES || values.length > count / 4) return []
  // Where digits stand, values are codes, and a code is another one by a single sign.
  const keyed = values
    .filter(({ value }) => !/\d/.test(value) && !isPlaceholder(value) && repairedText(value) === undefined && !value.includes('\ufffd'))
    .map((value) => ({
      ...value,
      words: value.value
        .split(/[^\p{L}\p{M}]+/u)
        .map(spellingKey)
        .filter(Boolean)
    }))
    .map((value) => ({ ...value, key: value.words.join('') }))
    .filter(({ key }) => key.length >= MIN_LETTERS)
  const pairs: { wrong: DistinctValue; right: DistinctValue }[] = []
  for (const wrong of keyed) {
    if (wrong.count > count * 0.03) continue
    const right = keyed.find(
      (other) => other.count >= TIMES_RARER * wrong.count && other.key !== wrong.key && isSlip(wrong.words, other.words)
    )
    if (right) pairs.push({ wrong, right })
  }
  if (pairs.length === 0) return []
  const affected = pairs.map(({ wrong }) => wrong)
  return [
    createFinding({
      kind: 'misspelt-categories',
      severity: 'warning',
      columns: [column.name],
      title: `${countOf(pairs.length, 'category', 'categories')} of "${column.name}" may be misspelt`,
      what: `${pairs
        .slice(0, 5)
        .map(({ wrong, right }) => `"${wrong.value}" (${wrong.count}x) is almost "${right.value}" (${right.count}x)`)
        .join('; ')}.`,
      meaning: 'One thing counts as several: the rows of the rare spelling are lost to it.',
      next: 'Map each to the spelling that was meant, or note that they are two things.',
      count: sumOf(affected),
      of: rows,
      examples: valueExamples(affected),
      evidence: { meant: Object.fromEntries(pairs.slice(0, 50).map(({ wrong, right }) => [wrong.value, right.value])) }
    })
  ]
}

const isAlmost = (a: string, b: string): boolean =>
  Math.min(a.length, b.length) >= MIN_LETTERS && distance(a, b) <= (Math.min(a.length, b.length) >= 8 ? 2 : 1)

/** Short words tell things apart: only longer ones are misspelt. */
const isSlip = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((word, i) => word === b[i] || isAlmost(word, b[i]!))

/** Letters to change, add, drop or swap with a neighbour (optimal string alignment); 3 stands for more than two. */
export function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3
  let [before, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j]!, before[j - 2]! + 1)
    }
    if (Math.min(...row) > 2) return 3
    ;[before, last] = [last, row]
  }
  return Math.min(3, last[b.length]!)
}
