import type { ImportRule, ImportRuleName } from '../../model/dataset'
import type { Database } from '../../storage/duckdb/database'
import { preparedBy } from './column-cells'
import { irregularCells, type ColumnSurvey } from './column-survey'
import type { LostDigits } from './exact-numbers'
import type { StagedTable } from './stage-text'
import { quoteText } from '../../model/sql-quoting'
import { twoDigitYears, zone, type Writing } from './text-values'
import type { TypedColumn } from './typed-column'

/** What an import did to cells of a typed column, beyond reading a plain text as its plain value. */
export async function rulesOf(
  db: Database,
  staged: StagedTable,
  column: TypedColumn,
  survey: ColumnSurvey,
  lost: LostDigits | undefined,
  signal?: AbortSignal
): Promise<ImportRule[]> {
  const { reading, cells, source } = column
  // What a choice takes away first leaves cells that look regular.
  const isPlain = survey.regular && preparedBy(cells).length === 0
  if ((isPlain && survey.tokens === 0) || (reading.type === 'text' && (!cells.given || survey.tokens === 0))) return []
  const hasZones = !isPlain && reading.type === 'timestamp' && (await someHaveZone(db, column, signal))
  const cases = [
    `WHEN ${cells.isToken} AND value IS NULL THEN 'null-token'`,
    ...(reading.type === 'text' ? [] : [`WHEN value IS NULL THEN NULL`]),
    ...preparedBy(cells).map(({ rule, when }) => `WHEN ${when} THEN '${rule}'`),
    ...writtenBy(reading, hasZones).map(([rule, when]) => `WHEN ${when} THEN '${rule}'`)
  ]
  const found = await db.all<{ rule: ImportRuleName; n: number; some: { id: number; from: string; to: string | null }[] }>(
    `SELECT rule, count(*)::DOUBLE AS n, arg_min({'id': id::DOUBLE, 'from': left(r, 80), 'to': CASE WHEN rule = 'null-token' THEN NULL ELSE left(value::VARCHAR, 80) END}, id, 3) AS some
     FROM (SELECT id, r, value, CASE ${cases.join(' ')} END AS rule FROM (SELECT *, ${column.sql} AS value FROM ${irregularCells(cells, undefined)}${isPlain ? ` WHERE ${cells.isToken}` : ''}))
     WHERE rule IS NOT NULL GROUP BY rule ORDER BY rule`,
    [],
    { signal }
  )
  const rules = found.map(({ rule, n, some }): ImportRule => ({
    column: source,
    rule,
    cells: n,
    examples: some.map(({ id, from, to }) => ({ line: staged.lineOf(id), from, to })),
    detail: `${counted(n)} of "${source}" ${n === 1 ? 'is' : 'are'} ${words[rule]}${rule === 'date-format' && reading.format?.includes('%y') ? ` ${twoDigitYears}` : ''}`,
    choice: undo(column, rule)
  }))
  if (lost && lost.cells > 0)
    rules.push({
      column: source,
      rule: 'rounded',
      cells: lost.cells,
      examples: lost.examples.map(({ id, text }) => ({ line: staged.lineOf(id), from: text, to: String(Number(text)) })),
      detail: `${counted(lost.cells)} of "${source}" ${lost.cells === 1 ? 'has' : 'have'} more digits than a number holds; the last ones are lost. As text or as exact decimals they are kept.`,
      choice: { columns: [{ source, type: 'text' }] }
    })
  return rules
}

const counted = (n: number): string => `${n.toLocaleString('en')} ${n === 1 ? 'cell' : 'cells'}`

const isZoned = (text: string): string => `regexp_full_match(trim(${text}), ${quoteText(`.*:[0-9]{2}([.][0-9]+)? ?${zone}`)})`

async function someHaveZone(db: Database, { cells, sql }: TypedColumn, signal?: AbortSignal): Promise<boolean> {
  const { rows } = await db.query(`SELECT 1 FROM staged WHERE ${isZoned(cells.cell)} AND (${sql}) IS NOT NULL LIMIT 1`, [], { signal })
  return rows.length > 0
}

/** How the text of a value that fits differs from its plain form, by the reading of the column; over `c`, the text that was read. */
function writtenBy({ type, decimal = '.', format, otherFormats = [] }: Writing, hasZones: boolean): [ImportRuleName, string][] {
  const isNumeric = type === 'number' || type === 'decimal' || type === 'integer'
  if (isNumeric)
    return [
      ...(type === 'number' ? ([['underflow', `value = 0 AND regexp_matches(c, '^[^eE]*[1-9]')`]] as [ImportRuleName, string][]) : []),
      ...(decimal === ',' ? ([['decimal-comma', `contains(c, ',')`]] as [ImportRuleName, string][]) : []),
      ['thousands', `contains(c, '${decimal === ',' ? '.' : ','}')`],
      ['exponent', `regexp_matches(c, '[0-9.][eE][0-9]')`]
    ]
  const finer: [ImportRuleName, string] = ['rounded', `regexp_matches(c, '[.][0-9]{6}[0-9]*[1-9]')`]
  if (type === 'time') return [finer]
  if (type === 'boolean') return [['true-false', `lower(trim(c)) NOT IN ('true', 'false')`]]
  if (type !== 'date' && type !== 'timestamp') return []
  const isElsewhere = `${isZoned('c')} AND NOT regexp_matches(trim(c), '(Z|[+-]00(:?00)?)$')`
  const notIso = `NOT regexp_matches(trim(c), '^[0-9]{4}-')`
  return [
    ...(type === 'timestamp' ? ([finer, ...(hasZones ? [['time-zone', isElsewhere]] : [])] as [ImportRuleName, string][]) : []),
    ...(format || otherFormats.length > 0 ? ([['date-format', notIso]] as [ImportRuleName, string][]) : []),
    // Only beside others that say their zone: a column without any is no instant anywhere.
    ...(hasZones ? ([['no-zone', `NOT ${isZoned('c')}`]] as [ImportRuleName, string][]) : [])
  ]
}

const words: Record<ImportRuleName, string> = {
  'null-token': 'read as missing.',
  'decimal-comma': 'read with a comma as the decimal mark.',
  thousands: 'read with marks between thousands.',
  'date-format': 'read by a notation of dates that is not ISO 8601.',
  'time-zone': 'turned to UTC.',
  'no-zone': 'without a time zone beside others that have one, and read as UTC.',
  'true-false': 'read as true or false, written as a number, a letter or yes and no.',
  underflow: 'closer to zero than any number that can be held, and read as 0.',
  exponent: 'read as a number with an exponent.',
  rounded: 'finer than the type holds; the last digits are lost.',
  strip: 'read without the unit or mark around it.',
  'trailing-minus': 'read as negative, by the minus behind it, the brackets around it or the minus sign of print.',
  'detection-limit': 'read as its detection limit or half of it, as chosen.',
  code: 'digits of a code.',
  encoding: 'not in the encoding of the file.',
  'skipped-lines': 'left out.'
}

/** The choice by which the cells stay as they stand in the file. */
function undo({ source, reading, cells }: TypedColumn, rule: ImportRuleName): ImportRule['choice'] {
  const { decimal = '.' } = reading
  if (rule === 'thousands' || rule === 'decimal-comma') return { columns: [{ source, decimal: decimal === '.' ? ',' : '.' }] }
  if (rule === 'null-token' && cells.given)
    return { columns: [{ source, nullTokens: [''], ...(cells.choice?.moreNullTokens && { moreNullTokens: [] }) }] }
  return { columns: [{ source, type: 'text', nullTokens: [''] }] }
}
