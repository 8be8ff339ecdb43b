import type { ColumnProfile, QualityFinding } from '../../model/quality'
import type { AnalysisColumn, AnalysisTable } from './analysis-table'
import { valueExamples, type DistinctValue } from './examples'
import { countOf, createFinding } from './finding'
import { truthOf } from './text-contents'
import { isPlaceholder } from './text-patterns'

const sumOf = (values: readonly DistinctValue[]): number => values.reduce((n, v) => n + v.count, 0)

/** One thing in several words: yes beside Y and 1, Female beside F. */
export function checkWords(column: AnalysisColumn, p: ColumnProfile, values: readonly DistinctValue[], rows: number): QualityFinding[] {
  const groups = truthGroups(column.name, values) ?? abbreviations(p, values)
  if (groups.length === 0) return []
  const minor = groups.flatMap((group) => group.slice(1))
  return [
    createFinding({
      kind: 'several-words',
      severity: 'warning',
      columns: [column.name],
      title: `"${column.name}" has several words for ${countOf(groups.length, 'category', 'categories')}`,
      what: `${groups
        .slice(0, 5)
        .map((group) => group.map(({ value, count }) => `${JSON.stringify(value)} (${count}x)`).join(' and '))
        .join('; ')} are probably the same; ${countOf(sumOf(minor), 'row')} use another word or an abbreviation than the usual one.`,
      meaning: 'One thing counts as several, which splits its statistics and hides patterns.',
      next: 'Map the words to one spelling.',
      count: sumOf(minor),
      of: rows,
      examples: valueExamples(minor),
      evidence: { groups: groups.slice(0, 50).map((group) => group.map(({ value }) => value)) }
    })
  ]
}

/** Words for yes and no where there are more than two of them; undefined where the column holds other words too. */
function truthGroups(name: string, values: readonly DistinctValue[]): DistinctValue[][] | undefined {
  const known = values.filter(({ value }) => !isPlaceholder(value) && value.trim() !== name)
  if (known.length < 2 || known.length > 16 || known.some(({ value }) => truthOf(value) === undefined)) return undefined
  const sides = [true, false].map((side) => known.filter(({ value }) => truthOf(value) === side))
  if (sides.some((side) => side.length === 0)) return undefined
  // Letter case alone is said elsewhere.
  return sides.filter((side) => new Set(side.map(({ value }) => value.trim().toLowerCase())).size > 1)
}

/** Categories of one to three letters that each begin exactly one of the longer ones. */
function abbreviations(p: ColumnProfile, values: readonly DistinctValue[]): DistinctValue[][] {
  if (p.distinct > 30) return []
  const letters = (text: string): string => text.trim().replace(/\.$/, '').toLowerCase()
  const known = values.filter(({ value }) => /^\p{L}[\p{L} ]*\.?$/u.test(value.trim()) && !isPlaceholder(value))
  const short = known.filter(({ value }) => letters(value).length <= 3)
  const long = known.filter(({ value }) => letters(value).length >= 4)
  if (short.length === 0 || long.length < 2) return []
  const groups: DistinctValue[][] = []
  for (const one of short) {
    const fits = new Set(long.filter(({ value }) => letters(value).startsWith(letters(one.value))).map(({ value }) => letters(value)))
    // A short word that begins none or several of the others is a category of its own, and so are its like.
    if (fits.size !== 1) return []
    const meant = long.find(({ value }) => fits.has(letters(value)))!
    const group = groups.find(([first]) => first === meant)
    if (group) group.push(one)
    else groups.push([meant, one])
  }
  return sumOf(short) > 0.5 * p.count ? [] : groups
}

/** The names of the columns within the data: files were put together with their headers. */
export function headerFinding(table: AnalysisTable, hits: readonly { column: AnalysisColumn; name: DistinctValue }[]): QualityFinding[] {
  const rare = hits.filter(({ name }) => name.count <= Math.max(3, 0.02 * table.rows))
  if (rare.length === 0 || (rare.length === 1 && table.columns.filter(({ isText }) => isText).length > 2)) return []
  const count = Math.max(...rare.map(({ name }) => name.count))
  return [
    createFinding({
      kind: 'header-rows',
      severity: 'warning',
      columns: rare.map(({ column }) => column.name),
      title: `The header is repeated in ${countOf(count, 'row')}`,
      what: `The names of ${countOf(rare.length, 'column')} stand in the data as values, as where files were put together with their headers.`,
      meaning: 'These rows are no data: the names count as categories, and columns of numbers lose cells or are kept as text.',
      next: 'Take the repeated headers out of the file and import it again.',
      count,
      of: table.rows,
      examples: rare.slice(0, 10).map(({ column, name }) => ({ row: name.firstRow, value: `${column.name}: ${name.value}` }))
    })
  ]
}
