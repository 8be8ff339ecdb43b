import type { ColumnChoice, ImportRule, ImportType } from '../../model/dataset'
import { cellsOf } from './column-cells'
import { TOLERANCE, type ColumnSample } from './column-sample'
import { codePattern, isTokenSql, readings, valueSql, type Reading } from './text-values'
import { quoteText } from '../../model/sql-quoting'
import type { TriedColumn } from './try-reading'

/** More different texts that are no values are words of a language, not one way to say that there is no value. */
const MOST_TOKENS = 3
const simple = readings.filter((r) => r.type !== 'decimal')
const patterns = simple.map((r) => new RegExp(`^(?:${r.pattern})$`))
/** Dates that databases and spreadsheets write where there is none. */
const noDate = /^(0000|9999)[-/.]?(00|99)[-/.]?(00|99)|^(00|99)[-/.](00|99)[-/.](0000|9999)/
const noWord = /^(\?+|-{1,3}|[–—]|\.{2,3}|\*+|_+|#+)$/
const isUsual = (text: string): boolean =>
  noWord.test(text) ||
  noDate.test(text) ||
  /^(none|unknown|missing|unbekannt|inconnu|k[.]? ?a[.]?|n[.]? ?[ad][.]?|not (known|available|applicable)|#.+)$/i.test(text)
const canBeToken = (text: string): boolean => text.length <= 24 && text !== '' && (!/\d/.test(text) || isUsual(text))

/** Texts of a column that seem to say "no value" and are not read so, with the choice that does. */
export async function offeredTokens(tried: TriedColumn, texts: readonly string[], { values }: ColumnSample): Promise<ImportRule[]> {
  const { type } = tried.column.reading
  const misfits = different(texts)
  if (tried.column.unparsed > 0) return misfits.length <= MOST_TOKENS ? offer(tried, misfits.filter(canBeToken), {}) : []
  if (type === 'integer' || type === 'number') return offer(tried, nines(values), {})
  if (type !== 'text') return []
  const among = oddOnes(values)
  if (among) return offer(tried, among.tokens, {}, among.reading)
  const signs = different(values.filter((text) => noWord.test(text.trim())))
  return signs.length > 0 && signs.length <= MOST_TOKENS ? offer(tried, signs, { type: 'text' }) : []
}

const different = (texts: readonly string[]): string[] => [...new Set(texts.map((text) => text.trim()))]

/** The few texts of a column of texts that are in the way of another type. */
function oddOnes(values: readonly string[]): { tokens: string[]; reading: Reading } | undefined {
  let found: { tokens: string[]; reading: Reading } | undefined
  for (const [i, reading] of simple.entries()) {
    const odd = new Set<string>()
    let fitting = 0
    for (const value of values) {
      const text = value.trim()
      if (patterns[i].test(text)) fitting++
      else if (odd.add(text).size > MOST_TOKENS) break
    }
    // A word that nobody knows as a gap is one only where it is seldom.
    const least = [...odd].every(isUsual) ? 0.5 : 0.8
    if (odd.size === 0 || odd.size > MOST_TOKENS || fitting < 3 || fitting < values.length * least) continue
    if ([...odd].every(canBeToken) && (!found || odd.size < found.tokens.length)) found = { tokens: [...odd], reading }
  }
  return found
}

/** `9999` and `-99` far away from every other number: statistics software of old wrote them where there is no value. */
function nines(values: readonly string[]): string[] {
  const isNines = (text: string): boolean => /^-?9{2,}([.]0+)?$/.test(text.trim())
  const candidates = different(values.filter(isNines))
  if (candidates.length === 0 || candidates.length > MOST_TOKENS) return []
  const others = values.filter((text) => !isNines(text)).map(Number)
  if (new Set(others).size < 5 || others.some(Number.isNaN)) return []
  const [least, most] = [Math.min(...others), Math.max(...others)]
  const repeats = (token: string): boolean => values.filter((text) => text.trim() === token).length >= Math.max(2, values.length / 200)
  return candidates.filter((token) => repeats(token) && (Number(token) < 0 ? least >= 0 : most > 0 && Number(token) > 3 * most))
}

/** Counts the tokens in every row; with a reading only where the other cells are of it, and no code among them. */
async function offer(
  { db, staged, column, signal }: TriedColumn,
  tokens: readonly string[],
  also: Partial<ColumnChoice>,
  reading?: Reading
): Promise<ImportRule[]> {
  if (tokens.length === 0) return []
  const { source, cells } = column
  const moreNullTokens = [...(cells.choice?.moreNullTokens ?? []), ...tokens]
  const choice: ColumnChoice = { source, ...also, moreNullTokens }
  const tried = cellsOf(cells.index, source, { ...cells.choice, ...choice }, cells.given)
  const isOdd = isTokenSql(tried.raw, tokens)
  const counts = reading
    ? `count(*) FILTER (WHERE r), count(v), count(*) FILTER (WHERE r AND ${isNumeric(reading) ? `regexp_full_match(trim(c), ${quoteText(codePattern)})` : 'false'})`
    : '0, 0, 0'
  const [[odd, some, present, fitting, codes]] = (
    await db.query(
      `SELECT (count(*) FILTER (WHERE o))::DOUBLE, to_json(arg_min({'id': id, 'from': left(c, 80)}, id, 3) FILTER (WHERE o))::VARCHAR, ${counts}
       FROM (SELECT rowid AS id, ${tried.raw} AS c, ${tried.raw} IS NOT NULL AND ${isOdd} AS o, ${tried.raw} IS NOT NULL AND NOT ${tried.isToken} AS r, ${reading ? valueSql(tried.cell, reading) : 'NULL'} AS v FROM staged)`,
      [],
      { signal }
    )
  ).rows
  if (Number(odd) === 0 || Number(codes) > 0 || Number(fitting) < Number(present) * (1 - TOLERANCE)) return []
  const cellsOdd = Number(odd)
  // A word that nobody knows as a gap, once in a column that is read without it, is a slip of the pen and listed as a misfit.
  if (!reading && !tokens.every(isUsual) && cellsOdd < 2 * tokens.length) return []
  const list = tokens.map((token) => JSON.stringify(token)).join(', ')
  return [
    {
      column: source,
      rule: 'null-token',
      cells: cellsOdd,
      examples: (JSON.parse(String(some)) as { id: number; from: string }[]).map(({ id, from }) => ({
        line: staged.lineOf(id),
        from,
        to: null
      })),
      detail: `${cellsOdd.toLocaleString('en')} ${cellsOdd === 1 ? 'cell' : 'cells'} of "${source}" ${cellsOdd === 1 ? 'is' : 'are'} ${list}, which can mean that there is no value.${reading ? ` Without ${tokens.length === 1 ? 'it' : 'them'} the column holds nothing but ${words[reading.type]}.` : ''}`,
      choice: { columns: [choice] }
    }
  ]
}

const isNumeric = ({ type }: Reading): boolean => type === 'integer' || type === 'number'
const words: Record<ImportType, string> = {
  boolean: 'true and false',
  integer: 'whole numbers',
  number: 'numbers',
  decimal: 'numbers',
  text: 'text',
  date: 'dates',
  time: 'times of day',
  timestamp: 'dates with times'
}
