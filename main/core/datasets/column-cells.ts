import type { ColumnChoice } from '../../model/dataset'
import { WorkbenchError } from '../../model/errors'
import { quoteText } from '../../model/sql-quoting'
import { stagedColumn } from './stage-text'
import { cellSql, defaultNullTokens, isTokenSql, typedNullTokens } from './text-values'

/** A staged column as the import looks at it. */
export interface ColumnCells {
  index: number
  source: string
  choice: ColumnChoice | undefined
  /** SQL of the text as it stands in the file; NULL only where the field is empty and that means "no value". */
  raw: string
  /** SQL of the text that is read: without units and the like, NULL for a token where one could be taken for a value. */
  cell: string
  /** Texts that mean "no value" once the column is known not to be text. */
  tokens: readonly string[]
  /** Those that a person gave for the file or the column, which hold for texts as well. */
  given: readonly string[] | undefined
  isToken: string
}

const groupMark = /^[\s'’_,\u00a0\u202f]$/u
const escaped = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, (c) => `\\x{${c.codePointAt(0)!.toString(16)}}`)

/** Cells of one column, after the choices that a person made for it; `given` are the tokens given for the whole file. */
export function cellsOf(
  index: number,
  source: string,
  choice: ColumnChoice | undefined,
  given: readonly string[] | undefined
): ColumnCells {
  const { moreNullTokens: more = [] } = choice ?? {}
  const asked = choice?.nullTokens ?? given
  const own = more.length > 0 ? [...(asked ?? defaultNullTokens), ...more] : asked
  const tokens = more.length > 0 && !asked && choice?.type !== 'text' ? [...typedNullTokens, ...more] : (own ?? typedNullTokens)
  const raw = tokens.includes('') ? stagedColumn(index) : `coalesce(${stagedColumn(index)}, '')`
  const guarded = tokens.some((token) => !typedNullTokens.includes(token))
  const cell = prepared(guarded ? cellSql(raw, tokens) : raw, choice)
  return { index, source, choice, raw, cell, tokens, given: own, isToken: isTokenSql(raw, tokens) }
}

/** The text of a number without what a person said is not part of it. */
function prepared(cell: string, choice: ColumnChoice | undefined): string {
  let sql = cell
  const marks = choice?.strip?.filter((text) => groupMark.test(text)) ?? []
  const units = choice?.strip?.filter((text) => !marks.includes(text)) ?? []
  if (units.length > 0) {
    const any = units.map(escaped).join('|')
    sql = `regexp_replace(${sql}, ${quoteText(`^\\s*(${any})\\s*|\\s*(${any})\\s*$`)}, '', 'g')`
  }
  if (marks.length > 0) {
    const mark = `[${marks.map(escaped).join('')}]`
    // Groups of three digits, or as in India of two before the last three.
    const grouped = `\\s*[+-]?([0-9]{1,3}(${mark}[0-9]{3})+|[0-9]{1,2}(${mark}[0-9]{2})*${mark}[0-9]{3})([.,][0-9]+)?\\s*-?`
    sql = `CASE WHEN regexp_full_match(${sql}, ${quoteText(grouped)}) THEN regexp_replace(trim(${sql}), ${quoteText(mark)}, '', 'g') ELSE ${sql} END`
  }
  if (choice?.trailingMinus) sql = `regexp_replace(${sql}, ${quoteText(NEGATIVE)}, '-\\1\\2\\3')`
  if (choice?.detectionLimit) sql = `regexp_replace(${sql}, ${quoteText(LIMIT)}, '')`
  return sql
}

/** A negative number by a minus behind it, by brackets, or by the minus sign of print. */
const NEGATIVE = '^\\s*(?:([0-9][0-9.,]*)\\s?-|[(]\\s*([0-9][0-9.,]*)\\s*[)]|\\x{2212}\\s*([0-9][0-9.,]*))\\s*$'
const LIMIT = '^\\s*[<>≤≥]=?\\s*'

/** SQL of the value of a cell whose detection limit stands for half of it. */
export const withHalfLimits = (value: string, { raw, choice }: ColumnCells): string =>
  choice?.detectionLimit === 'half' ? `(${value}) * CASE WHEN regexp_matches(${raw}, '^\\s*[<≤]') THEN 0.5 ELSE 1 END` : value

/** SQL condition by which a choice changed the text before it was read, with the rule of it; in the order in which they are asked. */
export function preparedBy({ raw, choice }: ColumnCells): { rule: 'detection-limit' | 'trailing-minus' | 'strip'; when: string }[] {
  const stripped = choice?.strip?.map(escaped).join('|')
  return [
    ...(choice?.detectionLimit ? [{ rule: 'detection-limit' as const, when: `regexp_matches(${raw}, ${quoteText(LIMIT)})` }] : []),
    ...(choice?.trailingMinus
      ? [{ rule: 'trailing-minus' as const, when: `regexp_matches(${raw}, '[0-9]\\s?-\\s*$|^\\s*[(].*[)]\\s*$|\\x{2212}')` }]
      : []),
    ...(stripped ? [{ rule: 'strip' as const, when: `regexp_matches(trim(${raw}), ${quoteText(stripped)})` }] : [])
  ]
}

const directive = /%(-[dmyHIMSj]|[aAbBcdfgGHIjmMnpSuUVwWxXyYzZ%])/g

/** Throws INVALID_INPUT for a notation of dates that is none. */
export function assertDateFormat(format: string): void {
  if (!/^[A-Za-z%0-9 .,/:T_-]{2,40}$/.test(format) || !format.includes('%'))
    throw new WorkbenchError('INVALID_INPUT', `"${format}" is not a date format. Write it like %d/%m/%Y.`)
  const unknown = /%-?.?/.exec(format.replace(directive, ''))
  if (unknown)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `"${format}" is not a date format: it holds "${unknown[0]}", which stands for no part of a date or time. Write it like %d/%m/%Y or %Y-%m-%d %H:%M:%S.`
    )
}
