import type { ImportRule } from '../../model/dataset'
import type { Database } from '../../storage/duckdb/database'
import type { ColumnSurvey } from './column-survey'
import type { StagedTable } from './stage-text'
import { cellSql, defaultNullTokens } from './text-values'
import type { TypedColumn } from './typed-column'

interface Value {
  text: string
  count: number
  /** Row id of the first. */
  first: number
}

/** A token that is made of letters can be a word: NA is Namibia, Null a family. */
const isWord = (token: string): boolean => /^\p{L}+$/u.test(token)
const normal = (text: string): string => text.trim()

/**
 * Texts such as `NA` in columns of text. Where the other values are codes of the same length or names they are kept; elsewhere they are
 * missing values, and the rule says how to keep them. Changes the columns; gives the rules, of the kept ones too.
 */
export async function judgeWords(
  db: Database,
  staged: StagedTable,
  columns: TypedColumn[],
  surveys: readonly ColumnSurvey[],
  signal?: AbortSignal
): Promise<{ rules: ImportRule[]; offers: ImportRule[] }> {
  const found: { rules: ImportRule[]; offers: ImportRule[] } = { rules: [], offers: [] }
  for (const [i, column] of columns.entries()) {
    if (column.reading.type !== 'text' || surveys[i].tokens === 0 || column.cells.given) continue
    const { raw, isToken } = column.cells
    const valuesWhere = async (condition: string, limit: number): Promise<Value[]> => {
      const { rows } = await db.query(
        `SELECT left(v, 80), n::DOUBLE, first::DOUBLE FROM (SELECT ${raw} AS v, count(*) AS n, min(rowid) AS first FROM staged WHERE ${raw} IS NOT NULL AND ${condition} GROUP BY v) ORDER BY n DESC, first LIMIT ${limit}`,
        [],
        { signal }
      )
      return rows.map(([text, count, first]) => ({ text: String(text), count: Number(count), first: Number(first) }))
    }
    const tokens = (await valuesWhere(isToken, 100)).filter((v) => defaultNullTokens.includes(normal(v.text)))
    const others = await valuesWhere(`NOT ${isToken}`, 1_000)
    const kept = tokens.filter((v) => isLikeTheOthers(v, others, column.source))
    const missing = [...defaultNullTokens].filter((token) => !kept.some((v) => normal(v.text) === token))
    const gone = tokens.filter((v) => missing.includes(normal(v.text)))
    column.sql = cellSql(raw, missing)
    column.present -= gone.reduce((n, v) => n + v.count, 0)
    if (gone.length > 0) found.rules.push(wordRule(staged, column.source, gone, null))
    if (kept.length > 0) found.offers.push(wordRule(staged, column.source, kept, [...new Set(kept.map((v) => normal(v.text)))]))
  }
  return found
}

function wordRule(staged: StagedTable, source: string, values: readonly Value[], taken: string[] | null): ImportRule {
  const cells = values.reduce((n, v) => n + v.count, 0)
  const list = values.slice(0, 5).map((v) => `"${v.text}" (${v.count})`)
  return {
    column: source,
    rule: 'null-token',
    cells,
    examples: values.slice(0, 5).map((v) => ({ line: staged.lineOf(v.first), from: v.text, to: null })),
    detail: taken
      ? `"${source}" holds ${list.join(', ')} as texts, like its other values. They could be read as missing.`
      : `${list.join(', ')} in "${source}" ${cells === 1 ? 'is' : 'are'} read as missing. They could be kept as texts.`,
    choice: { columns: [taken ? { source, type: 'text', moreNullTokens: taken } : { source, nullTokens: [''] }] }
  }
}

function isLikeTheOthers(token: Value, others: readonly Value[], source: string): boolean {
  const word = normal(token.text)
  if (!isWord(word) || others.length === 0) return false
  const size = (text: string): number => [...normal(text)].length
  const codes = others.filter((v) => /^\p{L}[\p{L}\p{N}]*$/u.test(normal(v.text)) && size(v.text) <= Math.max(3, size(word)))
  const sameLength = others.filter((v) => size(v.text) === size(word) && /^\p{L}+$/u.test(normal(v.text)))
  if (codes.length >= others.length * 0.8 && sameLength.length >= 3) return true
  const names = others.filter((v) => /^\p{Lu}[\p{L}'’. -]*$/u.test(normal(v.text)))
  const isNameColumn = /(^|[^a-z])(sur|last|first|family|given|nach|vor)?[ _-]?name($|[^a-z])|nom|apellido|cognome/i.test(source)
  const hasVariant = others.some((v) => normal(v.text) !== word && normal(v.text).toLowerCase() === word.toLowerCase())
  const usual = Math.max(...others.map((v) => v.count))
  return (isNameColumn || hasVariant) && names.length >= others.length * 0.8 && token.count <= Math.max(3, 2 * usual)
}
