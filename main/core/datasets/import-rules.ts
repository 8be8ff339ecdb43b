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
  if (survey.regular || (reading.type === 'text' && (!cells.given || survey.tokens === 0))) return []
  const cases = [
    `WHEN ${cells.isToken} AND value IS NULL THEN 'null-token'`,
    ...(reading.type === 'text' ? [] : [`WHEN value IS NULL THEN NULL`]),
    ...preparedBy(cells).map(({ rule, when }) => `WHEN ${when} THEN '${rule}'`),
    ...writtenBy(reading).map(([rule, when]) => `WHEN ${when} THEN '${rule}'`)
  ]
  const found = await db.all<{ rule: ImportRuleName; n: number; some: { id: number; from: string; to: string | null }[] }>(
    `SELECT rule, count(*)::DOUBLE AS n, arg_min({'id': id::DOUBLE, 'from': left(r, 80), 'to': CASE WHEN rule = 'null-token' THEN NULL ELSE left(value::VARCHAR, 80) END}, id, 3) AS some
     FROM (SELECT id, r, value, CASE ${cases.join(' ')} END AS rule FROM (SELECT *, ${column.sql} AS value FROM ${irregularCells(cells, undefined)}))
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

/** How the text of a value that fits differs from its plain form, by the reading of the column; over `c`, the text that was read. */
function writtenBy({ type, decimal = '.', format, otherFormats = [] }: Writing): [ImportRuleName, string][] {
  const isNumeric = type === 'number' || type === 'decimal' || type === 'integer'
  if (isNumeric)
    return [
      ...(decimal === ',' ? ([['decimal-comma', `contains(c, ',')`]] as [ImportRuleName, string][]) : []),
      ['thousands', `contains(c, '${decimal === ',' ? '.' : ','}')`],
      ['exponent', `regexp_matches(c, '[0-9.][eE][0-9]')`]
    ]
  const finer: [ImportRuleName, string] = ['rounded', `regexp_matches(c, '[.][0-9]{6}[0-9]*[1-9]')`]
  if (type === 'time') return [finer]
  if (type !== 'date' && type !== 'timestamp') return []
  const hasZone = `regexp_full_match(trim(c), ${quoteText(`.*:[0-9]{2}([.][0-9]+)? ?${zone}`)}) AND NOT regexp_matches(trim(c), '(Z|[+-]00(:?00)?)$')`
  const notIso = `NOT regexp_matches(trim(c), '^[0-9]{4}-')`
  return [
    ...(type === 'timestamp' ? ([finer, ['time-zone', hasZone]] as [ImportRuleName, string][]) : []),
    ...(format || otherFormats.length > 0 ? ([['date-format', notIso]] as [ImportRuleName, string][]) : [])
  ]
}

const words: Record<ImportRuleName, string> = {
  'null-token': 'read as missing.',
  'decimal-comma': 'read with a comma as the decimal mark.',
  thousands: 'read with marks between thousands.',
  'date-format': 'read by a notation of dates that is not ISO 8601.',
  'time-zone': 'turned to UTC.',
  exponent: 'read as a number with an exponent.',
  rounded: 'finer than the type holds; the last digits are lost.',
  strip: 'read without the unit or mark around it.',
  'trailing-minus': 'read as negative, by the minus behind it.',
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
